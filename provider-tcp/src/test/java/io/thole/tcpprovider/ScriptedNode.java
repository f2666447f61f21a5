package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node in virtual time that writes down what its provider does, and whose peers are what a test says. */
final class ScriptedNode
    implements PartContext, TopologyPublisher, Peers, Channel, EventStream, EventSubscription {
  static final NodeId SELF = new NodeId(new Authority("self", 1), 3);

  /** What the provider did, in order: {@code joined a:1#7}, {@code dial a:1}, {@code Join[] to a:1#7}. */
  final BlockingQueue<String> done = new LinkedBlockingQueue<>();

  List<Authority> seeds = List.of();
  List<NodeId> view = List.of(SELF);
  List<Peer> linked = List.of();
  StartupMode mode = StartupMode.MEMBER;
  volatile boolean verdicts;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Alarm> alarms = new ArrayList<>();
  private long nowNanos;
  private @Nullable PeerObserver observer;
  private @Nullable ChannelHandler handler;
  private @Nullable Consumer<ClusterEvent.TopologyUpdated> subscriber;

  private record Alarm(long atNanos, Runnable task) {}

  /** Returns what the provider did since this was last called. */
  List<String> done() {
    List<String> all = new ArrayList<>();
    done.drainTo(all);
    return all;
  }

  void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Returns how many tasks wait. */
  int tasks() {
    return tasks.size();
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

  /** A member comes, and talks. */
  void meet(NodeId id) {
    observer().onUp(new Peer(id, StartupMode.MEMBER, List.of()));
    handler().onBegun(id);
  }

  void say(NodeId from, MembershipMessage message) {
    handler().onMessages(from, List.of(MembershipMessageTest.bytes(message)));
  }

  /** The view changes by somebody's word. */
  void show(NodeId... members) {
    if (subscriber == null) {
      throw new AssertionError("nobody observes");
    }
    subscriber.accept(new ClusterEvent.TopologyUpdated(
        new ClusterTopology(List.of(), List.of(), 1), List.of(), List.of(members)));
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
  public Sending send(NodeId node, Encodable message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    done.add(MembershipMessage.decode(bytes.flip()).orElseThrow() + " to " + node);
    return Sending.SENT;
  }

  @Override
  public Sending reply(NodeId node, Encodable message) {
    return send(node, message);
  }

  @Override
  public Sending cast(NodeId node, Encodable message) {
    throw new AssertionError("what a provider says must arrive");
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
    linked.forEach(given::onUp);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> given) {
    subscriber = (Consumer<ClusterEvent.TopologyUpdated>) given;
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
    throw new AssertionError("this provider needs no worker beside its own");
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
    return new ClusterView(1, view, List.of());
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
    return seeds;
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
    return verdicts;
  }

  @Override
  public OptionalLong heardNanos(NodeId peer) {
    return OptionalLong.empty();
  }

  @Override
  public Peers peers() {
    return this;
  }

  @Override
  public List<Peer> linked() {
    return linked;
  }

  @Override
  public void tell(ClusterEvent.PartEvent event) {
    throw new AssertionError("this provider tells nothing of itself");
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
  public void publish(ClusterEvent.TopologyUpdated event) {
    throw new AssertionError("facts go to the publisher");
  }
}
