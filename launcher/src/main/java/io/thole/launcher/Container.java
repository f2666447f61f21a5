package io.thole.launcher;

import io.thole.launcher.dropin.Wiring;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.log.LogBridge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.condition.Condition;

/** The framework with the bundles of an assembly. Its cache is made anew at each start: what is wanted is what is there. */
final class Container {
  /** The level at which ConfigAdmin runs, and nothing yet that could be configured. */
  static final int CONFIGURATION_LEVEL = 2;

  private static final Logger LOG = System.getLogger(Container.class.getName());
  private static final long LEVEL_LIMIT_SECONDS = 60;
  private static final long STOP_LIMIT_MILLIS =
      8_500; // 10 s for a graceful stop, less what ends before and after

  private final Framework framework;

  private Container(Framework framework) {
    this.framework = framework;
  }

  /**
   * Makes a framework and installs the assembly; nothing is started.
   *
   * @throws LaunchException if a bundle is missing or refused
   */
  static Container prepare(
      Distribution distribution, Assembly assembly, Home home, RunOptions options) {
    Map<Assembly.Entry, Path> jars = distribution.bundles(assembly.without(unwanted(options)));
    FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class)
        .findFirst()
        .orElseThrow(() ->
            new LaunchException(Exit.START_FAILED, "no OSGi framework in the distribution's lib"));
    try {
      Container container = new Container(factory.newFramework(properties(home, options)));
      container.framework.init(event -> container.report(event));
      container.context().addFrameworkListener(container::report);
      for (Map.Entry<Assembly.Entry, Path> bundle : jars.entrySet()) {
        container.install(bundle.getValue(), bundle.getKey().level());
      }
      return container;
    } catch (BundleException e) {
      throw new LaunchException(Exit.START_FAILED, "the framework cannot be prepared: " + e);
    }
  }

  private static Set<String> unwanted(RunOptions options) {
    Set<String> groups = new java.util.HashSet<>();
    if (options.bare()) {
      groups.add("example");
    }
    if (options.console() == RunOptions.Console.NONE) {
      groups.add("shell");
    }
    if (options.console() != RunOptions.Console.TERMINAL) {
      groups.add("terminal");
    }
    if (options.settings().stream().noneMatch(set -> set.pid().equals(CommandLine.STATIC))) {
      groups.add("static");
    }
    return groups;
  }

  private static Map<String, String> properties(Home home, RunOptions options) {
    Map<String, String> properties = new HashMap<>();
    properties.put(
        Constants.FRAMEWORK_STORAGE, home.cache().resolve("framework").toString());
    properties.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "1");
    properties.put(
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
        "org.osgi.service.cm;version=1.6.1,org.osgi.service.log;version=1.5.0,org.osgi.service.log.admin;version=1.0.0");
    properties.put(
        "felix.log.level", "0"); // it writes to standard output; its events are logged here
    properties.put("io.thole.console", options.console().property());
    properties.put("io.thole.exec", options.exec());
    properties.put("io.thole.name", options.name());
    properties.put("io.thole.home", home.folder().toString());
    properties.put("io.thole.phase", String.valueOf(options.phase()));
    return properties;
  }

  private void install(Path jar, int level) throws BundleException {
    Bundle bundle = context().installBundle("reference:" + jar.toUri());
    bundle.adapt(BundleStartLevel.class).setStartLevel(level);
    if (!Wiring.fragment(bundle)) {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
  }

  /** Returns the context of the framework itself. */
  BundleContext context() {
    return framework.getBundleContext();
  }

  /** Makes the launcher's checks known to the command {@code doctor}. */
  void register(Doctor doctor) {
    context()
        .registerService(
            Supplier.class,
            doctor,
            FrameworkUtil.asDictionary(Map.of("io.thole.doctor", "launcher")));
  }

  /** Tells from now on what happens in the framework, on any of its threads. */
  void tell(Consumer<Occurrence> listener) {
    new Conditions(context(), listener).open();
    new LogBridge(context()).open();
    context().addBundleListener((SynchronousBundleListener) event -> {
      if (event.getType() == BundleEvent.STOPPING && event.getBundle() == framework) {
        listener.accept(new Occurrence.Stopping());
      }
    });
  }

  /** Lets the console begin. */
  void openConsole() {
    context()
        .registerService(
            Condition.class,
            Condition.INSTANCE,
            FrameworkUtil.asDictionary(Map.of(Condition.CONDITION_ID, Conditions.CONSOLE_OPEN)));
  }

  /** Starts everything up to a level and waits until it has been started. */
  void startTo(int level) {
    try {
      framework.start();
      CountDownLatch reached = new CountDownLatch(1);
      framework.adapt(FrameworkStartLevel.class).setStartLevel(level, event -> reached.countDown());
      if (!reached.await(LEVEL_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(
            Level.WARNING,
            "start level " + level + " is not reached after " + LEVEL_LIMIT_SECONDS + " s");
      }
    } catch (BundleException e) {
      throw new LaunchException(Exit.START_FAILED, "the framework does not start: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops everything; what does not stop in time is left behind, with a warning. */
  void stop() {
    try {
      framework.stop();
      if (framework.waitForStop(STOP_LIMIT_MILLIS).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
        LOG.log(
            Level.WARNING,
            "bundles did not stop within " + STOP_LIMIT_MILLIS + " ms; ending without them");
      }
    } catch (BundleException e) {
      LOG.log(Level.WARNING, "the framework does not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR || event.getType() == FrameworkEvent.WARNING) {
      Throwable thrown = event.getThrowable();
      LOG.log(Level.WARNING, String.valueOf(event.getBundle().getSymbolicName()), thrown);
    }
  }
}
