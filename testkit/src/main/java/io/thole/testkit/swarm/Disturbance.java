package io.thole.testkit.swarm;

import java.util.List;

/**
 * One fault of a run: when, for how long, to whom, and how much.
 *
 * @param number its number in the plan, by which a replay names it
 * @param fault the kind
 * @param startNanos when it begins
 * @param lastsNanos how long it lasts
 * @param place to whom
 * @param other to whom else, where there are two
 * @param groups a digit for each place, where places are parted
 * @param amount a rate or a number of nanoseconds, by the kind
 * @param variant which way, by the kind
 */
record Disturbance(
    int number,
    Fault fault,
    long startNanos,
    long lastsNanos,
    int place,
    int other,
    List<Integer> groups,
    double amount,
    int variant) {

  long endNanos() {
    return startNanos + lastsNanos;
  }

  boolean parts(int from, int to) {
    return !groups.get(from).equals(groups.get(to));
  }

  @Override
  public String toString() {
    StringBuilder parted = new StringBuilder();
    for (int group : groups) {
      parted.append(group);
    }
    return "%d:%s %.3f..%.3f s node=%d other=%d groups=%s amount=%.3g variant=%d"
        .formatted(
            number,
            fault.label(),
            startNanos / 1e9,
            endNanos() / 1e9,
            place,
            other,
            parted,
            amount,
            variant);
  }
}
