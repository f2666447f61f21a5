package io.thole.testkit.swarm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** What happened, as a number that differs if anything did otherwise; on demand also the last of it as text. */
final class Trace {
  private final int kept;
  private final Deque<String> lines = new ArrayDeque<>();
  private long hash = 0xcbf29ce484222325L;
  private long steps;

  /**
   * Makes a trace in which nothing has happened.
   *
   * @param kept how many lines to keep
   */
  Trace(int kept) {
    this.kept = kept;
  }

  void step() {
    steps++;
  }

  /** Mixes numbers in, in their order. */
  void note(long first, long second, long third) {
    mix(first);
    mix(second);
    mix(third);
  }

  /** Mixes a text in. */
  void note(long atNanos, int node, String text) {
    note(atNanos, node, text.hashCode());
    line(atNanos, node, () -> text);
  }

  /** Keeps a line, which is made only if lines are kept. */
  void line(long atNanos, int node, Supplier<String> text) {
    if (kept > 0) {
      if (lines.size() == kept) {
        lines.remove();
      }
      lines.add(
          "%11.6f  %s  %s".formatted(atNanos / 1e9, node < 0 ? "--" : "n" + node, text.get()));
    }
  }

  long steps() {
    return steps;
  }

  long hash() {
    return hash;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  private void mix(long value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
    hash ^= hash >>> 29;
  }
}
