package io.thole.testkit.journal;

import io.thole.api.Escaped;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the journals show.
 *
 * @param runs how many there are
 * @param unended how many of them did not end in peace
 * @param torn how many ended in the middle of a line
 * @param counts of {@code topics} and {@code kinds}: attempts, refused, handled, and each outcome by its name
 * @param longestGap the longest time between two messages to one subscriber
 * @param faults how often each rule was broken; those that were kept are missing
 * @param named the first ten, in words
 */
public record Verdict(
    int runs,
    int unended,
    long torn,
    Map<String, Map<String, Long>> counts,
    Gap longestGap,
    Map<Fault, Long> faults,
    List<String> named) {
  /** Copies the faults. */
  public Verdict {
    Map<Fault, Long> copy = new EnumMap<>(Fault.class);
    copy.putAll(faults);
    faults = copy;
    named = List.copyOf(named);
  }

  /** Tells whether all rules were kept. */
  public boolean clean() {
    return faults.isEmpty();
  }

  /** Returns it for people. */
  public String table() {
    StringBuilder table = new StringBuilder();
    row(table, "runs", runs + ", " + unended + " without an end, " + torn + " torn");
    counts.forEach((scope, numbers) -> row(table, scope, words(numbers)));
    String where = longestGap.equals(Gap.NONE)
        ? ""
        : " at " + Escaped.plain(longestGap.subscriber()) + " of run "
            + Escaped.plain(longestGap.run()) + " until "
            + longestGap.until();
    row(table, "longest gap", longestGap.micros() + " us" + where);
    row(table, "faults", clean() ? "none" : words(faultsByName()));
    named.forEach(fault -> table.append("  ").append(fault).append('\n'));
    return table.toString();
  }

  /**
   * Returns it for a program: one object on one line. All faults are there, in lower case, also those that are 0; the counts
   * are called {@code topics.delivered} and so on.
   */
  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("clean", clean());
    fields.put("runs", runs);
    fields.put("unended", unended);
    fields.put("torn", torn);
    for (Fault fault : Fault.values()) {
      fields.put(name(fault), faults.getOrDefault(fault, 0L));
    }
    fields.put("longestGapMicros", longestGap.micros());
    fields.put("longestGapUntil", longestGap.until().toString());
    counts.forEach((scope, numbers) ->
        numbers.forEach((name, number) -> fields.put(scope + "." + name, number)));
    fields.put("first", named);
    return JsonLine.of(fields);
  }

  private Map<String, Long> faultsByName() {
    Map<String, Long> names = new LinkedHashMap<>();
    faults.forEach((fault, times) -> names.put(name(fault), times));
    return names;
  }

  private static String name(Fault fault) {
    return fault.name().toLowerCase(Locale.ROOT);
  }

  private static String words(Map<String, Long> numbers) {
    return numbers.entrySet().stream()
        .map(number -> number.getKey() + "=" + number.getValue())
        .collect(Collectors.joining(" "));
  }

  private static void row(StringBuilder table, String name, String value) {
    table.append(String.format("%-13s%s%n", name, value));
  }
}
