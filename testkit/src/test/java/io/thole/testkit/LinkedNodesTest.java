package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent.MemberFailed;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.spi.ClusterProvider;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whole nodes in virtual time, on a network in memory. */
class LinkedNodesTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Listing listA = new Listing();
  private final Listing listB = new Listing();
  private final Listing listC = new Listing();
  private final ManualNode a = node("a:1", listA);
  private final ManualNode b = node("b:1", listB);
  private final ManualNode c = node("c:1", listC);

  @Test
  void learnsWhichRunAMemberIsWhicheverComesFirst() { // D10, B7
    a.add(new Silent()).start();
    b.add(new Silent()).start();
    listB.view("a:1"); // so b dials a, in whose view it is not yet
    pass();
    assertEquals(List.of(a.self()), a.view().members());

    listA.view("b:1");
    pass();

    assertEquals(List.of(a.self(), b.self()), a.view().members());
    assertEquals(List.of(a.self(), b.self()), b.view().members());
    assertEquals(a.view().membersHash(), b.view().membersHash());
    assertEquals(1, a.events(TopologyUpdated.class).size(), "learning it is no event");
  }

  @Test // G1, G8
  void hearsOfMembersThatItsProviderDoesNotName() {
    startThree();

    assertEquals(List.of(a.self(), b.self(), c.self()), a.view().members());
    assertEquals(a.view(), withVersion(a, b.view()));
    assertEquals(a.view(), withVersion(a, c.view()));
  }

  @Test // G4, J5
  void findsOutWithinASecondThatAMemberHasCrashed() {
    startThree();
    NodeId crashed = c.self();

    c.close();
    pass();
    pass();

    for (ManualNode survivor : List.of(a, b)) {
      assertEquals(List.of(a.self(), b.self()), survivor.view().members());
      List<MemberFailed> verdicts = survivor.events(MemberFailed.class);
      assertEquals(List.of(crashed), verdicts.stream().map(MemberFailed::member).toList());
      assertTrue(verdicts.get(0).evidence().contains("port is closed"), verdicts::toString);
      assertEquals(1, survivor.events(MemberSuspected.class).size());
    }
  }

  @Test // G3, E5
  void takesAGracefulLeaveForNoFailure() {
    startThree();

    c.stop(true);
    pass();

    for (ManualNode other : List.of(a, b)) {
      assertEquals(List.of(a.self(), b.self()), other.view().members());
      assertEquals(List.of(), other.events(MemberFailed.class));
      assertEquals(List.of(), other.events(MemberSuspected.class));
    }
  }

  @Test // G5, D10
  void takesTheNextStartOfOneThatHasCrashed() {
    startThree();
    c.close();
    pass();
    pass();

    c.start();
    listC.view("a:1");
    pass();

    assertEquals(List.of(a.self(), b.self(), c.self()), a.view().members());
    assertEquals(List.of(a.self(), b.self(), c.self()), b.view().members());
    assertEquals(2, c.self().incarnation());
  }

  @Test // H1, H3
  void keepsOutWhomOthersTakeOutAndCallsItNoFailure() {
    startThree();

    a.stream()
        .publish(new TopologyUpdated(
            new ClusterTopology(
                List.of(), List.of(c.self().authority()), a.view().version() + 1),
            List.of(),
            List.of(a.self(), b.self())));
    for (int i = 0; i < 25; i++) {
      pass();
    }

    assertEquals(List.of(a.self(), b.self()), a.view().members());
    assertEquals(List.of(a.self(), b.self(), c.self()), b.view().members());
    assertEquals(List.of(), a.events(MemberFailed.class));
    assertEquals(List.of(), b.events(MemberFailed.class));
  }

  private void startThree() {
    a.start();
    b.start();
    listB.view("a:1");
    c.start();
    listC.view("a:1");
    pass();
    pass();
  }

  private static ClusterView withVersion(ManualNode node, ClusterView view) {
    return new ClusterView(node.view().version(), view.members(), view.blocked());
  }

  private void pass() {
    for (int i = 0; i < 25; i++) {
      network.run();
      List.of(a, b, c).forEach(node -> node.advance(Duration.ofMillis(20)));
    }
  }

  private ManualNode node(String address, ClusterProvider provider) {
    return ManualNode.create(ClusterSettings.DEFAULTS.with("bind", address))
        .add(network.transport())
        .add(provider);
  }

  /** Has no opinion: what is left is the word of providers. */
  private record Silent() implements Gossiper {
    @Override
    public String name() {
      return "silent";
    }

    @Override
    public boolean givesVerdicts() {
      return false;
    }

    @Override
    public void start(PartContext context) {}

    @Override
    public void stop() {}
  }

  /** Lists whom it is told to. */
  private static final class Listing implements ClusterProvider {
    private @Nullable PartContext context;

    void view(String address) {
      Objects.requireNonNull(context).topology().viewOf(List.of(address));
    }

    @Override
    public String name() {
      return "listing";
    }

    @Override
    public void startMember(PartContext given) {
      context = given;
    }

    @Override
    public void startClient(PartContext given) {
      context = given;
    }

    @Override
    public void shutdown(boolean graceful) {}
  }
}
