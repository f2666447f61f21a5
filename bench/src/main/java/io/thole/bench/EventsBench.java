package io.thole.bench;

import java.util.ArrayList;
import java.util.List;

/** Measures the event stream of a node of its own; an event counts once all subscribers were told. For one thread. */
final class EventsBench {
  private static final int ROUNDS = 5;
  private static final long TARGET = 200_000;

  private final EventsOptions options;

  EventsBench(EventsOptions options) {
    this.options = options;
  }

  /** Measures, on a node of its own, and stops that again. */
  Rates run() {
    try (EventsNode node = new EventsNode(options.subscribers())) {
      List<Long> rates = new ArrayList<>();
      round(node); // to warm up
      for (int i = 0; i < ROUNDS; i++) {
        rates.add(round(node));
      }
      return new Rates(options.subscribers(), rates, TARGET);
    }
  }

  private long round(EventsNode node) {
    long before = node.settled();
    long start = System.nanoTime();
    long length = (long) (options.seconds() * 1e9);
    while (System.nanoTime() - start < length) {
      node.publish();
    }
    return (long) ((node.settled() - before) * 1e9 / (System.nanoTime() - start));
  }
}
