package io.thole.testkit.sim;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** Draws some nodes of all, and moments. What is drawn depends on the seed alone. */
final class Draw {
  private final SplittableRandom random;

  Draw(long seed) {
    random = new SplittableRandom(Simulation.mixed(seed, -3));
  }

  /** Returns some of the nodes from 0, in the order in which they were drawn. */
  int[] some(int count, int of) {
    int[] all = new int[of];
    for (int i = 0; i < of; i++) {
      all[i] = i;
    }
    for (int i = 0; i < count; i++) {
      int other = i + random.nextInt(of - i);
      int drawn = all[other];
      all[other] = all[i];
      all[i] = drawn;
    }
    return Arrays.copyOf(all, count);
  }

  /** Returns all nodes from 0 but these. */
  static BitSet others(int[] these, int of) {
    BitSet others = new BitSet();
    others.set(0, of);
    for (int node : these) {
      others.clear(node);
    }
    return others;
  }

  /** Returns a span up to a limit. */
  long span(long limitNanos) {
    return random.nextLong(limitNanos);
  }
}
