package io.thole.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a measurement saw.
 *
 * @param subscribers how many were told each event
 * @param perSecond the events per second of each round
 * @param target the rate that the design asks for
 */
record Rates(int subscribers, List<Long> perSecond, long target) {
  Rates {
    perSecond = List.copyOf(perSecond);
  }

  /** Returns the rate of the round in the middle. */
  long median() {
    return perSecond.stream().sorted().toList().get(perSecond.size() / 2);
  }

  /** Returns the result for a program: one object on one line. */
  String json() {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"events\",\"subscribers\":%d,\"rounds\":%s,\"median\":%d,\"target\":%d,\"met\":%b}%n",
        subscribers,
        perSecond.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]")),
        median(),
        target,
        median() >= target);
  }

  /** Returns the result for people. */
  String table() {
    StringBuilder table = new StringBuilder();
    row(table, "round", "events/s", "deliveries/s");
    for (int round = 0; round < perSecond.size(); round++) {
      row(table, String.valueOf(round + 1), perSecond.get(round));
    }
    row(table, "median", median());
    row(table, "target", target);
    return table.toString();
  }

  private void row(StringBuilder table, String name, long rate) {
    row(
        table,
        name,
        String.format(Locale.ROOT, "%,d", rate),
        String.format(Locale.ROOT, "%,d", rate * subscribers));
  }

  private static void row(StringBuilder table, String name, String rate, String deliveries) {
    table.append(String.format("%-8s%14s%16s%n", name, rate, deliveries));
  }
}
