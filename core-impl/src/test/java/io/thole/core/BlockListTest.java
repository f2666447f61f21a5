package io.thole.core;

import static io.thole.core.ManualNode.SELF;
import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.blocking;
import static io.thole.core.ManualNode.id;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.BlockEntry;
import io.thole.api.BlockList;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.NodeId;
import io.thole.core.ManualNode.ScriptedBlockList;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockListTest {
  private static final NodeId B = NodeId.at(at("b:1"));

  private final ManualNode node = new ManualNode();
  private final ManualNode.Scripted provider = node.provider("scripted");
  private final ScriptedBlockList service = new ScriptedBlockList();

  @BeforeEach
  void started() {
    node.start();
    provider.tellView("b:1");
    node.settle();
    node.told();
  }

  @Test
  void removesAMemberThatIsBlockedInOneEvent() { // H1, H3
    node.block("b:1");

    assertEquals(List.of(blocking(2, List.of(), all("b:1"), all("b:1"))), node.told());
    assertEquals(List.of(SELF), node.members());
    assertEquals(all("b:1"), node.shown().topology().view().blocked());
  }

  @Test
  void showsWhoIsRefusedAndWhy() { // H2, H4
    node.block("b:1", Optional.of(Duration.ofSeconds(9)));

    assertEquals(
        List.of(new BlockEntry(
            B,
            "test",
            "operator",
            Optional.of(Instant.ofEpochMilli(node.loop.wallMillis() + 9_000)))),
        node.shown().blocked());
    assertEquals(1, node.shown().metrics().blocked());
  }

  @Test
  void doesNotLetABlockedNodeJoin() { // H3
    node.block("c:1");
    node.told();

    provider.tellView("b:1", "c:1");
    node.settle();
    node.publish(blocking(9, all("c:1"), List.of(), all("c:1"), B, NodeId.at(at("c:1"))));

    assertEquals(
        List.of(new TopologyRejected("stream", "c:1 is blocked and a member")), node.told());
    assertEquals(List.of(SELF, at("b:1")), node.members());
  }

  @Test
  void letsItJoinOnceItIsUnblocked() { // H4
    node.block("b:1");
    node.told();

    assertEquals(true, node.unblock("b:1").result());

    assertEquals(List.of(update(3, all("b:1"), List.of(), B)), node.told());
    assertEquals(false, node.unblock("b:1").result());
  }

  @Test
  void endsAnEntryWhenItExpires() { // H4
    node.block("b:1", Optional.of(Duration.ofSeconds(9)));
    node.told();

    node.pass(Duration.ofMillis(8_999));
    assertEquals(List.of(), node.told());
    node.pass(Duration.ofMillis(1));

    assertEquals(List.of(update(3, all("b:1"), List.of(), B)), node.told());
    assertEquals(List.of(), node.shown().blocked());
  }

  @Test
  void waitsForAnExpiryThatIsCenturiesAway() { // H4
    node.block("b:1", Optional.of(Duration.ofDays(200_000)));
    service.answer =
        List.of(new BlockEntry(NodeId.at(at("c:1")), "", "scripted", Optional.of(Instant.MAX)));
    node.core.add(service);

    node.pass(Duration.ofDays(3));

    assertEquals(all("b:1", "c:1"), node.shown().topology().view().blocked());
    assertEquals(List.of("succeeded"), node.shutdown().ends());
  }

  @Test
  void takesWhatAServiceSays() { // H4
    service.answer = List.of(ScriptedBlockList.entry(B));

    node.core.add(service);

    assertEquals(List.of(blocking(2, List.of(), all("b:1"), all("b:1"))), node.told());
    assertEquals(
        List.of("failed: cannot unblock b:1: it is blocked by scripted"),
        node.unblock("b:1").ends());
    node.core.remove(service);
    assertEquals(List.of(update(3, all("b:1"), List.of(), B)), node.told());
  }

  @Test
  void keepsTheLastListOfAServiceThatThrowsAndSaysSoOnce() { // H5
    service.answer = List.of(ScriptedBlockList.entry(B));
    node.core.add(service);
    node.told();

    service.fails = new IllegalStateException("no file");
    node.core.refreshBlockList();
    node.core.refreshBlockList();

    assertEquals(
        List.of(new PartFailed(
            "block list " + ScriptedBlockList.class.getName(), "IllegalStateException: no file")),
        node.told());
    assertEquals(all("b:1"), node.shown().topology().view().blocked());
  }

  @Test
  void startsWithAServiceThatThrows() { // H5
    ManualNode fresh = ManualNode.waitingForNothing();
    service.fails = new IllegalStateException("no file");
    fresh.core.add(service);

    assertEquals(List.of("succeeded"), fresh.start().ends());

    assertEquals(1, fresh.told(PartFailed.class).size());
  }

  @Test
  void doesNotBlockTheSuccessorOfAnIncarnation() { // H7
    provider.tellJoined("b:1", 1);
    node.settle();
    service.answer = List.of(ScriptedBlockList.entry(id("b:1", 1)));
    node.core.add(service);
    List<?> refused = node.told();

    provider.tellJoined("b:1", 2);
    node.settle();

    assertEquals(List.of(update(2, List.of(), all("b:1"))), refused);
    assertEquals(List.of(update(3, all("b:1"), List.of(), id("b:1", 2))), node.told());
  }

  @Test
  void refusesToBlockItself() {
    assertEquals(
        List.of("failed: cannot block 127.0.0.1:26050: it is this node"),
        node.block("127.0.0.1:26050").ends());
  }

  @Test
  void refusesMoreEntriesThanTheLimit() {
    BlockRegister register = new BlockRegister(node.loop);
    for (int i = 0; i < BlockList.LIMIT; i++) {
      register.block(at("n" + i + ":1"), "test", Optional.empty());
    }

    assertEquals(
        Optional.of("the block list holds 10000 entries, which is the limit; unblock one first"),
        register.full(at("b:1")));
    assertEquals(Optional.empty(), register.full(at("n7:1")));
  }

  @Test
  void forgetsTheOperatorsEntriesWithTheRun() { // E6
    node.block("c:1", Optional.of(Duration.ofSeconds(9)));

    node.shutdown();

    assertEquals(List.of(), node.shown().blocked());
    assertEquals(0, node.loop.timers());
    assertEquals(
        List.of("failed: cannot block c:1: the node is STOPPED"),
        node.block("c:1").ends());
  }
}
