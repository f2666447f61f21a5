package io.thole.testkit.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a run has shown, by name. Those of several runs add up to those of all. */
final class Figures {
  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private final Map<String, Ratio> ratios = new LinkedHashMap<>();
  private long trace;

  private record Ratio(String of, String to, double scale) {}

  /** Takes what every experiment prints: for how long nodes have lived, and the trace. */
  static Figures of(Simulation simulation) {
    Figures figures =
        new Figures().sum("nodeSeconds", simulation.nodeSeconds()).sum(Plan.VIOLATIONS, 0);
    figures.trace = simulation.trace();
    return figures;
  }

  /** Adds to a figure that is a sum. */
  Figures sum(String key, double value) {
    return add(key, Figure.Form.SUM, value);
  }

  /** Adds to a figure that is a sum. */
  Figures sum(String key, long value) {
    return sum(key, (double) value);
  }

  /** Adds to a figure that is the largest value. */
  Figures most(String key, double value) {
    return add(key, Figure.Form.MOST, value);
  }

  /** Adds to a figure that is a median. */
  Figures median(String key, double value) {
    return add(key, Figure.Form.MEDIAN, value);
  }

  /** Adds values to a figure that is printed as its median, and its 99th and 99.9th percentile. */
  Figures spread(String key, double... values) {
    Figure figure = figures.computeIfAbsent(key, name -> new Figure(Figure.Form.SPREAD));
    for (double value : values) {
      figure.add(value);
    }
    return this;
  }

  /** Adds a figure that is one sum divided by another, times a scale. */
  Figures ratio(String key, String of, String to, double scale) {
    ratios.put(key, new Ratio(of, to, scale));
    return this;
  }

  /** Adds another run's. */
  void add(Figures other) {
    other.figures.forEach(
        (key, figure) -> figures.computeIfAbsent(key, name -> figure.empty()).addAll(figure));
    ratios.putAll(other.ratios);
    trace = Simulation.mixed(trace, other.trace);
  }

  /** Returns the value of a figure as it is printed; infinite if there is none. */
  double get(String key) {
    return fields().get(key) instanceof Double value ? value : Double.POSITIVE_INFINITY;
  }

  /** Returns what is printed: numbers, and the trace. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    figures.forEach((key, figure) -> figure.print(key, fields));
    ratios.forEach((key, ratio) -> fields.put(key, quotient(ratio, fields)));
    fields.put("trace", String.format("%016x", trace));
    return fields;
  }

  private Figures add(String key, Figure.Form form, double value) {
    figures.computeIfAbsent(key, name -> new Figure(form)).add(value);
    return this;
  }

  private static double quotient(Ratio ratio, Map<String, Object> fields) {
    double of = (Double) fields.getOrDefault(ratio.of(), 0.0);
    double to = (Double) fields.getOrDefault(ratio.to(), 0.0);
    return of * ratio.scale() / to;
  }
}
