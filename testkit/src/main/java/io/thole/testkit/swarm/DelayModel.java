package io.thole.testkit.swarm;

import java.util.random.RandomGenerator;

/** How long frames are under way. */
enum DelayModel {
  /** Always the same. */
  CONSTANT {
    @Override
    double factor(int from, int to, RandomGenerator random) {
      return 1;
    }
  },
  /** Mostly short. */
  EXPONENTIAL {
    @Override
    double factor(int from, int to, RandomGenerator random) {
      return -Math.log(1 - random.nextDouble());
    }
  },
  /** Pareto with the shape 1.5: a mean, and no variance; cut at a thousand times the least. */
  HEAVY_TAIL {
    @Override
    double factor(int from, int to, RandomGenerator random) {
      return Math.min(1_000, Math.pow(1 - random.nextDouble(), -1 / 1.5)) / 3;
    }
  },
  /** Sixteen times as long in one direction as in the other. */
  ASYMMETRIC {
    @Override
    double factor(int from, int to, RandomGenerator random) {
      return from < to ? 0.125 : 2;
    }
  };

  /** Returns by what to multiply the mean. */
  abstract double factor(int from, int to, RandomGenerator random);
}
