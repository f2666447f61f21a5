package io.thole.grains.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.core.run.ManualNodeLoop;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import io.thole.spi.IdentityLookup;
import io.thole.spi.Peer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Several nodes in one virtual time. What they send is delivered in order for each pair, and in a seeded order across pairs. */
final class GrainNodes {
  final ManualNodeLoop loop = new ManualNodeLoop();
  final Map<NodeId, Node> nodes = new TreeMap<>();
  private final Random random;

  GrainNodes(long seed) {
    random = new Random(seed);
  }

  /** Adds a node of a start; it runs, sees itself, and has sessions with all others. */
  Node start(int number, long incarnation, IdentityLookup lookup, GrainKind... kinds) {
    Node node = new Node(
        new NodeId(new Authority("127.0.0.1", 26_050 + number), incarnation), lookup, kinds);
    nodes.put(node.id, node);
    node.grains.start(node);
    node.sees(List.of(node));
    nodes.values().forEach(other -> {
      if (other != node) {
        node.begin(other);
        other.begin(node);
      }
    });
    return node;
  }

  /** Has each node that is there see all of them. */
  void agree() {
    nodes.values().forEach(node -> node.sees(List.copyOf(nodes.values())));
    run();
  }

  /** Ends a process: nothing that it sent arrives any more. */
  void kill(Node node) {
    nodes.remove(node.id);
    node.handler = (from, messages) -> {};
    nodes.values().forEach(other -> other.end(node));
  }

  /** Runs everything and delivers everything, until nothing is left. */
  void run() {
    loop.run();
    for (List<Runnable> next = deliveries(); !next.isEmpty(); next = deliveries()) {
      next.get(random.nextInt(next.size())).run();
      loop.run();
    }
  }

  /** Lets time pass in small steps. */
  void advance(Duration time) {
    long endNanos = loop.nowNanos() + time.toNanos();
    run();
    while (loop.nowNanos() < endNanos) {
      loop.advance(Math.min(5_000_000, endNanos - loop.nowNanos()));
      run();
    }
  }

  /** Waits for the end of a call, for as long as it may take. */
  CallReport end(CompletableFuture<CallReport> call) {
    for (int i = 0; i < 2_000 && !call.isDone(); i++) {
      advance(Duration.ofMillis(5));
    }
    return now(call);
  }

  /** Returns what a stage has completed with; a test that expects it would rather fail than wait. */
  static <T> T now(CompletableFuture<T> stage) {
    if (!stage.isDone()) {
      throw new AssertionError("it has not ended");
    }
    return stage.join();
  }

  private List<Runnable> deliveries() {
    List<Runnable> next = new ArrayList<>();
    nodes
        .values()
        .forEach(from -> from.underway.forEach((to, messages) -> {
          if (!messages.isEmpty() && nodes.containsKey(to)) {
            next.add(() -> messages.remove().accept(nodes.get(to)));
          }
        }));
    return next;
  }

  /** Has the turns of a node stand still, as if its grains were slow, until they are let go. */
  void hold(Node node, boolean standStill) {
    loop.hold(node.id + " turn", standStill);
  }

  /** One node. */
  final class Node extends TestContext implements Channel {
    final GrainHost grains;
    final Set<NodeId> sessions = new HashSet<>();
    final Map<NodeId, ArrayDeque<Consumer<Node>>> underway = new HashMap<>();
    int gathered;
    int held;
    Sending answer = Sending.SENT; // what sending is told where there is a session
    ChannelHandler handler = (from, messages) -> {};

    Node(NodeId id, IdentityLookup lookup, GrainKind... kinds) {
      super(id, GrainNodes.this.loop, GrainNodes.this.loop);
      grains = new GrainHost(lookup);
      List.of(kinds).forEach(this::host);
      this.kinds = List.of(kinds).stream().map(GrainKind::name).toList();
    }

    @Override
    public Channel open(String name, ChannelHandler told) {
      handler = told;
      return this;
    }

    void sees(List<Node> members) {
      sees(
          new ClusterView(1, members.stream().map(member -> member.id).toList(), List.of()),
          members.stream()
              .filter(member -> member != this)
              .map(member -> new Peer(member.id, StartupMode.MEMBER, member.kinds))
              .toList());
    }

    CompletableFuture<CallReport> call(GrainId grain, String text, Duration timeout) {
      return grains.call(grain, text.getBytes(UTF_8), timeout).toCompletableFuture();
    }

    /** Takes a kind away, as the core does; returns when its grains are gone. */
    CompletableFuture<Void> remove(GrainKind kind) {
      CompletableFuture<Void> gone = new CompletableFuture<>();
      forget(kind);
      grains.remove(kind, () -> gone.complete(null));
      return gone;
    }

    void begin(Node peer) {
      sessions.add(peer.id);
      handler.onBegun(peer.id);
    }

    void end(Node peer) {
      sessions.remove(peer.id);
      underway.remove(peer.id);
      handler.onEnded(peer.id);
    }

    void take(NodeId from, ByteBuffer message) {
      if (sessions.contains(from)) {
        handler.onMessages(from, List.of(message));
      }
    }

    @Override
    public Sending send(NodeId node, Encodable message) {
      if (!sessions.contains(node)) {
        return Sending.NO_SESSION;
      }
      if (answer == Sending.SENT) {
        ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
        message.encode(bytes);
        way(node).add(to -> to.take(id, bytes.flip()));
      }
      return answer;
    }

    @Override
    public Sending reply(NodeId node, Encodable message) {
      return send(node, message);
    }

    @Override
    public Sending gather(NodeId node, Encodable message) {
      gathered++;
      return send(node, message);
    }

    @Override
    public Sending hold(NodeId node, Encodable message) {
      held++;
      return reply(node, message);
    }

    @Override
    public Sending cast(NodeId node, Encodable message) {
      throw new AssertionError("what grains say must arrive");
    }

    @Override
    public void close() {
      handler = (from, messages) -> {};
      sessions.forEach(peer -> way(peer).add(to -> to.end(this)));
      sessions.clear();
    }

    private ArrayDeque<Consumer<Node>> way(NodeId peer) {
      return underway.computeIfAbsent(peer, first -> new ArrayDeque<>());
    }
  }
}
