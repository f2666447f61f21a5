package io.thole.container;

import static io.thole.container.NodeFramework.CORE;
import static io.thole.container.NodeFramework.GOSSIP;
import static io.thole.container.NodeFramework.ROSTER;
import static io.thole.container.NodeFramework.STATIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterState;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;
import org.osgi.service.condition.Condition;

/** What ConfigAdmin holds, at the start and while the node runs. */
class ConfigurationIT {
  private static final String READY = "io.thole.ready";
  private static final String FAILED = "io.thole.failed";

  @TempDir
  private Path home;

  private NodeFramework node;

  @BeforeEach
  void startTheFramework() throws Exception {
    node = new NodeFramework(home);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  @Test // F6
  void aLiveChangePublishesTheDifference() throws Exception {
    node.configureMembers("127.0.0.1:26051,127.0.0.1:26052");
    node.start(CORE, STATIC);
    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26051", "127.0.0.1:26052");

    node.configureMembers("127.0.0.1:26052,127.0.0.1:26053");

    node.events().await("TopologyUpdated joined=[127.0.0.1:26053] left=[127.0.0.1:26051]");
    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26052", "127.0.0.1:26053");
    assertEquals(2, node.events().lines("TopologyUpdated").size());
  }

  @Test // F4, F5
  void aClientSeesTheMembersAndIsNone() throws Exception {
    node.configure(CORE, Map.of("mode", "client"));
    node.configureMembers("127.0.0.1:26051");

    node.start(CORE, STATIC);

    node.awaitMembers("127.0.0.1:26051");
    assertEquals("CLIENT", node.awaitCondition(READY).getProperty("mode"));
  }

  @Test // A13
  void aBadLiveListIsRejectedAndTheViewStays() throws Exception {
    node.configureMembers("127.0.0.1:26051");
    node.start(CORE, STATIC);
    node.awaitActive("static");

    node.configureMembers("127.0.0.1:26051,nonsense");

    node.events().await("TopologyRejected");
    assertTrue(node.events().lines("TopologyRejected").get(0).contains("nonsense"));
    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26051");
  }

  @Test // E8
  void aBadSettingIsRefusedByKeyAndValueAndAGoodOneMendsIt() throws Exception {
    node.configure(CORE, Map.of("coalesceMillis", "soon"));
    node.start(CORE, STATIC);

    assertEquals(
        Map.of(
            "cause", "configuration",
            "pid", "io.thole.core",
            "key", "coalesceMillis",
            "value", "soon",
            "allowed", "0..600000 milliseconds"),
        properties(node.awaitCondition(FAILED), "cause", "pid", "key", "value", "allowed"));
    node.events().await("StartupFailed");
    assertEquals(ClusterState.STOPPED, node.cluster().state());
    node.configure(CORE, Map.of("coalesceMillis", "50"));

    node.awaitActive("static");
    node.awaitCondition(READY);
    assertEquals(Optional.empty(), node.condition(FAILED));
    assertEquals(1, node.events().lines("StartupFailed").size());
  }

  @Test // E8
  void aProvidersBadListIsRefusedTheSameWay() throws Exception {
    node.configureMembers("127.0.0.1:99999");
    node.start(CORE, STATIC);

    assertEquals(
        Map.of(
            "cause", "configuration",
            "pid", "io.thole.staticprovider",
            "key", "members",
            "value", "127.0.0.1:99999"),
        properties(node.awaitCondition(FAILED), "cause", "pid", "key", "value"));
    node.configureMembers("127.0.0.1:26051");

    node.awaitActive("static");
    node.awaitMembers("127.0.0.1:26050", "127.0.0.1:26051");
    Eventually.equal(Optional.empty(), () -> node.condition(FAILED));
  }

  @Test // E8
  void aBadSettingOfGossipIsRefusedTheSameWay() throws Exception {
    node.configure(GOSSIP, Map.of("profile", "moon"));
    node.start(CORE, GOSSIP, STATIC);

    assertEquals(
        Map.of(
            "cause", "configuration",
            "pid", "io.thole.gossip",
            "key", "profile",
            "value", "moon",
            "allowed", "local, lan, wan"),
        properties(node.awaitCondition(FAILED), "cause", "pid", "key", "value", "allowed"));
    node.configure(GOSSIP, Map.of("profile", "local", "accusers", "2"));

    node.awaitActive("static");
    node.awaitCondition(READY);
  }

  @Test // E8
  void aBadSettingWhileTheNodeRunsIsRefusedAndHarmsNothing() throws Exception {
    node.start(CORE, STATIC);
    node.awaitCondition(READY);

    node.configure(CORE, Map.of("metrics", "perhaps"));
    node.configure(CORE, Map.of("metrics", "true"));

    Eventually.is("metrics are on", () -> node.cluster().settings().metrics());
    assertEquals(1, node.cluster().metrics().members());
    assertEquals(ClusterState.RUNNING, node.cluster().state());
    assertEquals(
        1,
        node.services(Condition.class).stream()
            .filter(condition -> READY.equals(condition.getProperty(Condition.CONDITION_ID)))
            .count());
  }

  @Test // E7
  void aGoodSettingWhileTheNodeRunsIsNoFailedStart() throws Exception {
    Journal conditions = new Journal();
    node.context()
        .addServiceListener(event -> conditions.accept(
            event.getType() + " " + event.getServiceReference().getProperty("osgi.condition.id")));
    node.start(CORE, STATIC);
    node.awaitCondition(READY);

    node.configure(CORE, Map.of("coalesceMillis", "50", "metrics", "true"));
    Eventually.is("metrics are on", () -> metricsAreOn());
    node.stop();

    assertEquals(List.of(), conditions.lines("1 " + FAILED));
  }

  @Test // E7
  void aCoreThatIsTakenOutWhileItWaitsHasNotFailed() throws Exception {
    Journal conditions = new Journal();
    node.context()
        .addServiceListener(event -> conditions.accept(
            event.getType() + " " + event.getServiceReference().getProperty("osgi.condition.id")));
    node.start(CORE);
    node.awaitState(ClusterState.WAITING);

    node.bundle(CORE).stop();
    node.bundle(CORE).start();
    node.start(STATIC);
    node.awaitCondition(READY);

    assertEquals(List.of(), conditions.lines("1 " + FAILED));
    assertEquals(List.of(), node.complaints().lines());
  }

  @Test // E2
  void aPartThatFailsAtTheStartUnwindsItAndTheNodeStartsOnceItIsMended() throws Exception {
    node.start(FixtureBundle.stages("stages"));
    node.configure(CORE, Map.of("startWhen", "pubsub,gossip,provider"));
    node.start(ROSTER, CORE);

    ServiceReference<Condition> failed = node.awaitCondition(FAILED);
    node.events().await("StartupFailed");

    assertEquals("start", failed.getProperty("cause"));
    assertTrue(
        String.valueOf(failed.getProperty("reason"))
            .contains(home.resolve("roster.txt").toString()),
        String.valueOf(failed.getProperty("reason")));
    assertEquals(
        List.of("pubsub started", "gossip started", "gossip stopped", "pubsub stopped"), stages());
    assertEquals(1, node.events().lines("StartupFailed").size());
    node.writeRoster("127.0.0.1:26061");
    node.configure(ROSTER, Map.of("file", "roster.txt"));

    node.awaitActive("roster");
    Eventually.equal(Optional.empty(), () -> node.condition(FAILED));
  }

  @Test // E2
  void takingOutThePartThatFailedMendsTheStartToo() throws Exception {
    node.start(ROSTER, STATIC, CORE);
    node.awaitCondition(FAILED);

    node.bundle(ROSTER).uninstall();

    node.awaitActive("static");
    Eventually.equal(Optional.empty(), () -> node.condition(FAILED));
  }

  private boolean metricsAreOn() {
    return node.cluster().settings().metrics();
  }

  private List<String> stages() {
    return node.events().lines().stream()
        .filter(line -> line.startsWith("pubsub ") || line.startsWith("gossip "))
        .toList();
  }

  private static Map<String, Object> properties(ServiceReference<Condition> of, String... keys) {
    return Stream.of(keys).collect(Collectors.toMap(Function.identity(), of::getProperty));
  }
}
