package io.thole.shell;

import java.util.function.Consumer;

/** Where lines go that no command answers with: what is told meanwhile. Any thread. */
final class Aside {
  private volatile Consumer<String> reader = line -> {};

  /** Has lines shown to the reader from now on; before the first one, nobody sees them. */
  void to(Consumer<String> next) {
    reader = next;
  }

  /**
   * Shows a line.
   *
   * @param line printable
   */
  void line(String line) {
    reader.accept(line);
  }
}
