package io.thole.testkit.swarm;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What happens when, outside of the nodes, in one defined order: by time, and at one time in the order in which it was entered. */
final class Agenda {
  private final PriorityQueue<Entry> entries = new PriorityQueue<>(
      Comparator.comparingLong(Entry::atNanos).thenComparingLong(Entry::number));
  private long numbers;
  private long nowNanos;

  private record Entry(long atNanos, long number, Runnable task) {}

  long nowNanos() {
    return nowNanos;
  }

  /** Moves on; time never goes back. */
  void advanceTo(long atNanos) {
    nowNanos = Math.max(nowNanos, atNanos);
  }

  void at(long atNanos, Runnable task) {
    entries.add(new Entry(Math.max(atNanos, nowNanos), numbers++, task));
  }

  void after(long delayNanos, Runnable task) {
    at(nowNanos + delayNanos, task);
  }

  /** Returns when the next entry is due, or the largest number. */
  long nextNanos() {
    return entries.isEmpty() ? Long.MAX_VALUE : entries.peek().atNanos();
  }

  /** Does what comes first. */
  void runNext() {
    Entry entry = entries.remove();
    advanceTo(entry.atNanos());
    entry.task().run();
  }

  int size() {
    return entries.size();
  }
}
