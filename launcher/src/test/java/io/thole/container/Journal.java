package io.thole.container;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What happened, a line each, in order. Any thread writes; fixture bundles find it in the registry. */
final class Journal implements Consumer<String> {
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @Override
  public void accept(String line) {
    lines.add(line);
  }

  /** Returns the lines so far. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Returns the lines so far that begin with a word. */
  List<String> lines(String beginning) {
    return lines.stream().filter(line -> line.startsWith(beginning)).toList();
  }

  /** Waits for a line that begins with a word. */
  void await(String beginning) {
    Eventually.is(
        "a line that begins with " + beginning + " in " + lines,
        () -> !lines(beginning).isEmpty());
  }

  /** Forgets everything. */
  void clear() {
    lines.clear();
  }
}
