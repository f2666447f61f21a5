package io.thole.tcpprovider;

import io.thole.api.ConfigurationException;
import java.time.Duration;
import java.util.Map;

/**
 * How long a {@link TcpClusterProvider} waits. Zero always means "at once".
 *
 * @param grace how long a member whose connection is lost has to come back before it counts as gone
 * @param announcedGrace the same, for one that had said that its connection would be lost
 * @param join how long a start waits for the seeds
 */
public record MembershipSettings(Duration grace, Duration announcedGrace, Duration join) {
  /** The persistent identity under which ConfigAdmin holds the settings. */
  public static final String PID = "io.thole.tcpprovider.membership";

  /** How long a provider waits that was told nothing. */
  public static final MembershipSettings DEFAULTS =
      new MembershipSettings(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(3));

  private static final int LONGEST_MILLIS = 600_000;

  /**
   * Checks the times.
   *
   * @throws ConfigurationException if one is out of range
   */
  public MembershipSettings {
    Values.check(PID, "graceMillis", grace.toMillis(), 0, LONGEST_MILLIS);
    Values.check(PID, "announcedGraceMillis", announcedGrace.toMillis(), 0, LONGEST_MILLIS);
    Values.check(PID, "joinMillis", join.toMillis(), 0, LONGEST_MILLIS);
  }

  /**
   * Reads a configuration; what it does not name is as in {@link #DEFAULTS}, and unknown keys are left to others.
   *
   * @param configured the values: {@code graceMillis}, {@code announcedGraceMillis}, {@code joinMillis}
   * @throws ConfigurationException if a value is refused
   */
  public static MembershipSettings of(Map<String, ?> configured) {
    Values values = new Values(PID, configured);
    return new MembershipSettings(
        values.millis("graceMillis", DEFAULTS.grace),
        values.millis("announcedGraceMillis", DEFAULTS.announcedGrace),
        values.millis("joinMillis", DEFAULTS.join));
  }
}
