package io.thole.container;

import io.thole.api.Cluster;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterState;
import io.thole.api.EventStream;
import io.thole.api.EventText;
import io.thole.api.ProviderStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.condition.Condition;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogReaderService;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Felix with what every node needs, and the built bundles that a test asks for. The api is on the framework's side, so that
 * the test calls the node as an application would; everything else comes from jars. The framework observes the node's events
 * through whatever stream is there, and writes them, and what its bundles complain about, into journals.
 */
final class NodeFramework implements AutoCloseable {
  /** The bundle names that tests use. */
  static final String CORE = "io.thole.core";

  static final String GOSSIP = "io.thole.gossip";
  static final String GRAINS = "io.thole.grains";
  static final String STATIC = "io.thole.staticprovider";
  static final String TCP = "io.thole.tcpprovider";
  static final String PUBSUB = "io.thole.pubsub";
  static final String ROSTER = "io.thole.roster";
  static final String HELLO = "io.thole.hello";
  static final String SHELL = "io.thole.shell";
  static final String EVENT_ADMIN = "org.apache.felix.eventadmin";

  private static final String SHARED = "io.thole.api;io.thole.api.grain;io.thole.spi;version=1.0.0,"
      + "io.thole.api.pubsub;version=2.2.0,"
      + "org.osgi.service.cm;version=1.6.1,org.osgi.service.event;version=1.4.1,"
      + "org.osgi.service.log;version=1.5.0,org.osgi.service.log.admin;version=1.0.0";
  private static final List<String> EVERY_NODE = List.of(
      "org.osgi.util.function",
      "org.osgi.util.promise",
      "org.osgi.service.component",
      "org.apache.felix.log",
      "org.apache.felix.configadmin",
      "org.apache.felix.scr");

  /** What the TCP bundle needs. */
  static final String[] NETTY = {
    "netty-common",
    "netty-buffer",
    "netty-resolver",
    "netty-transport",
    "netty-codec-base",
    "netty-transport-native-unix-common",
    "netty-handler"
  };

  /** Thousands of events and messages, each a line, would hide what matters. Held, or the setting is forgotten. */
  private static final List<Logger> QUIET =
      List.of(Logger.getLogger("io.thole.events"), Logger.getLogger("io.thole.hello"));

  private final Path home;
  private final Framework framework;
  private final Journal events = new Journal();
  private final Journal complaints = new Journal();

  /**
   * Starts a framework.
   *
   * @param home an empty folder: its storage, the node's home, and where fixtures are built
   */
  NodeFramework(Path home) throws Exception {
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    this.home = home;
    framework = ServiceLoader.load(FrameworkFactory.class)
        .iterator()
        .next()
        .newFramework(Map.of(
            Constants.FRAMEWORK_STORAGE,
            home.resolve("framework").toString(),
            Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
            SHARED,
            "felix.log.level",
            "0",
            "io.thole.home",
            home.toString(),
            "io.thole.console",
            "none"));
    framework.start();
    for (String bundle : EVERY_NODE) {
      install(bundle);
    }
    for (String bundle : EVERY_NODE) {
      bundle(bundle).start();
    }
    service(LogReaderService.class).addLogListener(this::complain);
    context()
        .registerService(Consumer.class, events, new Hashtable<>(Map.of("fixture", "journal")));
    new Observation(context()).open();
  }

  /** Starts a framework with built bundles in it. */
  static NodeFramework with(Path home, String... bundles) throws Exception {
    NodeFramework node = new NodeFramework(home);
    node.start(bundles);
    return node;
  }

  /** Installs a built bundle, and does not start it. */
  Bundle install(String bundle) throws BundleException {
    return install(BuiltBundles.jar(bundle));
  }

  /** Installs a jar, and does not start it. */
  Bundle install(Path jar) throws BundleException {
    return context().installBundle("reference:" + jar.toUri());
  }

  /** Installs and starts built bundles, in this order. */
  void start(String... bundles) throws BundleException {
    for (String bundle : bundles) {
      install(bundle).start();
    }
  }

  /** Installs and starts a fixture. */
  void start(FixtureBundle fixture) throws Exception {
    install(fixture.in(home)).start();
  }

  /** Returns a bundle that is installed. */
  Bundle bundle(String name) {
    return find(name).orElseThrow(() -> new AssertionError(name + " is not installed"));
  }

  /** Returns a bundle, if it is installed. */
  Optional<Bundle> find(String name) {
    return Arrays.stream(context().getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .findFirst();
  }

  /** Stops the framework as the launcher does: everything goes, in the order that the framework chooses. */
  void stop() throws BundleException {
    framework.stop();
    try {
      framework.waitForStop(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws BundleException {
    stop();
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  Path home() {
    return home;
  }

  /** Returns the node's events, a line each, and what fixture bundles wrote between them. */
  Journal events() {
    return events;
  }

  /** Returns the warnings and errors of bundles, Declarative Services first of all. */
  Journal complaints() {
    return complaints;
  }

  /** Waits for a service. */
  <T> T service(Class<T> type) {
    Eventually.is("a service " + type.getName(), () -> context().getServiceReference(type) != null);
    return context().getService(context().getServiceReference(type));
  }

  Cluster cluster() {
    return service(Cluster.class);
  }

  /** Waits until the node runs, and a provider is the active one. */
  void awaitActive(String provider) {
    Eventually.equal(
        "RUNNING with " + provider,
        () -> Stream.of(services(Cluster.class))
            .flatMap(Collection::stream)
            .map(reference -> context().getService(reference))
            .map(cluster -> cluster.state() + " with " + active(cluster))
            .findFirst()
            .orElse("no node"));
  }

  private static String active(Cluster cluster) {
    return cluster.providers().stream()
        .filter(ProviderStatus::active)
        .map(ProviderStatus::name)
        .findFirst()
        .orElse("none");
  }

  /** Waits until the node's view has exactly these addresses. */
  void awaitMembers(String... addresses) {
    Eventually.equal(
        List.of(addresses),
        () -> cluster().view().authorities().stream().map(Object::toString).toList());
  }

  /** Waits until the node is in a state. */
  void awaitState(ClusterState state) {
    Eventually.equal(state, () -> cluster().state());
  }

  <T> Collection<ServiceReference<T>> services(Class<T> type) {
    try {
      return context().getServiceReferences(type, null);
    } catch (InvalidSyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns a condition that the core shows, or nothing if it does not. */
  Optional<ServiceReference<Condition>> condition(String id) {
    return services(Condition.class).stream()
        .filter(condition -> id.equals(condition.getProperty(Condition.CONDITION_ID)))
        .findFirst();
  }

  /** Waits for a condition. */
  ServiceReference<Condition> awaitCondition(String id) {
    Eventually.is("the condition " + id, () -> condition(id).isPresent());
    return condition(id).orElseThrow();
  }

  /** Configures a component for good, or changes its configuration. */
  void configure(String pid, Map<String, ?> values) throws Exception {
    Configuration configuration = service(ConfigurationAdmin.class).getConfiguration(pid, "?");
    configuration.update(FrameworkUtil.asDictionary(new HashMap<>(values)));
  }

  /** Configures the members that the static provider tells. */
  void configureMembers(String members) throws Exception {
    configure(STATIC, Map.of("members", members));
  }

  /** Writes the file that the roster provider reads. */
  void writeRoster(String... members) throws Exception {
    Files.write(home.resolve("roster.txt"), List.of(members));
  }

  /** Returns the names of the threads of every node in this virtual machine. */
  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("thole-"))
        .sorted()
        .toList();
  }

  private void complain(LogEntry entry) {
    String bundle = entry.getBundle().getSymbolicName();
    boolean grave = entry.getLogLevel() == LogLevel.ERROR || entry.getLogLevel() == LogLevel.WARN;
    if (grave && !bundle.equals(EVENT_ADMIN)) { // which minds that it is stopped while it works
      Throwable thrown = entry.getException();
      complaints.accept(bundle + ": " + entry.getMessage() + (thrown == null ? "" : " " + thrown));
    }
  }

  /** Observes every stream that comes, and so also the node of a core that was stopped and started. */
  private final class Observation extends ServiceTracker<EventStream, EventStream> {
    Observation(BundleContext context) {
      super(context, EventStream.class, null);
    }

    @Override
    public EventStream addingService(ServiceReference<EventStream> reference) {
      EventStream stream = super.addingService(reference);
      stream.subscribe(ClusterEvent.class, event -> events.accept(EventText.of(event)));
      return stream;
    }
  }
}
