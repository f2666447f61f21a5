package io.thole.bench;

import java.util.List;
import java.util.Locale;

/**
 * How long something took, each time.
 *
 * @param nanos sorted
 */
record Times(List<Long> nanos) {
  private static final double MILLI = 1e6;

  Times {
    nanos = nanos.stream().sorted().toList();
  }

  /** Returns the time that so many percent did not exceed, in milliseconds: with fewer than a hundred, the last percent is the longest. */
  double percentileMillis(int percent) {
    int rank = (int) Math.ceil(nanos.size() * percent / 100.0);
    return nanos.isEmpty() ? Double.NaN : nanos.get(Math.max(0, rank - 1)) / MILLI;
  }

  /** Returns them for a program. */
  String json() {
    return nanos.isEmpty()
        ? "null"
        : String.format(
            Locale.ROOT,
            "{\"runs\":%d,\"medianMillis\":%.1f,\"p99Millis\":%.1f,\"millis\":%s}",
            nanos.size(),
            percentileMillis(50),
            percentileMillis(99),
            nanos.stream().map(took -> took / 1_000_000).toList());
  }
}
