package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.EVENT_ADMIN;
import static io.thole.container.NodeFramework.HELLO;
import static io.thole.container.NodeFramework.STATIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterEventConstants;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;

/** What bundles see of a node that only observe it, and what a node sees of theirs. */
class ObserversIT {
  @TempDir
  private Path home;

  private NodeFramework node;

  @BeforeEach
  void startTheFramework() throws Exception {
    node = new NodeFramework(home);
    node.configureMembers("127.0.0.1:26051");
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  @Test // A6
  void aBundleThatKnowsTheApiAloneObservesAWholeRun() throws Exception {
    node.start(FixtureBundle.watcher("watcher"));
    node.start(CORE, STATIC);
    node.awaitActive("static");
    node.configureMembers("127.0.0.1:26052");
    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26052");

    node.cluster().shutdown(true).toCompletableFuture().join();
    node.events().await("watcher Shutdown");

    assertTrue(
        importsOf("watcher")
            .matches("io\\.thole\\.api;version=\"\\[1\\.0,2\\)\"(,(java|org\\.osgi)\\..*)?"),
        importsOf("watcher"));
    assertEquals(
        List.of(
            "watcher TopologyUpdated joined=[127.0.0.1:26051]",
            "watcher Startup address=127.0.0.1:26050 mode=MEMBER",
            "watcher TopologyUpdated joined=[127.0.0.1:26052] left=[127.0.0.1:26051]",
            "watcher Shutdown address=127.0.0.1:26050 mode=MEMBER"),
        beginnings(node.events().lines("watcher ")));
  }

  @Test // A6
  void theLastEventOfACoreThatIsTakenOutIsItsShutdown() throws Exception {
    node.start(FixtureBundle.watcher("watcher"));
    node.start(CORE, STATIC);
    node.events().await("watcher Startup");

    node.bundle(CORE).stop();

    assertEquals(1, node.events().lines("watcher Shutdown").size());
  }

  @Test // A9
  void anObserverThatThrowsIsNamedOnceWithItsBundleAndHarmsNobody() throws Exception {
    node.start(FixtureBundle.thrower("thrower"));
    node.start(FixtureBundle.watcher("watcher"));
    node.start(CORE, STATIC);
    node.events().await("watcher Startup");

    node.configureMembers("127.0.0.1:26052");
    node.events().await("thrower TopologyUpdated joined=[127.0.0.1:26052]");
    node.events().await("watcher TopologyUpdated joined=[127.0.0.1:26052]");

    node.events().await("ObserverFailed");
    List<String> failures = node.events().lines("ObserverFailed");
    assertEquals(1, failures.size());
    assertTrue(failures.get(0).contains("of bundle thrower"), failures.get(0));
    assertTrue(failures.get(0).contains("the observer's own fault"), failures.get(0));
  }

  @Test // A10
  void theSubscriptionsThatABundleForgotEndWithIt() throws Exception {
    node.start(FixtureBundle.watcher("watcher"));
    node.start(CORE, STATIC);
    node.events().await("watcher Startup");

    node.bundle("watcher").stop();
    node.events().clear();
    node.configureMembers("127.0.0.1:26052");

    node.events().await("TopologyUpdated joined=[127.0.0.1:26052]");
    node.cluster().shutdown(true).toCompletableFuture().join();
    node.events().await("Shutdown");
    assertEquals(List.of(), node.events().lines("watcher "));
  }

  @Test // C1, C3
  void kindsComeAndGoWithTheirBundles() throws Exception {
    node.start(CORE, STATIC);
    node.awaitActive("static");
    assertEquals(List.of("topic"), node.cluster().kinds());

    node.start(HELLO);
    Eventually.equal(List.of("counter", "echo", "topic"), () -> node.cluster().kinds());
    node.bundle(HELLO).stop();

    Eventually.equal(List.of("topic"), () -> node.cluster().kinds());
  }

  @Test // A6
  void eventAdminIsToldWhereItIsAndMissedByNobodyWhereItIsNot() throws Exception {
    node.start(CORE, STATIC);
    node.awaitActive("static");
    Journal topics = new Journal();
    node.context()
        .registerService(
            EventHandler.class,
            event -> topics.accept(event.getTopic() + " " + event.getProperty("joined") + " "
                + (event.getProperty(EventConstants.EVENT) instanceof TopologyUpdated)),
            new Hashtable<>(Map.of(EventConstants.EVENT_TOPIC, ClusterEventConstants.TOPIC_ALL)));

    node.start(EVENT_ADMIN);
    topics.await("io/thole/STARTUP");
    node.configureMembers("127.0.0.1:26052");
    topics.await("io/thole/TOPOLOGY_UPDATED [127.0.0.1:26052] true");
    node.bundle(EVENT_ADMIN).stop();
    node.configureMembers("127.0.0.1:26053");

    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26053");
    assertEquals(List.of(), node.events().lines("ObserverFailed"));
  }

  @Test // E4, E5
  void theNodeHasLeftBeforeTheFrameworkTakesAnyBundleAway() throws Exception {
    node.start(FixtureBundle.watcher("watcher"));
    node.start(FixtureBundle.provider("last", 10, "127.0.0.1:26053"));
    node.start(CORE, STATIC, HELLO);
    node.events().await("watcher Startup");
    node.awaitActive("last");
    node.context().addBundleListener((SynchronousBundleListener) event -> {
      if (event.getType() == BundleEvent.STOPPED) {
        node.events().accept("gone " + event.getBundle().getSymbolicName());
      }
    });

    node.stop();

    List<String> end = node.events().lines().stream()
        .filter(line -> Stream.of("last shutdown", "Shutdown", "gone ").anyMatch(line::startsWith))
        .toList();
    assertEquals("last shutdown(true)", end.get(0), () -> end.toString());
    assertEquals("Shutdown address=127.0.0.1:26050 mode=MEMBER", end.get(1), () -> end.toString());
    assertTrue(end.size() > 5, () -> end.toString());
  }

  @Test // D11
  void aStrangersProviderWorksThatWasBuiltAgainstTheApiAlone() throws Exception {
    node.start(CORE);
    node.start(FixtureBundle.provider("stranger", 0, "127.0.0.1:26061,127.0.0.1:26062"));

    node.awaitActive("stranger");

    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26061", "127.0.0.1:26062");
    assertEquals("stranger 1.2.3", node.cluster().providers().get(0).origin());
    assertEquals(
        List.of("io.thole.spi;version=\"[1.0,2)\"", "org.osgi.framework;version=\"[1.10,2)\""),
        Stream.of(importsOf("stranger").split(",(?=[a-z])"))
            .filter(imported -> !imported.startsWith("java."))
            .toList());
  }

  private String importsOf(String bundle) {
    return String.valueOf(node.bundle(bundle).getHeaders().get("Import-Package"));
  }

  /** Returns the lines without what follows the fields that matter here. */
  private static List<String> beginnings(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceFirst("( left=\\[])? blocked=.*", ""))
        .toList();
  }
}
