package io.thole.testkit.sim;

import java.util.Arrays;
import java.util.Map;

/** One figure of a run, which adds up with the same figure of other runs. */
final class Figure {
  /** How figures of several runs become one, and what is printed of them. */
  enum Form {
    /** Their sum. */
    SUM,
    /** The largest. */
    MOST,
    /** The median; infinite values, of what never happened, are the largest, and print as null. */
    MEDIAN,
    /** Three of them: the median, and the 99th and 99.9th percentile. */
    SPREAD
  }

  private static final double ROUNDING = 1e-9; // 99.9 percent of 1,000 are 999, not a little more

  private final Form form;
  private double[] values = new double[4];
  private int count;

  Figure(Form form) {
    this.form = form;
  }

  /** Returns a figure of the same form without a value. */
  Figure empty() {
    return new Figure(form);
  }

  void add(double value) {
    if (count > 0 && form == Form.SUM) {
      values[0] += value;
    } else if (count > 0 && form == Form.MOST) {
      values[0] = Math.max(values[0], value);
    } else {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }
  }

  void addAll(Figure other) {
    for (int i = 0; i < other.count; i++) {
      add(other.values[i]);
    }
  }

  /** Puts what is printed. */
  void print(String key, Map<String, Object> fields) {
    switch (form) {
      case SUM, MOST -> fields.put(key, count == 0 ? 0.0 : values[0]);
      case MEDIAN -> fields.put(key, percentile(50));
      case SPREAD -> {
        fields.put(key + "Median", percentile(50));
        fields.put(key + "P99", percentile(99));
        fields.put(key + "P999", percentile(99.9));
      }
    }
  }

  /** The smallest value that at least so many percent do not exceed; infinite if there is none. */
  double percentile(double percent) {
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent * count / 100 - ROUNDING);
    return count == 0 ? Double.POSITIVE_INFINITY : sorted[Math.max(rank, 1) - 1];
  }
}
