package io.thole.core;

import static io.thole.core.ManualNode.SELF;
import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.id;
import static io.thole.core.ManualNode.nodes;
import static io.thole.core.ManualNode.self;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.spi.TopologyPublisher;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private static final NodeId B = NodeId.at(at("b:1"));
  private static final NodeId C = NodeId.at(at("c:1"));

  private final ManualNode node = new ManualNode();
  private final ManualNode.Scripted provider = node.provider("scripted");

  @BeforeEach
  void started() {
    node.start();
    node.told();
  }

  @Test
  void appliesWhatAPublisherSays() { // A1
    TopologyUpdated event = update(1, all("b:1"), List.of(), B);

    node.publish(event);

    assertEquals(List.of(event), node.told());
    assertEquals(
        new ClusterView(1, List.of(self(1), B), List.of()),
        node.shown().topology().view());
    assertEquals(event.topology(), node.shown().topology().last());
  }

  @Test
  void publishesOneEventForEachChange() { // A5, D1, D2
    provider.tellView("b:1");
    node.settle();
    provider.tellView();
    node.settle();

    assertEquals(
        List.of(update(1, all("b:1"), List.of(), B), update(2, List.of(), all("b:1"))),
        node.told());
  }

  @Test
  void hasAppliedAnEventBeforeAnyObserverIsTold() { // A5
    List<Long> shown = new java.util.ArrayList<>();
    node.events.subscribe(
        TopologyUpdated.class, event -> shown.add(node.shown().topology().view().version()));

    provider.tellView("b:1");
    node.settle();

    assertEquals(List.of(1L), shown);
  }

  @Test
  void refusesAnEventWhoseListsDifferFromItsTopology() { // A4
    ClusterTopology topology = new ClusterTopology(all("b:1"), List.of(), 1);

    assertThrows(
        IllegalArgumentException.class,
        () -> new TopologyUpdated(topology, List.of(), List.of(), List.of(), List.of(self(1), B)));
  }

  @Test
  void rejectsATopologyThatMakesNoSense() { // A13
    List<Authority> none = List.of();
    List<TopologyUpdated> senseless = List.of(
        update(1, all("b:1", "b:1"), none, B),
        update(1, none, all("b:1", "b:1")),
        update(1, all("b:1"), all("b:1"), B),
        update(1, none, all("b:1"), B),
        update(1, all("b:1"), none),
        update(1, none, none, id("b:1", 1), id("b:1", 2)),
        update(1, none, List.of(SELF)),
        new TopologyUpdated(new ClusterTopology(all("b:1"), none, 1), none, List.of(B)));

    senseless.forEach(node::publish);

    assertEquals(
        List.of(
            "b:1 twice in joined",
            "b:1 twice in left",
            "b:1 both joined and left",
            "b:1 left and was no member",
            "b:1 is no member any more and never left",
            "b:1 twice in members",
            "127.0.0.1:26050 left, and is this node",
            "127.0.0.1:26050 is no member any more and never left"),
        node.told().stream().map(event -> ((TopologyRejected) event).reason()).toList());
    assertEquals(List.of(SELF), node.members());
    assertEquals(8, node.shown().metrics().topologiesRejected());
  }

  @Test
  void rejectsTheSameFlawOnceUntilTheSourceMakesSense() { // A13
    TopologyPublisher topology = provider.context().topology();

    topology.viewOf(List.of("b"));
    topology.viewOf(List.of("b"));
    topology.viewOf(List.of("b:1"));
    topology.viewOf(List.of("b"));
    node.settle();

    assertEquals(2, node.told(TopologyRejected.class).size());
  }

  @Test
  void rejectsAViewWhoseTextIsMalformed() { // A13
    List<List<String>> malformed = List.of(List.of("b:1", "B:1"), List.of(" "), List.of("b"));

    malformed.forEach(provider.context().topology()::viewOf);
    node.settle();

    assertEquals(
        List.of(
            new TopologyRejected("scripted", "duplicate b:1"),
            new TopologyRejected(
                "scripted", "malformed address \" \": it is blank; expected HOST:PORT"),
            new TopologyRejected(
                "scripted", "malformed address \"b\": it has no port; expected HOST:PORT")),
        node.told());
    assertEquals(List.of(SELF), node.members());
  }

  @Test
  void rejectsAViewThatIsTooLarge() {
    List<NodeId> tooMany = IntStream.rangeClosed(0, 10_000)
        .mapToObj(i -> NodeId.at(at("n" + i + ":1")))
        .toList();

    provider.context().topology().view(tooMany);
    node.publish(update(1, List.of(), List.of(), tooMany.toArray(NodeId[]::new)));
    node.settle();

    assertEquals(
        List.of(
            new TopologyRejected("scripted", "10001 nodes; at most 10000 are allowed"),
            new TopologyRejected("stream", "10002 members; at most 10000 are allowed")),
        node.told());
  }

  @Test
  void leavesRoomForLaterVersions() {
    node.publish(update(Long.MAX_VALUE, all("b:1"), List.of(), B));
    provider.tellView("b:1");
    node.settle();

    assertEquals(
        List.of(
            new TopologyRejected(
                "stream",
                "version 9223372036854775807 is out of reach; at most 4611686018427387904"),
            update(1, all("b:1"), List.of(), B)),
        node.told());
  }

  @Test
  void refusesAnOlderOrEqualVersion() { // B3
    TopologyUpdated first = update(5, all("b:1"), List.of(), B);
    node.publish(first);
    node.told();

    node.publish(first);
    node.publish(update(4, List.of(), all("b:1")));

    assertEquals(List.of(), node.told());
    assertEquals(List.of(SELF, at("b:1")), node.members());
  }

  @Test
  void publishesOnceWhatIsToldTwice() { // B3
    provider.tellView("b:1");
    provider.tellView("b:1");
    node.settle();
    provider.tellJoined("b:1", 0);
    provider.tellView("b:1");
    node.settle();

    assertEquals(List.of(update(1, all("b:1"), List.of(), B)), node.told());
  }

  @Test
  void countsTheChangesOfAllSourcesInOneOrder() { // B2
    node.publish(update(7, all("b:1"), List.of(), B));
    provider.tellView("c:1");
    node.settle();

    assertEquals(
        List.of(update(7, all("b:1"), List.of(), B), update(8, all("c:1"), all("b:1"), C)),
        node.told());
  }

  @Test
  void keepsWhatIsStillGatheredWhenSomeoneElsePublishes() { // B2
    provider.tellJoined("b:1", 1);
    node.publish(update(1, all("c:1"), List.of(), C));
    node.settle();

    assertEquals(
        List.of(
            update(1, all("c:1"), List.of(), C), update(2, all("b:1"), List.of(), id("b:1", 1), C)),
        node.told());
  }

  @Test
  void keepsALeaveThatIsStillGatheredWhenSomeoneElsePublishes() { // B2
    provider.tellView("b:1");
    node.settle();
    node.told();

    provider.tellLeft("b:1", 0);
    node.publish(update(2, all("c:1"), List.of(), B, C));
    node.settle();

    assertEquals(
        List.of(update(2, all("c:1"), List.of(), B, C), update(3, List.of(), all("b:1"), C)),
        node.told());
  }

  @Test
  void tellsJoinLeaveJoinAsThreeEvents() { // B4
    provider.tellJoined("b:1", 1);
    node.settle();
    provider.tellLeft("b:1", 1);
    node.settle();
    provider.tellJoined("b:1", 1);
    node.settle();

    List<ClusterEvent> told = node.told();
    assertEquals(
        List.of(
            update(1, all("b:1"), List.of(), id("b:1", 1)),
            update(2, List.of(), all("b:1")),
            update(3, all("b:1"), List.of(), id("b:1", 1))),
        told);
    assertEquals(
        3,
        told.stream()
            .map(e -> ((TopologyUpdated) e).topology().hash())
            .distinct()
            .count());
    assertEquals(List.of(SELF, at("b:1")), node.members());
  }

  @Test
  void publishesAChangeOfTheBlockListAlone() { // B5
    node.block("x:1");

    assertEquals(List.of(ManualNode.blocking(1, List.of(), List.of(), all("x:1"))), node.told());
  }

  @Test
  void gathersWhatComesWithinOnePeriod() { // B6
    provider.tellJoined("b:1", 1);
    provider.tellJoined("c:1", 1);
    provider.tellJoined("d:1", 1);
    provider.tellLeft("d:1", 1);
    List<ClusterEvent> before = node.told();
    node.settle();

    assertEquals(List.of(), before);
    assertEquals(
        List.of(update(1, all("b:1", "c:1"), List.of(), id("b:1", 1), id("c:1", 1))), node.told());
  }

  @Test
  void tellsNothingOfAJoinAndLeaveWithinOnePeriod() { // B6
    provider.tellJoined("b:1", 1);
    provider.tellLeft("b:1", 1);
    node.settle();

    assertEquals(List.of(), node.told());
    assertEquals(0, node.shown().topology().view().version());
  }

  @Test
  void tellsANewIncarnationAsTwoEvents() { // B6, D10
    provider.tellJoined("b:1", 1);
    node.settle();
    node.told();

    provider.tellLeft("b:1", 1);
    provider.tellJoined("b:1", 2);
    node.settle();

    assertEquals(
        List.of(update(2, List.of(), all("b:1")), update(3, all("b:1"), List.of(), id("b:1", 2))),
        node.told());
  }

  @Test
  void neverFallsBackToAnOlderIncarnation() { // B6
    provider.tellJoined("b:1", 2);
    node.settle();
    node.told();

    provider.tellJoined("b:1", 1);
    provider.tellLeft("b:1", 1);
    node.settle();

    assertEquals(List.of(), node.told());
    assertEquals(List.of(self(1), id("b:1", 2)), node.shown().topology().view().members());
  }

  @Test
  void showsAnIncarnationThatItLearnsAndTellsNothing() { // D3 of NodeId: learning is no event
    provider.tellView("b:1");
    node.settle();
    node.told();

    provider.tellJoined("b:1", 9);
    node.settle();

    assertEquals(List.of(), node.told());
    assertEquals(List.of(self(1), id("b:1", 9)), node.shown().topology().view().members());
  }

  @Test
  void ignoresALateTopologyAfterShutdown() { // A12
    node.shutdown();
    node.told();

    node.publish(update(9, all("b:1"), List.of(), B));
    provider.context().topology().view(nodes("b:1"));
    node.settle();

    assertEquals(List.of(), node.told());
    assertEquals(List.of(), node.members());
  }

  @Test
  void ignoresATopologyBeforeTheNodeHasItsAddress() { // A12
    ManualNode starting = ManualNode.waitingForNothing();
    starting.add(PartKind.TRANSPORT, "slow", 0);
    starting.loop.hold("transport slow", true);
    starting.start();

    starting.publish(update(5, all("b:1"), List.of(), B));
    starting.loop.hold("transport slow", false);
    starting.loop.run();
    starting.block("x:1");

    assertEquals(
        List.of(ManualNode.blocking(1, List.of(), List.of(), all("x:1"))),
        starting.told(TopologyUpdated.class));
  }

  @Test
  void countsItselfOnce() { // F4, L3, D8
    provider.tellView("127.0.0.1:26050", "b:1");
    node.settle();
    provider.tellLeft("127.0.0.1:26050", 0);
    node.settle();

    assertEquals(List.of(update(1, all("b:1"), List.of(), B)), node.told());
    assertEquals(2, node.shown().metrics().members());
  }
}
