package io.thole.testkit.swarm;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds fewer faults with which a run still breaks the same rule. */
final class Shrinking {
  /** How often a failing run is run again at most; each takes a fraction of a second. */
  private static final int MOST_RUNS = 200;

  private Shrinking() {}

  /**
   * Leaves out faults, ever smaller stretches of them, as long as the same rule is broken.
   *
   * @param settings of the run that failed
   * @param failed what came of it
   * @return the run with the fewest faults that was found
   */
  static SwarmReport shrink(SwarmSettings settings, SwarmReport failed) {
    String rule = failed.violation().orElseThrow().rule();
    SwarmReport least = failed;
    int runs = 0;
    for (int stretch = Math.max(1, failed.disturbances().size() / 2); stretch > 0; stretch /= 2) {
      int from = 0;
      while (from < least.disturbances().size() && runs < MOST_RUNS) {
        SwarmReport tried =
            new SwarmRun(settings.only(without(least.disturbances(), from, stretch))).run();
        runs++;
        if (tried.violation().filter(each -> each.rule().equals(rule)).isPresent()) {
          least = tried;
        } else {
          from += stretch;
        }
      }
    }
    return least;
  }

  private static Set<Integer> without(List<Integer> numbers, int from, int count) {
    Set<Integer> left = new LinkedHashSet<>(numbers);
    left.removeAll(numbers.subList(from, Math.min(numbers.size(), from + count)));
    return left;
  }
}
