package io.thole.shell;

import io.thole.api.Escaped;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/**
 * Has Gogo run what comes in, one command after the other, and shows failures as one line. Confined to the console's
 * thread.
 */
final class Console {
  private final CommandSession session;
  private final Commands commands;
  private final PrintStream out;
  private final PrintStream err;
  private boolean failed;
  private boolean ended;

  /**
   * Makes one.
   *
   * @param session runs the commands; its scope and its globbing are set here
   * @param commands those of Thole, for suggestions
   * @param out where results go
   * @param err where failures go
   */
  Console(CommandSession session, Commands commands, PrintStream out, PrintStream err) {
    this.session = session;
    this.commands = commands;
    this.out = out;
    this.err = err;
    session.put("SCOPE", "thole:*");
    session.put(CommandSession.OPTION_NO_GLOB, true); // topics and addresses are no file names
  }

  /** Runs lines until they end or one of them is {@code exit}. */
  void run(Lines lines) throws IOException {
    while (!ended) {
      Optional<String> line = lines.next();
      line.ifPresent(this::run);
      ended |= line.isEmpty();
    }
  }

  /** Runs the commands of a line; one that fails stops none of the others. */
  void run(String line) {
    for (String statement : Statements.of(line)) {
      if (statement.equals("exit") || statement.equals("thole:exit")) {
        ended = true;
      }
      if (ended) {
        return;
      }
      execute(statement);
    }
  }

  /** Tells whether a command has failed so far. */
  boolean failed() {
    return failed;
  }

  // Gogo declares Exception, and the commands of strangers throw what they like; the console
  // outlives all of it.
  private void execute(String statement) {
    try {
      Object result = session.execute(statement);
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
    } catch (CommandNotFoundException e) {
      fail(commands.unknown(e.getCommand()));
    } catch (CommandFailedException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (Exception e) {
      fail(Escaped.plain(e.getMessage() == null ? e.toString() : e.getMessage()));
    }
    out.flush();
  }

  private void fail(String message) {
    failed = true;
    out.flush();
    err.println("thole: " + message);
    err.flush();
  }
}
