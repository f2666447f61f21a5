package io.thole.testkit.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Everything that goes wrong in a run, drawn before it begins, so that a part of it can be left out and the rest stays as it was.
 *
 * @param disturbances one after the other
 */
record FaultPlan(List<Disturbance> disturbances) {
  private static final double MILLI = 1e6;
  private static final int MOST_OF_A_KIND = 3;
  private static final double LONGEST_PAUSE_MILLIS = 90_000;

  FaultPlan {
    disturbances = List.copyOf(disturbances);
  }

  /**
   * Draws a plan. Each kind that may occur does so in half of the runs: what happens only where another fault is absent is found, too.
   *
   * @param faults the kinds that may occur
   * @param places how many nodes there are; the last one neither dies nor leaves for good
   * @param fromNanos when the first may begin
   * @param untilNanos when the last has ended
   */
  static FaultPlan draw(
      Faults faults, int places, long fromNanos, long untilNanos, RandomGenerator random) {
    List<Disturbance> drawn = new ArrayList<>();
    for (Fault fault : faults.kinds()) {
      int count = random.nextBoolean() ? 1 + random.nextInt(MOST_OF_A_KIND) : 0;
      if (faults.kinds().size() == 1) {
        count = Math.max(1, count);
      }
      for (int i = 0; i < count; i++) {
        drawn.add(draw(drawn.size(), fault, places, fromNanos, untilNanos, random));
      }
    }
    return new FaultPlan(drawn);
  }

  private static Disturbance draw(
      int number,
      Fault fault,
      int places,
      long fromNanos,
      long untilNanos,
      RandomGenerator random) {
    long startNanos = random.nextLong(fromNanos, untilNanos);
    long mostNanos = untilNanos - startNanos;
    int place = random.nextInt(places);
    int other = (place + 1 + random.nextInt(Math.max(1, places - 1))) % places;
    return new Disturbance(
        number,
        fault,
        startNanos,
        Math.min(mostNanos, (long) lasts(fault, random)),
        place,
        other,
        groups(places, random),
        amount(fault, random),
        random.nextInt(1 << 16));
  }

  private static double lasts(Fault fault, RandomGenerator random) {
    return switch (fault) {
      case PAUSE -> logUniform(100, LONGEST_PAUSE_MILLIS, random) * MILLI;
      case RESTART, SWAP_ADDRESSES -> logUniform(1, 10_000, random) * MILLI;
      case TRANSPORT_UPDATE -> logUniform(1, 5_000, random) * MILLI;
      case ALL_AT_ONCE -> logUniform(1, 1_000, random) * MILLI;
      case RESET, SILENT_DROP, WALL_CLOCK, PROVIDER_SWAP, DEAD_SEEDS, CRASH -> 0;
      default -> logUniform(200, 30_000, random) * MILLI;
    };
  }

  private static double amount(Fault fault, RandomGenerator random) {
    return switch (fault) {
      case LOSS -> 0.3 * random.nextDouble();
      case CORRUPT -> 0.02 * random.nextDouble();
      case DELAY -> logUniform(0.5, 250, random) * MILLI;
      case RESET_STORM -> logUniform(5, 500, random) * MILLI;
      case FLIP_FLOP -> logUniform(500, 20_000, random) * MILLI;
      case SLOW -> logUniform(128, 8_000, random) * MILLI;
      case LATE_TIMERS -> logUniform(10, 400, random) * MILLI;
      case WALL_CLOCK -> (random.nextDouble() - 0.5) * 2 * 86_400_000;
      default -> random.nextDouble();
    };
  }

  private static List<Integer> groups(int places, RandomGenerator random) {
    int count = 2 + random.nextInt(2);
    List<Integer> groups = new ArrayList<>();
    for (int place = 0; place < places; place++) {
      groups.add(random.nextInt(count));
    }
    return List.copyOf(groups);
  }

  private static double logUniform(double least, double most, RandomGenerator random) {
    return least * Math.pow(most / least, random.nextDouble());
  }

  /** Returns the plan with some of its disturbances alone. */
  FaultPlan only(Set<Integer> numbers) {
    return new FaultPlan(
        disturbances.stream().filter(each -> numbers.contains(each.number())).toList());
  }

  /** Tells whether a kind occurs. */
  boolean has(Fault fault) {
    return disturbances.stream().anyMatch(each -> each.fault() == fault);
  }

  List<Integer> numbers() {
    return disturbances.stream().map(Disturbance::number).toList();
  }
}
