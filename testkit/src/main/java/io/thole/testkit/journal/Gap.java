package io.thole.testkit.journal;

import java.time.Instant;

/**
 * A time in which a subscriber heard nothing of one publisher, between two messages of it. Of one, because its own node's
 * messages would hide that nothing comes from the others.
 *
 * @param micros how long
 * @param run whose it was
 * @param subscriber the name that its subscriptions share
 * @param wallMicros about when it ended, by the wall clock
 */
public record Gap(long micros, String run, String subscriber, long wallMicros) {
  static final Gap NONE = new Gap(0, "", "", 0);

  /** Returns about when it ended. */
  public Instant until() {
    return Instant.ofEpochMilli(wallMicros / 1_000);
  }
}
