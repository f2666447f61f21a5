package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.Expelled;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.Member;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.SwapReport;
import io.thole.core.Part;
import io.thole.core.run.LocalCluster;
import io.thole.gossip.run.GossipDriver;
import io.thole.spi.ClusterProvider;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import io.thole.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole nodes over real sockets, in one process: the provider, the transport and the core's links together. */
@Timeout(120)
class TcpClusterIT {
  private static final long PATIENCE_SECONDS = 30;

  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void stopTheNodes() {
    nodes.forEach(node -> node.cluster.shutdown(false).toCompletableFuture().join());
  }

  @Test // G1, G8
  void nodesThatKnowOneSeedSeeEachOtherWhenTheirStartReturns() {
    Node a = new Node().started();
    Node b = new Node(a).started();
    assertEquals(addresses(a, b), b.cluster.view().authorities());
    Node c = new Node(a).started();
    assertEquals(addresses(a, b, c), c.cluster.view().authorities());

    a.awaitMembers(a, b, c);
    b.awaitMembers(a, b, c);

    assertEquals(a.hash(), b.hash());
    assertEquals(a.hash(), c.hash());
  }

  @Test // D9
  void aNodeWhoseSeedsRefuseStartsAloneAndMeetsThemLater() {
    Node a = new Node().started();
    Authority seed = a.address();
    a.cluster.shutdown(false).toCompletableFuture().join();
    long beganNanos = System.nanoTime();
    Node b = new Node(List.of(seed), 0).started();
    long millis = (System.nanoTime() - beganNanos) / 1_000_000;
    assertTrue(millis < 4_500, "it waited longer than joinMillis: " + millis + " ms");

    Node later = new Node(List.of(), seed.port()).started();

    b.awaitMembers(later, b);
    later.awaitMembers(later, b);
  }

  @Test // E3
  void aClientSeesTheMembersAndIsNone() {
    Node a = new Node().started();
    Node b = new Node(a).started();
    Node client = new Node(a, StartupMode.CLIENT).started();

    client.awaitMembers(a, b);
    a.awaitMembers(a, b);
    client.cluster.shutdown(true).toCompletableFuture().join();

    assertEquals(List.of(), a.lefts());
  }

  @Test // G3, E5
  void aNodeThatLeavesIsGoneAtOnce() {
    Node a = new Node().started();
    Node b = new Node(a).started();
    Node c = new Node(a).started();
    b.awaitMembers(a, b, c);

    long beganNanos = System.nanoTime();
    c.cluster.shutdown(true).toCompletableFuture().join();
    a.awaitMembers(a, b);
    b.awaitMembers(a, b);

    long millis = (System.nanoTime() - beganNanos) / 1_000_000;
    assertTrue(millis < 4_000, "until it was seen to leave: " + millis + " ms");
    assertEquals(a.hash(), b.hash());
    a.await("one left", any -> a.lefts().equals(List.of(List.of(c.address()))));
  }

  @Test // G4, G5, D10
  void aNodeThatCrashesIsGoneBeforeItsGraceTimeAndIsAnotherWhenItReturns() {
    Node a = new Node().started();
    Node b = new Node(a).started();
    a.awaitMembers(a, b);

    long beganNanos = System.nanoTime();
    b.cluster.shutdown(false).toCompletableFuture().join();
    a.awaitMembers(a);
    long millis = (System.nanoTime() - beganNanos) / 1_000_000;
    assertTrue(millis < 4_000, "until the crash was seen: " + millis + " ms");
    Node again = new Node(List.of(a.address()), b.address().port()).started();
    a.awaitMembers(a, again);

    assertEquals(b.address(), again.address());
    assertTrue(again.id().incarnation() > b.id().incarnation());
    a.await("one left", any -> a.lefts().equals(List.of(List.of(b.address()))));
  }

  @Test // H3, H6
  void aNodeThatIsBlockedSaysSoOnceAndLeavesAndIsNotLetInAgain() {
    Node a = new Node().started();
    Node b = new Node(a).started();
    a.awaitMembers(a, b);
    b.awaitMembers(a, b);

    a.cluster
        .blockList()
        .block(b.address(), "noisy", Optional.empty())
        .toCompletableFuture()
        .join();
    a.awaitMembers(a);
    b.await("stopped", any -> b.cluster.state() == ClusterState.STOPPED);
    long beganNanos = System.nanoTime();
    Node again = new Node(List.of(a.address()), b.address().port()).started();
    long millis = (System.nanoTime() - beganNanos) / 1_000_000;

    String reason = "blocked by operator: noisy";
    assertEquals(List.of(new Expelled(a.address(), reason)), b.expulsions());
    assertTrue(millis < 4_500, "it waited longer than joinMillis: " + millis + " ms");
    assertTrue(again.cluster.why(a.address()).stream()
        .anyMatch(known -> known.evidence().equals("refuses this node: " + reason)));
    assertEquals(addresses(again), again.cluster.view().authorities());
    assertEquals(addresses(a), a.cluster.view().authorities());
  }

  @Test // O1, O2, E5
  void aSwapAwayAndBackIsNoEventForAnybody() {
    Node a = new Node().started();
    Node b = new Node(a).started();
    a.awaitMembers(a, b);
    b.cluster.add(part(new Listed(List.of(a.address(), b.address()))));
    b.await("both know", any -> a.updates().size() + b.updates().size() == 2);

    for (int i = 0; i < 3; i++) {
      SwapReport away = b.cluster.swap("listed").toCompletableFuture().join();
      SwapReport back = b.cluster.swap("tcp").toCompletableFuture().join();
      assertEquals(
          List.of(),
          Stream.of(away.joined(), away.left(), back.joined(), back.left())
              .flatMap(List::stream)
              .toList());
    }
    Node c = new Node(a).started();
    a.awaitMembers(a, b, c);
    b.awaitMembers(a, b, c);

    a.await("one more each", any -> a.updates().size() + b.updates().size() == 4);
  }

  @Test // O5, D3
  void anUpdateOfTheTransportInPlaceIsNoEventForAnybody() {
    Node a = new Node().started();
    Node b = new Node(a).started();
    a.awaitMembers(a, b);

    for (int i = 0; i < 3; i++) {
      b.replaceTransport();
    }
    Node c = new Node(a).started();
    a.awaitMembers(a, b, c);
    b.awaitMembers(a, b, c);

    assertEquals(List.of(), a.lefts());
    assertEquals(List.of(), b.lefts());
  }

  @Test // D9
  void meetsASeedThatGoesByAnotherName() {
    Node a = new Node().started();
    Node b = new Node(List.of(new Authority("localhost", a.address().port())), 0).started();
    a.awaitMembers(a, b);
    b.awaitMembers(a, b);
  }

  private static List<Authority> addresses(Node... nodes) {
    return Stream.of(nodes).map(Node::address).sorted().toList();
  }

  private static Part part(Object service) {
    Part.Origin origin = new Part.Origin("test", 0, System.nanoTime());
    return service instanceof Transport transport
        ? Part.of(transport, origin)
        : service instanceof Gossiper gossiper
            ? Part.of(gossiper, origin)
            : Part.of((ClusterProvider) service, origin);
  }

  /** A node with a transport and a provider of its own. */
  private final class Node {
    final LocalCluster cluster;
    private final BlockingQueue<ClusterEvent> events = new LinkedBlockingQueue<>();
    private @Nullable NodeId id;
    private Part transport = part(new TcpTransport(TcpSettings.DEFAULTS));

    Node(Node... seeds) {
      this(addresses(seeds), 0);
    }

    Node(Node seed, StartupMode mode) {
      this(settings(List.of(seed.address()), 0).with("mode", mode));
    }

    Node(List<Authority> seeds, int port) {
      this(settings(seeds, port));
    }

    private Node(ClusterSettings settings) {
      cluster = new LocalCluster(settings);
      cluster.events().subscribe(ClusterEvent.class, events::add);
      cluster.add(transport);
      cluster.add(part(new GossipDriver()));
      cluster.add(part(new TcpClusterProvider(MembershipSettings.DEFAULTS)));
      nodes.add(this);
    }

    Node started() {
      cluster.start().toCompletableFuture().join();
      id = cluster.self();
      return this;
    }

    Authority address() {
      return id().authority();
    }

    NodeId id() {
      return Objects.requireNonNull(id, "it was never started");
    }

    long hash() {
      return cluster.view().membersHash();
    }

    void replaceTransport() {
      cluster.remove(transport).join();
      transport = part(new TcpTransport(TcpSettings.DEFAULTS));
      cluster.add(transport);
      await(
          "the transport is back",
          any -> cluster.members().stream()
              .allMatch(member -> member.status() == Member.Status.ALIVE));
    }

    List<TopologyUpdated> updates() {
      return events.stream()
          .filter(TopologyUpdated.class::isInstance)
          .map(TopologyUpdated.class::cast)
          .toList();
    }

    List<ClusterEvent> expulsions() {
      return events.stream().filter(Expelled.class::isInstance).toList();
    }

    List<List<Authority>> lefts() {
      assertEquals(
          List.of(), events.stream().filter(PartFailed.class::isInstance).toList());
      return updates().stream()
          .map(TopologyUpdated::left)
          .filter(left -> !left.isEmpty())
          .toList();
    }

    void awaitMembers(Node... members) {
      await(
          "members " + addresses(members),
          view -> view.equals(addresses(members))
              && cluster.members().stream()
                  .allMatch(member -> member.status() == Member.Status.ALIVE));
    }

    private void await(String what, Predicate<List<Authority>> condition) {
      long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!condition.test(cluster.view().authorities())) {
        assertTrue(
            System.nanoTime() < untilNanos,
            () -> what + " at " + id() + ": " + cluster.members() + " " + events);
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private static ClusterSettings settings(List<Authority> seeds, int port) {
    return ClusterSettings.DEFAULTS
        .with("bind", "127.0.0.1:" + port)
        .with("seeds", seeds.stream().map(Authority::toString).toList());
  }

  /** Another provider: a list that never changes. */
  private record Listed(List<Authority> members) implements ClusterProvider {
    @Override
    public String name() {
      return "listed";
    }

    @Override
    public void startMember(PartContext context) {
      context.topology().view(members.stream().map(NodeId::at).toList());
    }

    @Override
    public void startClient(PartContext context) {
      startMember(context);
    }

    @Override
    public void shutdown(boolean graceful) {}
  }
}
