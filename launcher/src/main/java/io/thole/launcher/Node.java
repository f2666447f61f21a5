package io.thole.launcher;

import io.thole.launcher.Occurrence.ConsoleEnded;
import io.thole.launcher.Occurrence.Failed;
import io.thole.launcher.Occurrence.Misconfigured;
import io.thole.launcher.Occurrence.Overdue;
import io.thole.launcher.Occurrence.Ready;
import io.thole.launcher.Occurrence.Signalled;
import io.thole.launcher.Occurrence.Stopping;
import io.thole.launcher.conf.ConfFolder;
import io.thole.launcher.conf.ConfigurationFeed;
import io.thole.launcher.dropin.BundleWorks;
import io.thole.launcher.dropin.DropIns;
import io.thole.launcher.dropin.Rejected;
import io.thole.launcher.dropin.Repository;
import io.thole.launcher.dropin.Requirements;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node in the foreground, from its first bundle to its last. The main thread hears what happens, one thing after the
 * other, and between two of them looks at {@code conf/}.
 */
final class Node {
  private static final Logger LOG = System.getLogger(Node.class.getName());
  private static final long LOOK_MILLIS = 500;
  private static final long OVERDUE_NANOS = 10_000_000_000L;

  private static final long STOP_LIMIT_SECONDS = 10;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final RunOptions options;
  private final PrintStream out;
  private final ConfFolder conf;
  private final BlockingQueue<Occurrence> occurrences = new LinkedBlockingQueue<>();
  private final Container container;
  private final DropIns dropIns;
  private final ConfigurationFeed configuration;
  private final Assembly assembly;
  private boolean ready;
  private boolean consoleOpen;

  /**
   * Reads the configuration and prepares a framework; nothing runs yet.
   *
   * @param out where the line goes that says that it is ready
   * @throws LaunchException if a configuration file cannot be read, or a bundle is missing
   */
  Node(
      Distribution distribution,
      Assembly assembly,
      Home home,
      RunOptions options,
      PrintStream out) {
    this.options = options;
    this.out = out;
    this.assembly = assembly;
    this.conf = new ConfFolder(home.conf());
    conf.readAll(System.nanoTime());
    this.container = Container.prepare(distribution, assembly, home, options);
    this.configuration =
        new ConfigurationFeed(container.context(), assembly.settings(), conf, options.settings());
    this.dropIns = new DropIns(
        home.bundles(),
        home.rejected(),
        container.context(),
        new Requirements(container.context(), new Repository(distribution.repository())),
        assembly.dropIns());
    container.register(new Doctor(
        container.context(), dropIns, new Rejected(home.rejected()), conf, configuration));
    container.tell(occurrences::add);
  }

  /**
   * Runs the node until it ends.
   *
   * @return the exit code
   * @throws LaunchException if it did not start; everything is stopped then
   */
  int run() {
    long startNanos = System.nanoTime();
    Runtime.getRuntime().addShutdownHook(new Thread(this::endWithTheJvm, "thole-shutdown"));
    try (BundleWorks works = new BundleWorks()) {
      container.startTo(Container.CONFIGURATION_LEVEL);
      configuration.apply();
      dropIns.look(startNanos);
      container.startTo(assembly.topLevel());
      works.repeat(() -> dropIns.look(System.nanoTime()), LOOK_MILLIS);
      return followed(startNanos);
    } finally {
      container.stop();
      stopped.countDown();
    }
  }

  /** Hears of a signal, from any thread. */
  void signalled(int exitCode) {
    occurrences.add(new Signalled(exitCode));
  }

  /** A bundle that calls {@link System#exit} ends the JVM without asking: stop gracefully before it does. */
  private void endWithTheJvm() {
    signalled(Exit.DONE.code()); // the JVM has its exit code already
    try {
      if (!stopped.await(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("thole: the node did not stop within " + STOP_LIMIT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int followed(long startNanos) {
    boolean overdue = false;
    OptionalInt end = OptionalInt.empty();
    while (end.isEmpty()) {
      Occurrence next = next();
      if (next != null) {
        end = follow(next);
      } else if (!ready && !overdue && System.nanoTime() - startNanos >= OVERDUE_NANOS) {
        overdue = true;
        end = follow(new Overdue());
      } else if (conf.look(System.nanoTime())) {
        configuration.apply();
      }
    }
    return end.getAsInt();
  }

  private @Nullable Occurrence next() {
    try {
      return occurrences.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return new Stopping(); // nobody else has this thread: somebody wants it to end
    }
  }

  private OptionalInt follow(Occurrence occurrence) {
    if (occurrence instanceof Ready now) {
      announce(now);
    } else if (occurrence instanceof Failed failed) {
      failed(failed);
    } else if (occurrence instanceof Misconfigured refused) {
      misconfigured(refused);
    } else if (occurrence instanceof Overdue) {
      warn();
    } else if (occurrence instanceof ConsoleEnded ended) {
      return OptionalInt.of(ended.exitCode());
    } else if (occurrence instanceof Signalled signal) {
      return OptionalInt.of(signal.exitCode());
    } else if (occurrence instanceof Stopping) {
      return OptionalInt.of(Exit.DONE.code());
    } else {
      throw new AssertionError(occurrence);
    }
    return OptionalInt.empty();
  }

  private void announce(Ready now) {
    if (!ready) {
      ready = true;
      out.println(
          "READY name=" + options.name() + " address=" + now.address() + " mode=" + now.mode()
              + " phase=" + options.phase() + " members=" + now.members() + " after="
              + JvmStart.elapsed(System.currentTimeMillis()).toMillis() + "ms");
      out.flush();
      openConsole();
    }
  }

  private void openConsole() {
    if (!consoleOpen) {
      consoleOpen = true;
      container.openConsole();
    }
  }

  private void warn() {
    LOG.log(
        Level.WARNING,
        "not ready after 10 s; waiting goes on. The shell command doctor names what is missing");
    if (options.console().waitedFor()) {
      openConsole();
    }
  }

  private void failed(Failed failed) {
    if (!ready) {
      throw new LaunchException(Exit.START_FAILED, "start failed: " + failed.reason());
    }
    LOG.log(Level.WARNING, "a later start failed: " + failed.reason());
  }

  private void misconfigured(Misconfigured refused) {
    Exit exit = configuration
        .setting(refused.pid(), refused.key())
        .map(setting -> setting.origin().exit())
        .orElse(Exit.BAD_CONFIGURATION);
    String line =
        configuration.refusal(refused.pid(), refused.key(), refused.value(), refused.allowed());
    if (!ready) {
      throw new LaunchException(exit, line);
    }
    LOG.log(Level.WARNING, line);
  }
}
