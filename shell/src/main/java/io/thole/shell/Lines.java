package io.thole.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/** Where the console's lines come from. */
interface Lines extends AutoCloseable {
  /** Returns the next line, once there is one; empty at the end of the input. */
  Optional<String> next() throws IOException;

  /** Shows a line that no command answered with, while the next is waited for or a command runs. Any thread. */
  void aside(String line);

  @Override
  void close() throws IOException;

  /**
   * Returns the lines of a plain stream.
   *
   * @param prompt is printed before each of them; blank for a program
   * @param input the stream
   * @param out where the prompt goes
   */
  static Lines of(String prompt, BufferedReader input, PrintStream out) {
    return new Lines() {
      @Override
      public Optional<String> next() throws IOException {
        out.print(prompt);
        out.flush();
        return Optional.ofNullable(input.readLine());
      }

      @Override
      public void aside(String line) {
        out.println(line);
      }

      @Override
      public void close() throws IOException {
        // Closing standard input would wait for a read that nobody can end.
      }
    };
  }
}
