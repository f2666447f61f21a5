package io.thole.core;

import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.id;
import static io.thole.core.ManualNode.nodes;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.ProviderSwapFailed;
import io.thole.api.ClusterEvent.ProviderSwapped;
import io.thole.api.ClusterEvent.TopologyStale;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.ClusterState;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.ProviderStatus;
import io.thole.api.SwapReport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private static final NodeId B = NodeId.at(at("b:1"));
  private static final NodeId C = NodeId.at(at("c:1"));

  private final ManualNode node = new ManualNode();
  private final ManualNode.Scripted old = node.provider("old");

  @BeforeEach
  void started() {
    old.onStart = context -> context.topology().view(nodes("b:1"));
    node.start();
    node.told();
    node.calls.clear();
  }

  private static SwapReport same(String from, String to, long version) {
    return new SwapReport(from, to, List.of(), List.of(), version, 0);
  }

  private ManualNode.Scripted next(int ranking, String... view) {
    ManualNode.Scripted next = node.add(PartKind.PROVIDER, "next", ranking);
    next.onStart = context -> context.topology().view(nodes(view));
    return next;
  }

  @Test
  void swapsToAnotherProviderOfTheSameName() { // O1
    ManualNode.Scripted newer = node.add(PartKind.PROVIDER, "old", -1);

    ManualNode.Recorded<SwapReport> ending = node.swap("old");

    assertEquals(1, newer.running);
    assertEquals(0, old.running);
    assertEquals(1, ending.ends().size());
  }

  @Test
  void swapsToTheOneThatIsNamed() { // O1
    next(-1, "b:1");

    ManualNode.Recorded<SwapReport> ending = node.swap("next");

    assertEquals(List.of("start provider next", "stop provider old gracefully"), node.calls);
    assertEquals(same("old", "next", 1), ending.result());
    assertEquals(List.of(new ProviderSwapped(same("old", "next", 1))), node.told());
    assertEquals(
        List.of(
            new ProviderStatus("next", "a test", -1, true, "chosen by swap"),
            new ProviderStatus("old", "a test", 0, false, "stands by")),
        node.shown().providers());
    assertEquals("next", node.shown().topology().source());
  }

  @Test
  void swapsToABetterOneThatArrives() { // O1
    next(1, "b:1");

    assertEquals(List.of(new ProviderSwapped(same("old", "next", 1))), node.told());
    assertEquals(List.of("start provider next", "stop provider old gracefully"), node.calls);
  }

  @Test
  void swapsToTheNextOneWhenTheActiveOneIsTakenOut() { // O1
    next(-1, "b:1");

    ManualNode.Recorded<Void> gone = node.remove(old);

    assertEquals(List.of("start provider next", "stop provider old gracefully"), node.calls);
    assertEquals(List.of("succeeded"), gone.ends());
    assertEquals(List.of(new ProviderSwapped(same("old", "next", 1))), node.told());
  }

  @Test
  void publishesTheDifferenceAloneAtTheCutOver() { // O2
    next(1, "b:1", "c:1");

    assertEquals(
        List.of(
            update(2, all("c:1"), List.of(), B, C),
            new ProviderSwapped(new SwapReport("old", "next", all("c:1"), List.of(), 2, 0))),
        node.told());
  }

  @Test
  void keepsWhatTheNewOneTellsAsideUntilTheCutOver() { // O2
    node.loop.hold("provider next", true);
    ManualNode.Scripted next = next(1, "b:1");
    node.loop.run();
    next.onStart = context -> {
      context.topology().view(nodes("b:1", "c:1"));
      node.loop.execute(() -> node.calls.add("view told: " + node.members().size()));
    };

    node.loop.hold("provider next", false);
    node.loop.run();

    assertEquals(
        List.of("start provider next", "view told: 2", "stop provider old gracefully"), node.calls);
    assertEquals(3, node.members().size());
  }

  @Test
  void ignoresTheOldOneAfterTheCutOver() { // O2
    old.onStop = () -> old.context().topology().view(List.of());
    next(1, "b:1");
    node.loop.run();
    old.tellJoined("z:1", 1);
    node.settle();

    assertEquals(List.of(new ProviderSwapped(same("old", "next", 1))), node.told());
  }

  @Test
  void keepsWhatTheOldOneToldMeanwhile() { // O2
    node.loop.hold("provider next", true);
    ManualNode.Scripted next = node.add(PartKind.PROVIDER, "next", 1);
    next.onStart = context -> context.topology().joined(nodes("c:1"));
    node.loop.run();

    old.tellJoined("z:1", 1);
    node.loop.hold("provider next", false);
    node.loop.run();

    assertEquals(
        List.of(update(2, all("c:1", "z:1"), List.of(), B, C, id("z:1", 1))),
        node.told(TopologyUpdated.class));
  }

  @Test
  void doesNotRefuseANewOneThatCountsFromTheBeginning() { // B2
    old.tellView("b:1", "c:1");
    node.settle();
    next(1, "b:1");
    node.loop.run();

    assertEquals(3, node.shown().topology().view().version());
    assertEquals(2, node.members().size());
  }

  @Test
  void runsOnWithTheOldOneWhenTheNewOneFails() { // O3
    next(-1).startFails = new ClusterException("no etcd");

    ManualNode.Recorded<SwapReport> ending = node.swap("next");

    assertEquals(List.of("start provider next"), node.calls);
    assertEquals(List.of("failed: provider next failed to start: no etcd"), ending.ends());
    assertEquals(List.of(new ProviderSwapFailed("old", "next", "no etcd")), node.told());
    assertEquals(1, old.running);
    assertEquals("old", node.shown().topology().source());
  }

  @Test
  void runsOnWithTheOldOneWhenTheNewOneHangs() { // O3
    node.loop.hold("provider next", true);
    next(1);
    node.loop.run();

    node.pass(Duration.ofSeconds(5));

    assertEquals(
        List.of(new ProviderSwapFailed("old", "next", "it did not start within 5000 ms")),
        node.told());
    assertEquals(1, old.running);
  }

  @Test
  void runsOnWithTheOneThatWasChosenWhenAnotherFails() { // O3
    next(-1, "b:1");
    node.swap("next");
    node.add(PartKind.PROVIDER, "third", -2).startFails = new ClusterException("no etcd");
    node.told();
    node.calls.clear();

    node.swap("third");

    assertEquals(List.of("start provider third"), node.calls);
    assertEquals(List.of(new ProviderSwapFailed("next", "third", "no etcd")), node.told());
    assertEquals("chosen by swap", node.shown().providers().get(0).reason());
  }

  @Test
  void runsOnWithTheOldOneWhenTheNewOneIsTakenOutDuringItsStart() { // O3
    node.loop.hold("provider next", true);
    ManualNode.Scripted next = next(-1, "b:1");
    ManualNode.Recorded<SwapReport> ending = node.swap("next");

    ManualNode.Recorded<Void> gone = node.remove(next);
    node.loop.hold("provider next", false);
    node.loop.run();

    assertEquals(List.of("start provider next", "stop provider next"), node.calls);
    assertEquals(List.of("failed: provider next was taken out meanwhile"), ending.ends());
    assertEquals(List.of("succeeded"), gone.ends());
    assertEquals(1, old.running);
  }

  @Test
  void stopsTheOldOneEvenIfThatFails() { // O3
    old.stopFails = new ClusterException("stuck");

    next(1, "b:1");

    assertEquals(
        List.of(
            new PartFailed("provider old", "stuck"), new ProviderSwapped(same("old", "next", 1))),
        node.told());
  }

  @Test
  void keepsItsViewMarkedStaleWhenTheLastOneGoes() { // O4
    node.remove(old);

    assertEquals(
        List.of(new TopologyStale("old", "no provider is left; the last view is kept")),
        node.told());
    assertEquals(2, node.members().size());
    assertEquals(true, node.shown().topology().stale());
    assertEquals("none", node.shown().topology().source());
    assertEquals(ClusterState.RUNNING, node.state());
  }

  @Test
  void comparesTheNextOneWithTheViewThatItKept() { // O4
    node.remove(old);
    node.told();

    next(0, "b:1");

    assertEquals(List.of(new ProviderSwapped(same("none", "next", 1))), node.told());
    assertEquals(false, node.shown().topology().stale());
  }

  @Test
  void carriesOutHandOversOneAfterTheOther() { // O6
    next(-1, "b:1");
    node.loop.hold("provider next", true);
    ManualNode.Recorded<SwapReport> first = node.swap("next");
    ManualNode.Recorded<SwapReport> second = node.swap("old");
    ManualNode.Recorded<SwapReport> third = node.swap("nobody");

    node.loop.hold("provider next", false);
    node.loop.run();

    assertEquals(
        List.of(
            "start provider next",
            "stop provider old gracefully",
            "start provider old",
            "stop provider next gracefully"),
        node.calls);
    assertEquals(
        List.of(same("old", "next", 1), same("next", "old", 1)),
        List.of(first.result(), second.result()));
    assertEquals(
        List.of("failed: no provider is called nobody; present are [old, next]"), third.ends());
    assertEquals(2, node.told().size());
  }

  @Test
  void refusesToSwapToTheActiveOneOrWhileStopped() {
    ManualNode.Recorded<SwapReport> active = node.swap("old");
    node.shutdown();
    ManualNode.Recorded<SwapReport> stopped = node.swap("old");

    assertEquals(List.of("failed: provider old is the active one already"), active.ends());
    assertEquals(List.of("failed: cannot swap to old: the node is STOPPED"), stopped.ends());
  }

  @Test
  void refusesMoreSwapsThanTheLimit() { // O6
    next(-1);
    node.loop.hold("provider next", true);
    node.swap("next");
    for (int i = 0; i < 100; i++) {
      node.swap("old");
    }

    assertEquals(
        List.of("failed: cannot swap to old: 100 swaps are waiting"),
        node.swap("old").ends());
  }

  @Test
  void triesAgainEverLaterWhereNothingRuns() { // O3
    node.remove(old);
    ManualNode.Scripted next = next(0, "b:1");
    node.loop.run();
    node.remove(next);
    node.calls.clear();
    node.told();

    ManualNode.Scripted failing = node.add(PartKind.PROVIDER, "third", 0);
    failing.startFails = new ClusterException("no etcd");
    node.loop.run();
    List<Integer> attempts = new java.util.ArrayList<>();
    for (int second = 0; second < 16; second++) {
      attempts.add(node.calls.size());
      node.pass(Duration.ofSeconds(1));
    }
    failing.startFails = null;
    node.pass(Duration.ofSeconds(60));

    assertEquals(List.of(1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5), attempts);
    assertEquals(
        List.of(
            new ProviderSwapFailed("none", "third", "no etcd"),
            new ProviderSwapped(same("none", "third", 1))),
        node.told());
    assertEquals(1, node.loop.timers(), "the next dial of a member, and nothing else");
  }

  @Test
  void triesAPartThatHadFailedAgainOnceItIsTheLastOne() { // O4
    ManualNode.Scripted next = next(1, "b:1");
    next.startFails = new ClusterException("no etcd");
    node.loop.run();
    next.startFails = null;
    node.remove(old);
    List<ClusterEvent> stale = node.told(TopologyStale.class);

    node.pass(Duration.ofSeconds(1));

    assertEquals(1, stale.size());
    assertEquals(List.of(new ProviderSwapped(same("none", "next", 1))), node.told());
  }

  @Test
  void triesAPartAgainWhenItWasChanged() {
    ManualNode.Scripted next = next(1, "b:1");
    next.startFails = new ClusterException("no etcd");
    node.loop.run();
    node.told();
    next.startFails = null;

    node.core.touch(next.part);

    assertEquals(List.of(new ProviderSwapped(same("old", "next", 1))), node.told());
  }

  @Test
  void replacesAnotherPartByABetterOne() {
    node.add(PartKind.GOSSIP, "g", 0);
    node.loop.run();
    ManualNode.Scripted better = node.add(PartKind.GOSSIP, "better", 1);
    better.startFails = new ClusterException("no seeds");
    node.loop.run();

    assertEquals(
        List.of("start gossip g", "stop gossip g", "start gossip better", "start gossip g"),
        node.calls);
    assertEquals(List.of(new PartFailed("gossip better", "no seeds")), node.told());
  }
}
