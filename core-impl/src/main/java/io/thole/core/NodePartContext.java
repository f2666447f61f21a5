package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers;
import io.thole.spi.Peers.PeerObserver;
import io.thole.spi.SerialWorker;
import io.thole.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one run of one part is given. What it hands in takes the way over the loop; after {@link #close} nothing does. */
final class NodePartContext implements PartContext {
  /** How many tasks of one part may wait, as many as events for an observer. */
  static final int TASKS = EventStream.QUEUE;

  private final Part part;
  private final long incarnation;
  private final ClusterSettings settings;
  private final NodeLoop loop;
  private final Worker worker;
  private final Workers workers;
  private final Board board;
  private final SerialEventStream events;
  private final LinkDriver links;
  private final Kinds kinds;
  private final NodeTopologyPublisher.Source topology;
  private final BooleanSupplier verdicts;
  private final BiConsumer<Part, PartEvent> told;
  private final Peers peers = new LinkedPeers();
  private final List<PeerObserver> watching = new ArrayList<>();
  private final List<Channel> channels = new ArrayList<>();
  private final Set<NodeLoop.Timer> timers = new HashSet<>();
  private final Set<Worker> opened = new HashSet<>();
  private volatile boolean closed; // written on the loop
  private @Nullable Authority bound;

  NodePartContext(
      Part part,
      long incarnation,
      ClusterSettings settings,
      NodeLoop loop,
      Worker worker,
      Workers workers,
      Board board,
      SerialEventStream events,
      LinkDriver links,
      Kinds kinds,
      NodeTopologyPublisher.Source topology,
      BooleanSupplier verdicts,
      BiConsumer<Part, PartEvent> told) {
    this.part = part;
    this.incarnation = incarnation;
    this.settings = settings;
    this.loop = loop;
    this.worker = worker;
    this.workers = workers;
    this.board = board;
    this.events = events;
    this.links = links;
    this.kinds = kinds;
    this.topology = topology;
    this.verdicts = verdicts;
    this.told = told;
  }

  @Override
  public NodeId self() {
    return board
        .shown()
        .self()
        .orElseThrow(() -> new NotStartedException("the node has no address yet"));
  }

  @Override
  public StartupMode mode() {
    return settings.mode();
  }

  @Override
  public String clusterName() {
    return settings.cluster();
  }

  @Override
  public ClusterView view() {
    return board.shown().topology().view();
  }

  @Override
  public EventStream events() {
    return events;
  }

  @Override
  public NodeTopologyPublisher.Source topology() {
    return topology;
  }

  @Override
  public List<Authority> seeds() {
    Authority own = self().authority();
    return settings.seeds().stream().filter(seed -> !seed.equals(own)).toList();
  }

  @Override
  public List<String> kinds() {
    return board.shown().kinds();
  }

  @Override
  public Optional<GrainKind> kind(String name) {
    return kinds.get(name);
  }

  @Override
  public boolean wasStopped(long nowNanos) {
    return loop.wasStopped(nowNanos);
  }

  @Override
  public boolean verdicts() {
    return verdicts.getAsBoolean();
  }

  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }

  @Override
  public void execute(Runnable task) { // not by way of the loop: to wake a thread is what costs
    if (!closed && !worker.offer(() -> guarded(task))) {
      loop.execute(() -> failed("a task was refused: " + TASKS + " are waiting"));
    }
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    long askedNanos = loop.nowNanos();
    loop.execute(() -> await(askedNanos + delay.toNanos() - loop.nowNanos(), task));
  }

  @Override
  public SerialWorker worker(String name, int capacity) {
    Worker beside = workers.open(part + " " + name, capacity);
    loop.execute(() -> {
      if (closed) {
        beside.close();
      } else {
        opened.add(beside);
      }
    });
    return new Beside(beside);
  }

  @Override
  public Peers peers() {
    return peers;
  }

  @Override
  public void tell(PartEvent event) {
    loop.execute(() -> {
      if (!closed) {
        told.accept(part, event);
      }
    });
  }

  @Override
  public Channel open(String name, ChannelHandler handler) {
    Channel channel = links.links().channel(name, handler);
    loop.execute(() -> {
      if (closed) {
        channel.close();
      } else {
        channels.add(channel);
      }
    });
    return channel;
  }

  /** Ends what this part can do to the node. On the loop only. */
  void close() {
    closed = true;
    timers.forEach(NodeLoop.Timer::cancel);
    timers.clear();
    opened.forEach(Worker::close);
    opened.clear();
    topology.close();
    watching.forEach(links::unwatch);
    channels.forEach(Channel::close);
    if (bound != null) {
      links.unbound();
    }
  }

  /**
   * Binds a transport, and keeps the address that came of it. Called on the part's worker, whose end hands it to the loop.
   */
  void bind(Transport transport) {
    bound = links.bind(transport, settings, incarnation, board.shown().self());
  }

  /** Returns the address that {@link #bind} came to. */
  Optional<Authority> bound() {
    return Optional.ofNullable(bound);
  }

  private void await(long delayNanos, Runnable task) {
    if (closed) {
      return;
    }
    if (timers.size() >= TASKS) {
      failed("a task was refused: " + TASKS + " wait for their time");
      return;
    }
    NodeLoop.Timer[] own = new NodeLoop.Timer[1];
    own[0] = loop.schedule(delayNanos, () -> {
      timers.remove(own[0]);
      run(task);
    });
    timers.add(own[0]);
  }

  private void run(Runnable task) {
    if (!closed && !worker.offer(() -> guarded(task))) {
      failed("a task was refused: " + TASKS + " are waiting");
    }
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable thrown) { // a plug-in's task may throw anything
      loop.execute(() -> failed(Failure.reason(thrown)));
    }
  }

  /** Reports what this part has done wrong. On the loop. */
  void failed(String reason) {
    if (!closed) {
      events.emit(new PartFailed(part.toString(), reason));
    }
  }

  /** What this part sees of the nodes that are linked. */
  private final class LinkedPeers implements Peers {
    @Override
    public List<Peer> linked() {
      return board.shown().peers();
    }

    @Override
    public void dial(Authority address) {
      loop.execute(() -> {
        if (!closed) {
          links.links().dial(address);
        }
      });
    }

    @Override
    public OptionalLong heardNanos(NodeId peer) {
      return links.links().heardNanos(peer);
    }

    @Override
    public void watch(PeerObserver observer) {
      PeerObserver onWorker = new WorkerObserver(observer, worker("peers", TASKS));
      loop.execute(() -> {
        if (!closed) {
          watching.add(onWorker);
          links.watch(onWorker);
        }
      });
    }
  }

  /** Hands what it is told to a worker of its own. */
  private final class WorkerObserver implements PeerObserver {
    private final PeerObserver observer;
    private final SerialWorker worker;

    WorkerObserver(PeerObserver observer, SerialWorker worker) {
      this.observer = observer;
      this.worker = worker;
    }

    @Override
    public void onUp(Peer peer) {
      hand(() -> observer.onUp(peer));
    }

    @Override
    public void onLost(NodeId peer, boolean announced, String reason) {
      hand(() -> observer.onLost(peer, announced, reason));
    }

    @Override
    public void onLeaving(NodeId peer) {
      hand(() -> observer.onLeaving(peer));
    }

    @Override
    public void onRefused(Authority address, boolean nobodyListens, String reason) {
      hand(() -> observer.onRefused(address, nobodyListens, reason));
    }

    private void hand(Runnable call) {
      if (!worker.offer(call)) {
        failed("it was not told of a connection: " + TASKS + " are waiting");
      }
    }
  }

  /** A worker beside the part's own. */
  private final class Beside implements SerialWorker {
    private final Worker worker;

    Beside(Worker worker) {
      this.worker = worker;
    }

    @Override
    public boolean offer(Runnable task) {
      return worker.offer(() -> guarded(task));
    }

    @Override
    public void close() {
      worker.close();
      loop.execute(() -> opened.remove(worker));
    }
  }
}
