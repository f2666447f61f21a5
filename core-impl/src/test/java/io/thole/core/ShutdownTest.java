package io.thole.core;

import static io.thole.core.ManualNode.SELF;
import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.nodes;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Agreement;
import io.thole.api.Authority;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.ClusterState;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.Metrics;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.StartupMode;
import io.thole.api.TopologyStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShutdownTest {
  private static final NodeId B = NodeId.at(at("b:1"));

  private final ManualNode node = new ManualNode();
  private final ManualNode.Scripted provider = node.provider("p");
  private final ManualNode.Scripted pubSub = node.add(PartKind.PUBSUB, "s", 0);
  private final ManualNode.Scripted gossip = node.add(PartKind.GOSSIP, "g", 0);
  private final ManualNode.Scripted transport = node.add(PartKind.TRANSPORT, "t", 0);

  @BeforeEach
  void started() {
    node.start();
    node.calls.clear();
    node.told();
  }

  @Test
  void stopsItsPartsInOrderAndSaysSoLast() { // E4
    ManualNode.Recorded<Void> ending = node.shutdown();

    assertEquals(
        List.of(
            "stop pubsub s gracefully",
            "stop provider p gracefully",
            "stop gossip g",
            "stop transport t gracefully"),
        node.calls);
    assertEquals(List.of(new Shutdown(SELF, StartupMode.MEMBER)), node.told());
    assertEquals(List.of("succeeded"), ending.ends());
  }

  @Test
  void clearsTheMemberListBeforeTheTransportStops() { // E4
    List<List<Authority>> seen = new ArrayList<>();
    gossip.onStop = () -> seen.add(node.members());
    transport.onStop = () -> seen.add(node.members());

    node.shutdown();

    assertEquals(List.of(List.of(SELF), List.of()), seen);
  }

  @Test
  void stopsAsACrashWouldWhenItIsNotGraceful() { // E5
    node.core.shutdown(false, new ManualNode.Recorded<>());
    node.loop.run();

    assertEquals(
        List.of("stop pubsub s", "stop provider p", "stop gossip g", "stop transport t"),
        node.calls);
  }

  @Test
  void runsEveryStepAndTellsAllThatFailed() { // E4
    provider.stopFails = new ClusterException("no goodbye");
    gossip.stopFails = new IllegalStateException("stuck");

    ManualNode.Recorded<Void> ending = node.shutdown();

    assertEquals(4, node.calls.size());
    assertEquals(
        List.of(new ShutdownFailed(
            SELF,
            StartupMode.MEMBER,
            List.of("provider p: no goodbye", "gossip g: IllegalStateException: stuck"))),
        node.told());
    assertEquals(
        List.of("failed: provider p: no goodbye; gossip g: IllegalStateException: stuck"),
        ending.ends());
    assertEquals(ClusterState.STOPPED, node.state());
  }

  @Test
  void tellsNoTopologyFromTheMomentItBegins() { // E4
    provider.context().topology().view(nodes("b:1"));
    transport.onStop = () -> node.events.publish(update(9, all("b:1"), List.of(), B));
    gossip.onStop = () -> gossip.context().topology().view(nodes("c:1"));
    node.core.shutdown(true, new ManualNode.Recorded<>());
    node.core.block(at("x:1"), "test", Optional.empty(), new ManualNode.Recorded<>());

    node.settle();

    assertEquals(List.of(), node.told(TopologyUpdated.class));
  }

  @Test
  void abandonsAPartThatDoesNotStopInTime() { // E4
    node.loop.hold("pubsub s", true);
    ManualNode.Recorded<Void> ending = node.shutdown();
    List<String> before = ending.ends();

    node.pass(Duration.ofSeconds(5));

    assertEquals(List.of(), before);
    assertEquals(
        List.of(new ShutdownFailed(
            SELF, StartupMode.MEMBER, List.of("pubsub s: it did not stop within 5000 ms"))),
        node.told());
    assertEquals("stop transport t gracefully", node.calls.get(2));
    node.loop.hold("pubsub s", false);
    node.loop.run();
    assertEquals(0, pubSub.running);
    assertEquals(ManualNode.WORKERS, node.loop.openWorkers());
  }

  @Test
  void leavesNothingBehind() { // E6
    provider.tellView("b:1");
    node.settle();
    node.block("c:1", Optional.of(Duration.ofHours(1)));
    provider.context().schedule(Duration.ofHours(1), () -> {});
    provider.tellView();
    node.core.addKind("counter", ManualNode.COUNTER);

    node.shutdown();

    assertEquals(0, node.loop.timers());
    assertEquals(ManualNode.WORKERS, node.loop.openWorkers());
    assertEquals(ClusterState.STOPPED, node.state());
    assertEquals(Optional.empty(), node.shown().self());
    assertEquals(
        new TopologyStatus(
            ClusterView.EMPTY,
            new ClusterTopology(List.of(), List.of(), 0),
            false,
            "none",
            Agreement.ALL),
        node.shown().topology());
    assertEquals(List.of(), node.shown().members());
    assertEquals(List.of("counter"), node.shown().kinds());
    assertEquals( // the Shutdown follows what is shown, so that its observers find the node stopped
        new Metrics(0, 0, 1, 0, 0, 3, 0, 0), node.shown().metrics());
  }

  @Test
  void seesNothingOfAnEarlierRun() { // E6
    provider.tellView("b:1");
    node.settle();
    node.shutdown();
    node.told();

    node.start();
    node.settle();

    assertEquals(List.of(new Startup(SELF, StartupMode.MEMBER)), node.told());
    assertEquals(List.of(ManualNode.self(2)), node.shown().topology().view().members());
  }

  @Test
  void doesNothingASecondTime() { // E7
    node.shutdown();

    ManualNode.Recorded<Void> second = node.shutdown();

    assertEquals(List.of("succeeded"), second.ends());
    assertEquals(List.of(new Shutdown(SELF, StartupMode.MEMBER)), node.told());
    assertEquals(4, node.calls.size());
  }

  @Test
  void endsEveryoneWhoAskedWhileItStopped() { // E7
    node.loop.hold("pubsub s", true);
    ManualNode.Recorded<Void> first = node.shutdown();
    ManualNode.Recorded<Void> second = node.shutdown();
    ManualNode.Recorded<Void> start = node.start();

    node.loop.hold("pubsub s", false);
    node.loop.run();

    assertEquals(
        List.of(
            List.of("succeeded"),
            List.of("succeeded"),
            List.of("failed: the node is STOPPING already")),
        List.of(first.ends(), second.ends(), start.ends()));
  }

  @Test
  void refusesTheHandOversThatWait() { // O6
    node.add(PartKind.PROVIDER, "q", -1);
    node.loop.hold("provider q", true);
    ManualNode.Recorded<?> underWay = node.swap("q");
    ManualNode.Recorded<?> waiting = node.swap("p");

    node.shutdown();
    node.loop.hold("provider q", false);
    node.loop.run();

    assertEquals(List.of("succeeded"), underWay.ends());
    assertEquals(List.of("failed: the node is stopping"), waiting.ends());
    assertEquals(ClusterState.STOPPED, node.state());
  }
}
