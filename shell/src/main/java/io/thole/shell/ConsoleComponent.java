package io.thole.shell;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.condition.Condition;

/**
 * Runs the console from the moment at which the launcher opens it, and tells by the condition
 * {@code io.thole.console.ended} with which exit code it ended. Where its lines come from says the framework property
 * {@code io.thole.console}: {@code terminal}, {@code lines}, {@code exec} or {@code none}.
 */
@Component(
    service = {},
    immediate = true)
@SatisfyingConditionTarget("(osgi.condition.id=io.thole.console.open)")
public final class ConsoleComponent {
  private static final Logger LOG = System.getLogger(ConsoleComponent.class.getName());
  private static final int DONE = 0;
  private static final int COMMAND_FAILED = 1;

  private final BundleContext context;
  private final CommandsComponent commands;
  private final CommandSession session;
  private final Console console;
  private final PrintStream out = stream(FileDescriptor.out);
  private final Thread thread = new Thread(this::run, "thole-console");
  private volatile boolean closed;

  /** Makes one; Declarative Services do. */
  @Activate
  public ConsoleComponent(
      BundleContext context,
      @Reference CommandProcessor processor,
      @Reference CommandsComponent commands) {
    this.context = context;
    this.commands = commands;
    // Not System.out: Gogo puts itself there, and a session that writes to it would write to
    // itself.
    PrintStream err = stream(FileDescriptor.err);
    session = processor.createSession(new FileInputStream(FileDescriptor.in), out, err);
    console = new Console(session, commands.commands(), out, err);
  }

  @Activate
  void open() {
    if (!mode().equals("none")) {
      thread.setDaemon(true); // it may hang in a read of standard input, which nothing ends
      thread.start();
    }
  }

  /** Does not wait for the console's thread: that may be the one whose condition led to this. */
  @Deactivate
  void close() {
    closed = true;
    console.end();
    session.close();
    if (Thread.currentThread() != thread) {
      thread.interrupt(); // gives the terminal back
    }
  }

  // Whatever happens to this thread, the launcher must not wait for it for ever.
  private void run() {
    int exit = COMMAND_FAILED;
    commands.aside().to(out::println);
    try {
      exit = run(mode());
    } finally {
      tellEnded(exit);
    }
  }

  private int run(String mode) {
    if (mode.equals("exec")) {
      console.run(property("io.thole.exec").orElse(""));
      return console.failed() ? COMMAND_FAILED : DONE;
    }
    read(mode);
    return DONE;
  }

  private void tellEnded(int exit) {
    try {
      if (!closed) {
        context.registerService(
            Condition.class,
            Condition.INSTANCE,
            FrameworkUtil.asDictionary(
                Map.of(Condition.CONDITION_ID, "io.thole.console.ended", "exit", exit)));
      }
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, "the bundle stopped at the same moment; nobody waits any more", e);
    }
  }

  private void read(String mode) {
    try (Lines lines = lines(mode)) {
      commands.aside().to(lines::aside);
      console.run(lines);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "standard input cannot be read; the console ends", e);
    }
  }

  private Lines lines(String mode) throws IOException {
    if (mode.equals("terminal")) {
      try {
        return TerminalLines.open(
            commands.completion(),
            property("io.thole.home").map(home -> Path.of(home, "log", "shell-history")),
            this::interrupt);
      } catch (LinkageError e) {
        LOG.log(Level.INFO, "no history and no completion: JLine is not installed");
      }
    }
    return Lines.of(mode.equals("terminal") ? "thole> " : "", input(), out);
  }

  private void interrupt() {
    Job running = session.foregroundJob();
    if (running != null) {
      running.interrupt();
    }
  }

  private String mode() {
    return property("io.thole.console").orElse("none");
  }

  private Optional<String> property(String key) {
    return Optional.ofNullable(context.getProperty(key));
  }

  private static BufferedReader input() {
    return new BufferedReader(
        new InputStreamReader(new FileInputStream(FileDescriptor.in), Charset.defaultCharset()));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, Charset.defaultCharset());
  }
}
