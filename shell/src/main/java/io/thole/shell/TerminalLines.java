package io.thole.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The lines of a person at a terminal, with history and completion. The only class that knows JLine, which may be
 * absent: whoever loads it must expect a {@link LinkageError}.
 */
final class TerminalLines implements Lines {
  private final Terminal terminal;
  private final LineReader reader;

  private TerminalLines(Terminal terminal, LineReader reader) {
    this.terminal = terminal;
    this.reader = reader;
  }

  /**
   * Takes over the terminal of this process.
   *
   * @param completion what is completed
   * @param history the file in which lines are remembered, if any
   * @param interrupt is run when the person interrupts a command
   */
  static TerminalLines open(Completion completion, Optional<Path> history, Runnable interrupt)
      throws IOException {
    Terminal terminal = terminal();
    terminal.handle(Terminal.Signal.INT, signal -> interrupt.run());
    LineReaderBuilder builder = LineReaderBuilder.builder()
        .terminal(terminal)
        .appName("thole")
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true) // an exclamation mark is one
        .completer((reader, line, candidates) -> complete(completion, line, candidates));
    history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
    return new TerminalLines(terminal, builder.build());
  }

  // JLine looks for its native parts with the thread's class loader, which knows nothing of
  // bundles.
  private static Terminal terminal() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(TerminalBuilder.class.getClassLoader());
    try {
      return TerminalBuilder.builder().name("thole").system(true).dumb(true).build();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** An interrupt empties a line that was begun, and ends the console where there is none. */
  @Override
  public Optional<String> next() {
    try {
      return Optional.of(reader.readLine("thole> "));
    } catch (EndOfFileException e) {
      return Optional.empty();
    } catch (UserInterruptException e) {
      return e.getPartialLine().isBlank() ? Optional.empty() : Optional.of("");
    }
  }

  @Override
  public void aside(String line) {
    reader.printAbove(line);
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }

  private static void complete(Completion completion, ParsedLine line, List<Candidate> candidates) {
    if (line.wordIndex() == 0) {
      completion.commands().all().stream()
          .map(Command::usage)
          .map(usage ->
              new Candidate(usage.name(), usage.name(), null, usage.summary(), null, null, true))
          .forEach(candidates::add);
      return;
    }
    completion
        .after(line.words().subList(0, line.wordIndex()))
        .forEach(word -> candidates.add(new Candidate(word)));
  }
}
