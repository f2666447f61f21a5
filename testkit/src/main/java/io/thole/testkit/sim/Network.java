package io.thole.testkit.sim;

import java.util.SplittableRandom;

/**
 * The network between the nodes: how long a message takes, and whether it arrives. By default it is a local one: 0.2 ms and an
 * exponential share of 0.2 ms on average, at most 1 ms in all; nothing is lost.
 */
final class Network {
  /** What {@link #travelNanos} returns where nothing arrives. */
  static final long LOST = -1;

  private static final int DELAYS = 1 << 12;
  private static final double LEAST_NANOS = 200_000;
  private static final double MEAN_NANOS = 200_000;
  private static final double MOST_NANOS = 1_000_000;
  private static final double TWO_TO_32 = 4_294_967_296.0;

  // Quantiles, since a logarithm for each message would cost more than the message.
  private static final long[] DELAY_NANOS = delays();

  private final SplittableRandom random;
  private long loss;
  private byte[] sides = {};

  Network(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Loses messages, each by itself. */
  void lose(double share) {
    loss = (long) (share * TWO_TO_32);
  }

  /** Parts the nodes: nothing passes between two whose sides differ. */
  void cut(byte[] sideOfNode) {
    sides = sideOfNode.clone();
  }

  /** Ends the partition. */
  void heal() {
    sides = new byte[0];
  }

  /** Returns how long a message takes from one node to another, or {@link #LOST}. */
  long travelNanos(int from, int to) {
    long bits = random.nextLong();
    if (bits >>> 32 < loss || side(from) != side(to)) {
      return LOST;
    }
    return DELAY_NANOS[(int) bits & (DELAYS - 1)];
  }

  private byte side(int node) {
    return node < sides.length ? sides[node] : 0;
  }

  private static long[] delays() {
    long[] delays = new long[DELAYS];
    for (int i = 0; i < DELAYS; i++) {
      double share = -Math.log(1 - (i + 0.5) / DELAYS) * MEAN_NANOS;
      delays[i] = (long) Math.min(MOST_NANOS, LEAST_NANOS + share);
    }
    return delays;
  }
}
