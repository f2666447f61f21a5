package io.thole.shell;

import io.thole.api.ClusterException;
import io.thole.api.Escaped;
import java.io.PrintStream;
import java.util.List;

/**
 * One command of the scope {@code thole}.
 *
 * @param usage how it is called
 * @param body what it does
 */
record Command(Usage usage, Body body) {
  /** What a command does with its arguments. */
  @FunctionalInterface
  interface Body {
    /**
     * Answers on the page.
     *
     * @throws ClusterException if it cannot; the message is shown
     * @throws IllegalArgumentException if an argument is malformed; the message is shown
     */
    void run(Arguments arguments, Page page);
  }

  /**
   * Runs the command.
   *
   * @param typed what was typed after its name
   * @param out where the answer goes
   * @throws CommandFailedException if it failed, with the line that a person is to read
   */
  void run(List<?> typed, PrintStream out) {
    Arguments arguments = Arguments.parse(usage, typed);
    if (arguments.has("--help")) {
      out.println(usage.help());
      return;
    }
    try {
      body.run(arguments, new Page(out, arguments.has("--json")));
    } catch (CommandFailedException e) {
      throw e;
    } catch (ClusterException | IllegalArgumentException e) {
      throw new CommandFailedException(Escaped.plain(String.valueOf(e.getMessage())), e);
    }
  }
}
