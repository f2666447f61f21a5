package io.thole.testkit.sim;

/** Spans of time that experiments share, in nanoseconds. */
final class Span {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000_000_000L;

  /** How long a cluster runs before anything happens to it: probes have lost their common start, and nothing is news. */
  static final long SETTLE = 15 * SECOND;

  private Span() {}

  static long seconds(double count) {
    return (long) (count * SECOND);
  }

  static double inSeconds(long nanos) {
    return nanos / 1e9;
  }
}
