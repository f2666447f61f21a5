package io.thole.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a measurement of messages saw. What counts is the ratio of the two bursts of a round, of which the one in the middle
 * is taken: the machine changes more from minute to minute than from one burst to the next.
 *
 * @param pairs of each kind of burst, all rounds
 */
record MessageFigures(Map<What, List<Pair>> pairs) {
  MessageFigures {
    pairs = new EnumMap<>(pairs);
  }

  /** What is done in a burst. */
  enum What {
    SMALL(100, 0, 1),
    LARGE(1_024, 0, 1),
    PACED(100, 0, 1),
    SINGLE(100, 1, 0),
    MANY(100, 64, 0),
    FAN(100, 0, Lane.FAN);

    private final int bytes;
    private final int outstanding;
    private final int subscribers;

    What(int bytes, int outstanding, int subscribers) {
      this.bytes = bytes;
      this.outstanding = outstanding;
      this.subscribers = subscribers;
    }

    /** Returns how people name it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the length of the payloads. */
    int bytes() {
      return bytes;
    }

    /** Returns how many calls are without a reply at once. */
    int outstanding() {
      return outstanding;
    }

    /** Returns how many handlers a message is for. */
    int subscribers() {
      return subscribers;
    }
  }

  /** A row of the result. */
  @SuppressWarnings("ImmutableEnumChecker") // the figures are methods
  private enum Row {
    SMALL_RATE("A 100 B, messages/s", What.SMALL, Sample::perSecond),
    SMALL_CPU("  CPU s per million", What.SMALL, Sample::cpuSecondsPerMillion),
    LARGE_RATE("A 1 KiB, messages/s", What.LARGE, Sample::perSecond),
    LARGE_CPU("  CPU s per million", What.LARGE, Sample::cpuSecondsPerMillion),
    PACED_MIDDLE("B one way at 5,000/s, p50 us", What.PACED, Sample::middleMicros),
    PACED_HIGH("  p99 us", What.PACED, Sample::highMicros),
    SINGLE_MIDDLE("C 1 call at a time, p50 us", What.SINGLE, Sample::middleMicros),
    MANY_RATE("C 64 calls at a time, calls/s", What.MANY, Sample::perSecond),
    MANY_CPU("  CPU s per million", What.MANY, Sample::cpuSecondsPerMillion),
    FAN_RATE("E 8 subscribers, deliveries/s", What.FAN, Sample::perSecond),
    FAN_CPU("  CPU s per million", What.FAN, Sample::cpuSecondsPerMillion);

    private final String label;
    private final What what;
    private final ToDoubleFunction<Sample> figure;

    Row(String label, What what, ToDoubleFunction<Sample> figure) {
      this.label = label;
      this.what = what;
      this.figure = figure;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Returns the result for a program: one object on one line. */
  String json() {
    String rows = measured()
        .map(row -> String.format(
            Locale.ROOT,
            "\"%s\":{\"floor\":%.2f,\"thole\":%.2f,\"ratio\":%.3f}",
            row.key(),
            floor(row),
            thole(row),
            ratio(row)))
        .collect(Collectors.joining(","));
    int rounds = pairs.values().stream().mapToInt(List::size).min().orElse(0);
    return String.format(Locale.ROOT, "{\"bench\":\"messages\",\"rounds\":%d,%s}%n", rounds, rows);
  }

  /** Returns the result for people. */
  String table() {
    StringBuilder table = new StringBuilder(
        String.format(Locale.ROOT, "%-30s%12s%12s%9s%n", "", "floor", "thole", "ratio"));
    for (Row row : measured().toList()) {
      table.append(String.format(
          Locale.ROOT,
          "%-30s%12s%12s%9.2f%n",
          row.label,
          number(floor(row)),
          number(thole(row)),
          ratio(row)));
    }
    return table.toString();
  }

  private Stream<Row> measured() {
    return Arrays.stream(Row.values()).filter(row -> pairs.containsKey(row.what));
  }

  private double floor(Row row) {
    return middle(row, pair -> row.figure.applyAsDouble(pair.floor()));
  }

  private double thole(Row row) {
    return middle(row, pair -> row.figure.applyAsDouble(pair.thole()));
  }

  private double ratio(Row row) {
    return middle(
        row,
        pair -> row.figure.applyAsDouble(pair.thole()) / row.figure.applyAsDouble(pair.floor()));
  }

  private double middle(Row row, Function<Pair, Double> figure) {
    List<Double> sorted =
        pairs.getOrDefault(row.what, List.of()).stream().map(figure).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }
}
