package io.thole.testkit.journal;

/**
 * What differs from run to run.
 *
 * @param timeoutMillis the timeout of publishes and calls; a report may take a second more
 * @param unknownAllowed whether outcomes may be unknown: only with a kill, a pause beyond suspicion, a partition, a handler
 *     slower than the timeout, or a stop that is not graceful
 */
public record Rules(long timeoutMillis, boolean unknownAllowed) {
  /** The default timeout, and nothing unknown. */
  public static final Rules STRICT = new Rules(5_000, false);

  private static final long SLACK_MILLIS = 1_000; // delivery.md P3, G1: "within timeout + 1 s"

  /** Checks the timeout. */
  public Rules {
    if (timeoutMillis < 1 || timeoutMillis > 3_600_000) {
      throw new IllegalArgumentException("timeout " + timeoutMillis + "; allowed: 1..3600000 ms");
    }
  }

  long limitMicros() {
    return (timeoutMillis + SLACK_MILLIS) * 1_000;
  }
}
