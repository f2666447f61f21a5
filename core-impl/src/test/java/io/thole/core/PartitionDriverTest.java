package io.thole.core;

import static io.thole.core.ManualNode.SELF;
import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.nodes;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.ClusterEvent.PartitionLost;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.Evidence;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.StartupMode;
import io.thole.core.ManualNode.Scripted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses are such that this node's own is the smallest of all but {@code 1.1.1.1:1}. */
class PartitionDriverTest {
  private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

  private final ManualNode node =
      new ManualNode(ClusterSettings.DEFAULTS.with("partition", "keep-majority"));
  private final Scripted provider = node.provider("scripted");

  /** Starts the node, and lets it stand with others. */
  private void startedWith(String... others) {
    node.start();
    provider.tellView(others);
    node.settle();
    node.pass(HALF_A_MINUTE);
    node.told();
  }

  private void lose(String... addresses) {
    provider.tellLost(addresses);
    node.settle();
  }

  @Test
  void goesOnWithTheMajority() { // issue 4: partition policy
    startedWith("b:1", "c:1", "d:1", "e:1");

    lose("d:1", "e:1");

    assertEquals(
        List.of(update(2, List.of(), all("d:1", "e:1"), others("b:1", "c:1"))), node.told());
    assertEquals(ClusterState.RUNNING, node.state());
    assertEquals("found unreachable; 3 of 5 can be reached", last("d:1").evidence());
    assertEquals("keep-majority: this side goes on", last("d:1").rule());
  }

  @Test
  void leavesWithTheMinorityAndSaysWhy() { // issue 4; users 20
    startedWith("b:1", "c:1", "d:1", "e:1");

    lose("c:1", "d:1", "e:1");

    assertEquals(
        List.of(
            update(2, List.of(), all("c:1", "d:1", "e:1"), others("b:1")),
            new PartitionLost(
                all("b:1", SELF.toString()),
                all("c:1", "d:1", "e:1"),
                "keep-majority: 2 of 5 can be reached, so another side may go on; this node leaves"
                    + " and may be started again"),
            new Shutdown(SELF, StartupMode.MEMBER)),
        node.told());
    assertEquals(ClusterState.STOPPED, node.state());
    assertEquals(List.of("succeeded"), node.start().ends());
  }

  @Test
  void leavesOnceHoweverSlowlyTheOthersAreFoundUnreachable() { // issue 4: steps
    startedWith("b:1", "c:1", "d:1", "e:1");

    lose("e:1");
    node.pass(Duration.ofSeconds(10));
    lose("d:1");
    node.pass(Duration.ofSeconds(10));
    assertEquals(2, node.told(TopologyUpdated.class).size());
    lose("c:1");
    lose("b:1");

    assertEquals(1, node.told(PartitionLost.class).size());
    assertEquals(ClusterState.STOPPED, node.state());
  }

  @Test
  void keepsTheHalfWithTheSmallestAddress() { // issue 4: a tie
    startedWith("b:1");
    lose("b:1");
    assertEquals(ClusterState.RUNNING, node.state());

    node.shutdown();
    startedWith("1.1.1.1:1");
    lose("1.1.1.1:1");

    assertEquals(ClusterState.STOPPED, node.state());
  }

  @Test
  void forgetsWhoWasUnreachableAfterHalfAMinute() {
    startedWith("b:1", "c:1", "d:1", "e:1");
    lose("d:1", "e:1");
    node.pass(HALF_A_MINUTE);

    lose("c:1");

    assertEquals(ClusterState.RUNNING, node.state());
    assertEquals(all(SELF.toString(), "b:1"), node.members());
  }

  @Test
  void remembersThemWhileSomebodyInTheViewCannotBeReached() { // issue 4: steps
    node.add(PartKind.TRANSPORT, "wire", 0); // which connects to nobody
    startedWith("b:1", "c:1", "d:1", "e:1");
    lose("d:1", "e:1");
    node.pass(HALF_A_MINUTE);
    node.pass(HALF_A_MINUTE);

    lose("c:1");

    assertEquals(ClusterState.STOPPED, node.state());
  }

  @Test
  void staysWhereTheOthersWentByAWord() {
    startedWith("b:1", "c:1", "d:1", "e:1", "f:1");

    provider.tellLeft("b:1", 0);
    provider.tellView("d:1", "e:1", "f:1"); // and so did c:1
    node.settle();
    node.block("d:1");
    provider.tellLost("e:1");
    provider.tellLeft("e:1", 0); // its goodbye came late
    node.settle();
    lose("f:1");

    assertEquals(ClusterState.RUNNING, node.state());
    assertEquals(List.of(SELF), node.members());
  }

  @Test
  void takesNoOldVerdictForANewOne() {
    startedWith("b:1", "c:1", "d:1");
    lose("b:1");
    provider.tellJoined("b:1", 0);
    node.settle();

    provider.tellView("d:1"); // which is a word
    node.settle();
    lose("d:1");

    assertEquals(ClusterState.RUNNING, node.state());
  }

  @Test
  void takesAnAddressThatHasComeBackForReachable() {
    startedWith("b:1", "c:1");

    provider.tellLost("b:1");
    provider.tellJoined("b:1", 7); // another run, within one period
    node.settle();
    lose("c:1");

    assertEquals(ClusterState.RUNNING, node.state());
    assertEquals(List.of(at(SELF.toString()), at("b:1")), node.members());
  }

  @Test
  void goesOnWhereBothSidesDo() { // G9, the default
    node.configure("coalesceMillis", 50);
    startedWith("b:1", "c:1");

    lose("b:1", "c:1");

    assertEquals(ClusterState.RUNNING, node.state());
    assertEquals("both-sides-go-on: this side goes on", last("b:1").rule());
  }

  @Test
  void takesAnotherPolicyWhileItRuns() {
    startedWith("b:1", "c:1");
    node.configure("partition", "both-sides-go-on");

    lose("b:1", "c:1");

    assertEquals(ClusterState.RUNNING, node.state());
  }

  @Test
  void letsAClientFollowWhomItReaches() { // E3
    node.core.configure(
        ClusterSettings.DEFAULTS.with("partition", "keep-majority").with("mode", "client"));
    startedWith("b:1", "c:1");

    lose("b:1", "c:1");

    assertEquals(ClusterState.RUNNING, node.state());
  }

  private static NodeId[] others(String... addresses) {
    return nodes(addresses).toArray(NodeId[]::new);
  }

  private Evidence last(String address) {
    List<Evidence> known = node.shown().evidence().getOrDefault(at(address), List.of());
    return known.get(known.size() - 1);
  }
}
