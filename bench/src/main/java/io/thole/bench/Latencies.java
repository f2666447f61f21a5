package io.thole.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** The times that single messages took; the first million of a burst. One thread adds, and who reads comes after it. */
final class Latencies {
  private static final int MOST = 1 << 20;

  private final AtomicInteger used = new AtomicInteger();
  private long[] nanos = new long[1 << 10];

  void add(long tookNanos) {
    int place = used.get();
    if (place == MOST) {
      return;
    }
    if (place == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * place);
    }
    nanos[place] = tookNanos;
    used.lazySet(place + 1);
  }

  /** Returns the time that so many percent did not exceed, or 0 if there is none. */
  long percentileNanos(int percent) {
    long[] sorted = Arrays.copyOf(nanos, used.get());
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1L) * percent / 100)];
  }
}
