package io.thole.gossip.run;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.EventText;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
import io.thole.gossip.GossipMessage;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers;
import io.thole.spi.SerialWorker;
import io.thole.spi.TopologyPublisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a gossiper is given, in virtual time: writes down what it does, and whatever it sends. */
final class ScriptedPart
    implements PartContext, TopologyPublisher, Peers, Channel, EventStream, EventSubscription {
  static final NodeId SELF = new NodeId(new Authority("self", 1), 3);

  /** What the gossiper did, messages aside: {@code joined a:1#7}, {@code dial a:1}, {@code MemberFailed …}. */
  final List<String> done = new ArrayList<>();

  final List<Sent> cast = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  final Map<NodeId, Long> heard = new HashMap<>();
  StartupMode mode = StartupMode.MEMBER;
  long nowNanos = 1_000_000_000;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Alarm> alarms = new ArrayList<>();
  private @Nullable PeerObserver observer;
  private @Nullable ChannelHandler handler;
  private @Nullable Consumer<TopologyUpdated> subscriber;

  /** A message, as it arrives. */
  record Sent(NodeId to, GossipMessage message) {}

  private record Alarm(long atNanos, Runnable task) {}

  List<String> done() {
    List<String> all = List.copyOf(done);
    done.clear();
    return all;
  }

  /** Returns the bodies that were cast to a node since this was asked last. */
  List<GossipMessage.Body> castTo(NodeId node) {
    List<GossipMessage.Body> bodies = cast.stream()
        .filter(sent -> sent.to().equals(node))
        .map(sent -> sent.message().body())
        .toList();
    cast.clear();
    return bodies;
  }

  int tasks() {
    return tasks.size();
  }

  int alarms() {
    return alarms.size();
  }

  void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  void advance(long millis) {
    long untilNanos = nowNanos + millis * 1_000_000;
    while (nowNanos < untilNanos) {
      nowNanos += 1_000_000;
      List<Alarm> due =
          alarms.stream().filter(alarm -> alarm.atNanos() <= nowNanos).toList();
      alarms.removeAll(due);
      due.forEach(alarm -> alarm.task().run());
      runTasks();
    }
  }

  PeerObserver observer() {
    if (observer == null) {
      throw new AssertionError("nobody watches");
    }
    return observer;
  }

  ChannelHandler handler() {
    if (handler == null) {
      throw new AssertionError("no channel is open");
    }
    return handler;
  }

  /** A node connects, and can be talked to. */
  void meet(NodeId id, StartupMode as) {
    observer().onUp(new Peer(id, as, List.of()));
    handler().onBegun(id);
    runTasks();
  }

  void say(NodeId from, Encodable message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    handler().onMessages(from, List.of(bytes.flip()));
  }

  void show(TopologyUpdated event) {
    if (subscriber == null) {
      throw new AssertionError("nobody observes");
    }
    subscriber.accept(event);
    runTasks();
  }

  @Override
  public void joined(Collection<NodeId> nodes) {
    nodes.forEach(node -> done.add("joined " + node));
  }

  @Override
  public void left(Collection<NodeId> nodes) {
    nodes.forEach(node -> done.add("left " + node));
  }

  @Override
  public void lost(Collection<NodeId> nodes) {
    nodes.forEach(node -> done.add("lost " + node));
  }

  @Override
  public void dial(Authority address) {
    done.add("dial " + address);
  }

  @Override
  public OptionalLong heardNanos(NodeId peer) {
    Long at = heard.get(peer);
    return at == null ? OptionalLong.empty() : OptionalLong.of(at);
  }

  @Override
  public Sending send(NodeId node, Encodable message) {
    sent.add(new Sent(node, copy(message)));
    return Sending.SENT;
  }

  @Override
  public Sending reply(NodeId node, Encodable message) {
    throw new AssertionError("gossip has no answers that need room of their own");
  }

  @Override
  public Sending cast(NodeId node, Encodable message) {
    if (message.encodedBytes() > CAST_LIMIT) {
      throw new IllegalArgumentException("too long to be cast: " + message.encodedBytes());
    }
    cast.add(new Sent(node, copy(message)));
    return Sending.SENT;
  }

  private static GossipMessage copy(Encodable message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    return GossipMessage.decode(bytes.flip()).orElseThrow();
  }

  @Override
  public void close() {
    done.add("closed");
  }

  @Override
  public Channel open(String name, ChannelHandler given) {
    done.add("open " + name);
    handler = given;
    return this;
  }

  @Override
  public void watch(PeerObserver given) {
    observer = given;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> given) {
    subscriber = (Consumer<TopologyUpdated>) given;
    return this;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    alarms.add(new Alarm(nowNanos + delay.toNanos(), task));
  }

  @Override
  public SerialWorker worker(String name, int capacity) {
    throw new AssertionError("a gossiper needs no worker beside its own");
  }

  @Override
  public long nowNanos() {
    return nowNanos;
  }

  @Override
  public NodeId self() {
    return SELF;
  }

  @Override
  public StartupMode mode() {
    return mode;
  }

  @Override
  public String clusterName() {
    return "thole";
  }

  @Override
  public ClusterView view() {
    return new ClusterView(1, List.of(SELF), List.of());
  }

  @Override
  public EventStream events() {
    return this;
  }

  @Override
  public TopologyPublisher topology() {
    return this;
  }

  @Override
  public List<Authority> seeds() {
    return List.of();
  }

  @Override
  public List<String> kinds() {
    return List.of();
  }

  @Override
  public Optional<GrainKind> kind(String name) {
    return Optional.empty();
  }

  @Override
  public boolean wasStopped(long nowNanos) {
    return false;
  }

  @Override
  public boolean verdicts() {
    return true;
  }

  @Override
  public Peers peers() {
    return this;
  }

  @Override
  public List<Peer> linked() {
    return List.of();
  }

  @Override
  public void tell(ClusterEvent.PartEvent event) {
    done.add(EventText.of(event));
  }

  @Override
  public void view(Collection<NodeId> members) {
    throw new AssertionError("who is there comes and goes one by one");
  }

  @Override
  public void viewOf(Collection<String> addresses) {
    throw new AssertionError("who is there comes and goes one by one");
  }

  @Override
  public void publish(TopologyUpdated event) {
    throw new AssertionError("facts go to the publisher");
  }
}
