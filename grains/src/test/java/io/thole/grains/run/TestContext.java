package io.thole.grains.run;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
import io.thole.core.NodeLoop;
import io.thole.core.Worker;
import io.thole.core.Workers;
import io.thole.grains.Placement;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers;
import io.thole.spi.SerialWorker;
import io.thole.spi.TopologyPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What the grains of a test's node are given: what it sees is what the test says. */
abstract class TestContext implements PartContext, Peers, EventStream {
  final NodeId id;
  final NodeLoop loop;
  volatile ClusterView view = ClusterView.EMPTY;
  volatile List<Peer> peers = List.of();
  volatile List<String> kinds = List.of();
  private final Workers workers;
  private final Worker own;
  private final Map<String, GrainKind> hosted = new ConcurrentHashMap<>();
  private final List<Consumer<? super TopologyUpdated>> observers = new CopyOnWriteArrayList<>();

  TestContext(NodeId id, NodeLoop loop, Workers workers) {
    this.id = id;
    this.loop = loop;
    this.workers = workers;
    own = workers.open(id + " grains", 1_000);
  }

  /** Has the node have a kind; what others are told of it is another matter. */
  void host(GrainKind kind) {
    hosted.put(kind.name(), kind);
  }

  void forget(GrainKind kind) {
    hosted.remove(kind.name(), kind);
  }

  /** Has it see these members, and tells it so. */
  void sees(ClusterView next, List<Peer> linked) {
    view = next;
    peers = linked;
    TopologyUpdated event = new TopologyUpdated(
        new ClusterTopology(List.of(), List.of(), next.version()), List.of(), next.members());
    observers.forEach(observer -> own.offer(() -> observer.accept(event)));
  }

  /** Returns what grains make of what it sees. */
  Placement placement() {
    return new CurrentPlacement(this, id).get();
  }

  @Override
  public NodeId self() {
    return id;
  }

  @Override
  public StartupMode mode() {
    return StartupMode.MEMBER;
  }

  @Override
  public String clusterName() {
    return "test";
  }

  @Override
  public ClusterView view() {
    return view;
  }

  @Override
  public EventStream events() {
    return this;
  }

  @Override
  public TopologyPublisher topology() {
    throw new AssertionError("grains have no facts about the topology");
  }

  @Override
  public List<Authority> seeds() {
    return List.of();
  }

  @Override
  public List<String> kinds() {
    return kinds;
  }

  @Override
  public Optional<GrainKind> kind(String name) {
    return Optional.ofNullable(hosted.get(name));
  }

  @Override
  public boolean verdicts() {
    return false;
  }

  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }

  @Override
  public boolean wasStopped(long nowNanos) {
    return loop.wasStopped(nowNanos);
  }

  @Override
  public void execute(Runnable task) {
    own.offer(task);
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    loop.execute(() -> loop.schedule(delay.toNanos(), () -> own.offer(task)));
  }

  @Override
  public SerialWorker worker(String name, int capacity) {
    Worker worker = workers.open(id + " " + name, capacity);
    return new SerialWorker() {
      @Override
      public boolean offer(Runnable task) {
        return worker.offer(task);
      }

      @Override
      public void close() {
        worker.close();
      }
    };
  }

  @Override
  public Peers peers() {
    return this;
  }

  @Override
  public void tell(PartEvent event) {
    throw new AssertionError("grains tell nothing of themselves");
  }

  @Override
  public List<Peer> linked() {
    return peers;
  }

  @Override
  public void dial(Authority address) {
    throw new AssertionError("grains dial nobody");
  }

  @Override
  public OptionalLong heardNanos(NodeId peer) {
    return OptionalLong.empty();
  }

  @Override
  public void watch(PeerObserver observer) {} // a test says with sees what has changed

  @Override
  public void publish(TopologyUpdated event) {
    throw new AssertionError("grains publish nothing");
  }

  @Override
  @SuppressWarnings("unchecked")
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> observer) {
    if (type != TopologyUpdated.class) {
      throw new AssertionError("grains look at the topology alone, not at " + type);
    }
    Consumer<? super TopologyUpdated> told = (Consumer<? super TopologyUpdated>) observer;
    observers.add(told);
    return () -> observers.remove(told);
  }
}
