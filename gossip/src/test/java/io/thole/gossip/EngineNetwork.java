package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** A handful of engines in virtual time that exchange messages, as bytes, over a network that may lose them or be cut. */
final class EngineNetwork {
  static final long MS = 1_000_000;
  static final long SECOND = 1_000 * MS;

  private static final long LATENCY_NANOS = MS;

  /** Checking an address costs more than most of what is tested here. */
  private static final Map<Integer, Authority> ADDRESSES = new ConcurrentHashMap<>();

  /** An engine that has so much to do at one moment will never be done. */
  private static final int MOST_TICKS_AT_ONCE = 100;

  /** What happened where. */
  record Event(NodeId at, long nanos, GossipNote note) {}

  private record Delivery(long nanos, long order, NodeId from, NodeId to, ByteBuffer bytes) {}

  final List<Event> events = new ArrayList<>();
  private final GossipSettings settings;
  private final SplittableRandom random;
  private final Map<NodeId, GossipEngine> engines = new LinkedHashMap<>();
  private final PriorityQueue<Delivery> deliveries = new PriorityQueue<>(
      Comparator.comparingLong(Delivery::nanos).thenComparingLong(Delivery::order));
  private final Set<Set<NodeId>> cuts = new HashSet<>();
  private double loss;
  private long order;
  private long nowNanos = -5 * SECOND; // as System.nanoTime may be

  EngineNetwork(GossipSettings settings, long seed) {
    this.settings = settings;
    this.random = new SplittableRandom(seed);
  }

  static Authority address(int number) {
    return ADDRESSES.computeIfAbsent(
        number, it -> new Authority("10.0." + it / 250 + "." + (1 + it % 250), 26050));
  }

  static NodeId node(int number) {
    return new NodeId(address(number), 1_000 + number);
  }

  static List<NodeId> nodes(int count) {
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(node(i));
    }
    return nodes;
  }

  /** Makes a network of members that all know each other. */
  static EngineNetwork of(int count, long seed) {
    EngineNetwork network = new EngineNetwork(GossipSettings.thole(), seed);
    nodes(count).forEach(node -> network.start(node, true));
    nodes(count).forEach(node -> network.propose(node, nodes(count)));
    return network;
  }

  long nowNanos() {
    return nowNanos;
  }

  GossipEngine engine(NodeId node) {
    GossipEngine engine = engines.get(node);
    if (engine == null) {
      throw new IllegalArgumentException("no engine runs for " + node);
    }
    return engine;
  }

  GossipEngine start(NodeId node, boolean member) {
    GossipEngine engine = new GossipEngine(node, member, settings, random.nextLong(), nowNanos);
    engines.put(node, engine);
    return engine;
  }

  void propose(NodeId to, Collection<NodeId> members) {
    carryOut(to, engine(to).onProposed(members, nowNanos));
  }

  void say(NodeId from, NodeId to, Update update) {
    GossipMessage message = new GossipMessage(
        engine(from).refutation(),
        engine(from).viewHash(),
        new GossipMessage.Rumors(),
        List.of(update));
    carryOut(to, engine(to).onMessage(from, message, nowNanos));
  }

  /** Both ends of a new connection are told. */
  void connect(NodeId one, NodeId other) {
    if (engines.containsKey(other) && !cuts.contains(Set.of(one, other))) {
      carryOut(one, engine(one).onLink(other, Link.UP, nowNanos));
      carryOut(other, engine(other).onLink(one, Link.UP, nowNanos));
    }
  }

  void leave(NodeId node) {
    carryOut(node, engine(node).leave(nowNanos));
    engines.remove(node);
  }

  void crash(NodeId node) {
    engines.remove(node);
  }

  void lose(double share) {
    loss = share;
  }

  /** Nothing goes between two groups, either way. */
  void cut(Collection<NodeId> some, Collection<NodeId> others) {
    some.forEach(one -> others.forEach(other -> cuts.add(Set.of(one, other))));
  }

  void heal() {
    cuts.clear();
  }

  Set<NodeId> view(NodeId node) {
    return new TreeSet<>(engine(node).members());
  }

  /** Returns who has noted what of whom. */
  List<NodeId> noted(GossipNote.Kind kind, NodeId about) {
    return events.stream()
        .filter(event -> event.note().kind() == kind && event.note().about().equals(about))
        .map(Event::at)
        .toList();
  }

  void run(long nanos) {
    long end = nowNanos + nanos;
    for (long next = nextNanos(); next <= end; next = nextNanos()) {
      nowNanos = Math.max(nowNanos, next);
      deliver();
      tick();
    }
    nowNanos = end;
  }

  private long nextNanos() {
    Delivery first = deliveries.peek();
    long next = first == null ? Long.MAX_VALUE : first.nanos();
    for (GossipEngine engine : engines.values()) {
      next = Math.min(next, engine.nextDeadlineNanos());
    }
    return next;
  }

  private void deliver() {
    for (Delivery next = deliveries.peek();
        next != null && next.nanos() <= nowNanos;
        next = deliveries.peek()) {
      deliveries.remove();
      GossipEngine engine = engines.get(next.to());
      if (engine != null) {
        GossipMessage message = GossipMessage.decode(next.bytes().duplicate()).orElseThrow();
        carryOut(next.to(), engine.onMessage(next.from(), message, nowNanos));
      }
    }
  }

  private void tick() {
    engines.forEach((node, engine) -> {
      for (int ticks = 0; engine.nextDeadlineNanos() <= nowNanos; ticks++) {
        assertTrue(ticks < MOST_TICKS_AT_ONCE, node + " is never done");
        carryOut(node, engine.tick(nowNanos));
      }
    });
  }

  private void carryOut(NodeId at, GossipOutcome outcome) {
    outcome.notes().forEach(note -> events.add(new Event(at, nowNanos, note)));
    outcome.sends().forEach(send -> send(at, send));
    outcome
        .dials()
        .forEach(address -> engines.keySet().stream()
            .filter(node -> node.authority().equals(address))
            .findFirst()
            .ifPresent(node -> connect(at, node)));
  }

  private void send(NodeId from, GossipOutcome.Send send) {
    ByteBuffer bytes = ByteBuffer.allocate(send.message().encodedBytes());
    send.message().encode(bytes);
    if (!cuts.contains(Set.of(from, send.to())) && random.nextDouble() >= loss) {
      deliveries.add(
          new Delivery(nowNanos + LATENCY_NANOS, order++, from, send.to(), bytes.flip()));
    }
  }
}
