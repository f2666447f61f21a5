package io.thole.pubsub;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyUpdated;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node of a {@link TestNetwork}: its broker, and what that is given. */
final class TestNode implements PartContext, EventStream, Peers {
  final List<PartEvent> told = new CopyOnWriteArrayList<>();
  final List<Authority> dialled = new CopyOnWriteArrayList<>();
  List<String> kinds = List.of(GrainKind.TOPIC);
  volatile ClusterView view = ClusterView.EMPTY;
  PubSubBroker broker = new PubSubBroker();

  private final TestNetwork network;
  private final NodeId id;
  private final List<TestNetwork.Line> workers = new CopyOnWriteArrayList<>();
  private final List<Consumer<? super Startup>> observers = new ArrayList<>();
  private @Nullable ChannelHandler handler;
  private @Nullable PeerObserver observer;
  private boolean running;

  TestNode(TestNetwork network, NodeId id) {
    this.network = network;
    this.id = id;
  }

  NodeId id() {
    return id;
  }

  ChannelHandler handler() {
    return handler == null ? (from, messages) -> {} : handler;
  }

  PeerObserver observer() {
    if (observer == null) {
      throw new AssertionError(id + " watches nobody");
    }
    return observer;
  }

  /** Returns the worker that was opened last. */
  TestNetwork.Line lastWorker() {
    return workers.get(workers.size() - 1);
  }

  /** Starts the broker, and then the node. */
  void start() {
    broker.start(this);
    startup();
  }

  void startup() {
    running = true;
    observers.forEach(started -> started.accept(new Startup(id.authority(), mode())));
  }

  /** Stops the broker; what it needs of others happens meanwhile. */
  void stop(boolean graceful) {
    network.beside(() -> broker.stop(graceful));
    workers.forEach(TestNetwork.Line::close);
  }

  /** Is gone from one moment to the next. */
  void crash() {
    handler = null;
    workers.forEach(TestNetwork.Line::close);
    network.endAll(id);
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
    return "thole";
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
    throw new AssertionError("a broker knows nothing of topology");
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
    return Optional.empty();
  }

  @Override
  public boolean wasStopped(long nowNanos) {
    return false;
  }

  @Override
  public boolean verdicts() {
    return false;
  }

  @Override
  public long nowNanos() {
    return network.nowNanos();
  }

  @Override
  public void execute(Runnable task) {
    network.schedule(Duration.ZERO, task);
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    network.schedule(delay, task);
  }

  @Override
  public SerialWorker worker(String name, int capacity) {
    TestNetwork.Line line = network.line();
    workers.add(line);
    return new SerialWorker() {
      private volatile boolean closed;

      @Override
      public boolean offer(Runnable task) {
        if (closed || line.size() >= capacity) {
          return false;
        }
        line.add(task);
        return true;
      }

      @Override
      public void close() {
        closed = true;
        line.close();
      }
    };
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
  public void tell(PartEvent event) {
    told.add(event);
  }

  @Override
  public Channel open(String name, ChannelHandler opened) {
    handler = opened;
    return new Channel() {
      @Override
      public Sending send(NodeId node, Encodable message) {
        return network.send(id, node, message, false);
      }

      @Override
      public Sending reply(NodeId node, Encodable message) {
        return network.send(id, node, message, true);
      }

      @Override
      public Sending cast(NodeId node, Encodable message) {
        throw new AssertionError("what a broker says must arrive");
      }

      @Override
      public void close() {
        handler = null;
        network.closeAll(id);
      }
    };
  }

  @Override
  public void publish(TopologyUpdated event) {
    throw new AssertionError("a broker publishes no topology");
  }

  @Override
  @SuppressWarnings("unchecked")
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> started) {
    if (type != Startup.class) {
      throw new AssertionError("a broker waits for the start alone");
    }
    Consumer<? super Startup> observing = (Consumer<? super Startup>) started;
    observers.add(observing);
    if (running) {
      observing.accept(new Startup(id.authority(), mode()));
    }
    return () -> observers.remove(observing);
  }

  @Override
  public List<Peer> linked() {
    return List.of();
  }

  @Override
  public void dial(Authority address) {
    dialled.add(address);
  }

  @Override
  public void watch(PeerObserver watching) {
    observer = watching;
  }
}
