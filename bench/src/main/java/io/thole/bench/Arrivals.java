package io.thole.bench;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** What arrived of one burst: how many messages, whether in order, and how long each was under way. One thread adds. */
final class Arrivals {
  private final AtomicLong count = new AtomicLong();
  private final Latencies latencies = new Latencies();
  private final AtomicLong misplaced = new AtomicLong();
  private long last;

  /** What a burst came to: a line on the way between the two processes. */
  record Summary(long count, long misplaced, long middleNanos, long highNanos) {
    static Summary parse(String line) {
      String[] words = line.split(" ");
      return new Summary(
          Long.parseLong(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]));
    }

    String line() {
      return count + " " + misplaced + " " + middleNanos + " " + highNanos;
    }
  }

  /**
   * Writes what every payload begins with.
   *
   * @param number from 1, without a gap
   * @param sentNanos the time, or 0 where nobody is to look at the clock
   */
  static void stamp(byte[] payload, long number, long sentNanos) {
    ByteBuffer.wrap(payload).putLong(number).putLong(sentNanos);
  }

  void add(long number, long sentNanos) {
    if (sentNanos != 0) {
      latencies.add(System.nanoTime() - sentNanos);
    }
    if (number != last + 1) {
      misplaced.incrementAndGet();
    }
    last = number;
    count.lazySet(count.get() + 1);
  }

  long count() {
    return count.get();
  }

  Summary summary() {
    return new Summary(
        count.get(), misplaced.get(), latencies.percentileNanos(50), latencies.percentileNanos(99));
  }
}
