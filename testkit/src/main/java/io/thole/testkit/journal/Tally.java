package io.thole.testkit.journal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What all topics, or all kinds, add up to. */
final class Tally {
  long attempts;
  long refused;
  long handled;
  final Map<String, Long> outcomes = new TreeMap<>();

  void reported(Map<String, Long> report) {
    report.forEach((name, count) -> outcomes.merge(name, count, Long::sum));
  }

  Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("attempts", attempts);
    counts.put("refused", refused);
    counts.put("handled", handled);
    counts.putAll(outcomes);
    return counts;
  }
}
