package io.thole.load;

/**
 * The times of beats at a steady rate, counted from the first, so that no delay adds up. Whoever is late catches up, but for
 * at most a second: what is older is skipped, or a process that was paused would flood the others. Not safe for threads.
 */
final class Cadence {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final long perSecond;
  private final long beganNanos;
  private long beats;

  Cadence(long perSecond, long beganNanos) {
    this.perSecond = perSecond;
    this.beganNanos = beganNanos;
  }

  /** Returns how long it is until the next beat; zero or negative if it is due. */
  long remainingNanos(long nowNanos) {
    return dueNanos() - nowNanos;
  }

  /** Takes the beat that is due, and returns how many before it were skipped. */
  long beat(long nowNanos) {
    long lateNanos = nowNanos - dueNanos() - SECOND_NANOS;
    long skipped = lateNanos <= 0 ? 0 : scaled(lateNanos, SECOND_NANOS, perSecond) + 1;
    beats += skipped + 1;
    return skipped;
  }

  private long dueNanos() {
    return beganNanos + scaled(beats, perSecond, SECOND_NANOS);
  }

  /** Returns {@code amount / from * to}, where {@code amount * to} may be too large. */
  private static long scaled(long amount, long from, long to) {
    return amount / from * to + amount % from * to / from;
  }
}
