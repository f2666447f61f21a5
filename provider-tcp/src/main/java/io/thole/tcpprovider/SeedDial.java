package io.thole.tcpprovider;

import java.util.random.RandomGenerator;

/** When one seed is dialled next: ever later while it does not answer, and for ever, since that is what heals partitions. */
final class SeedDial {
  private static final long FIRST_NANOS = 100_000_000;
  private static final long LAST_NANOS = 4_000_000_000L;

  private final RandomGenerator jitter;
  private long delayNanos;
  private long dueNanos;
  private boolean refused;

  /**
   * Begins; the first dial is made now.
   *
   * @param jitter spreads the dials of many nodes
   * @param nowNanos the time
   */
  SeedDial(RandomGenerator jitter, long nowNanos) {
    this.jitter = jitter;
    up(nowNanos);
  }

  /** It is connected: what comes next is another outage. */
  void up(long nowNanos) {
    refused = false;
    lost(nowNanos);
  }

  /** Its connection is lost, and others have tried already. */
  void lost(long nowNanos) {
    delayNanos = FIRST_NANOS;
    dueNanos = nowNanos + spread();
  }

  /**
   * It has refused.
   *
   * @return whether this is the first time in this outage
   */
  boolean refuse() {
    boolean first = !refused;
    refused = true;
    return first;
  }

  /** Tells whether it has refused and is not connected. */
  boolean refused() {
    return refused;
  }

  long dueNanos() {
    return dueNanos;
  }

  /** Tells whether it is to be dialled now, and waits twice as long the next time. */
  boolean due(long nowNanos) {
    if (nowNanos - dueNanos < 0) {
      return false;
    }
    delayNanos = Math.min(2 * delayNanos, LAST_NANOS);
    dueNanos = nowNanos + spread();
    return true;
  }

  /** A quarter more or less. */
  private long spread() {
    return delayNanos * 3 / 4 + jitter.nextLong(delayNanos / 2);
  }
}
