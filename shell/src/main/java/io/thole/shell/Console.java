package io.thole.shell;

import io.thole.api.Escaped;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/**
 * Has Gogo run what comes in, one command after the other, and shows failures as one line. Confined to the console's
 * thread, but for {@link #end}.
 */
final class Console {
  private final CommandSession session;
  private final Commands commands;
  private final PrintStream out;
  private final PrintStream err;
  private boolean failed;
  private volatile boolean ended;

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
      lines.next().ifPresentOrElse(this::run, this::end);
    }
  }

  /** Runs the commands of a line; one that fails stops none of the others. */
  void run(String line) {
    for (String statement : Statements.of(line)) {
      if (statement.equals("exit") || statement.equals("thole:exit")) {
        end();
      }
      if (ended) {
        return;
      }
      execute(statement);
    }
  }

  /** Has no command begin any more, and nothing said of the one that runs. Any thread. */
  void end() {
    ended = true;
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
    } catch (InterruptedException e) {
      failed = true; // by the person who sees it; nothing is to be said of it
    } catch (Exception e) {
      fail(Escaped.plain(e.getMessage() == null ? e.toString() : e.getMessage()));
    }
    out.flush();
  }

  private void fail(String message) {
    failed = true;
    if (ended) {
      return; // it was cut short
    }
    out.flush();
    err.println("thole: " + message);
    err.flush();
  }
}
