package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.StartupMode;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Introduction;
import io.thole.spi.PartContext;
import io.thole.spi.Peers;
import io.thole.spi.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final Board board;
  private final SerialEventStream events;
  private final NodeTopologyPublisher.Source topology;
  private final Set<NodeLoop.Timer> timers = new HashSet<>();
  private boolean closed;
  private @Nullable Authority bound;

  NodePartContext(
      Part part,
      long incarnation,
      ClusterSettings settings,
      NodeLoop loop,
      Worker worker,
      Board board,
      SerialEventStream events,
      NodeTopologyPublisher.Source topology) {
    this.part = part;
    this.incarnation = incarnation;
    this.settings = settings;
    this.loop = loop;
    this.worker = worker;
    this.board = board;
    this.events = events;
    this.topology = topology;
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
  public long nowNanos() {
    return loop.nowNanos();
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(() -> run(task));
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    long askedNanos = loop.nowNanos();
    loop.execute(() -> await(askedNanos + delay.toNanos() - loop.nowNanos(), task));
  }

  @Override
  public Peers peers() {
    return new UnlinkedPeers();
  }

  @Override
  public void tell(PartEvent event) {
    loop.execute(() -> {
      if (!closed) {
        events.emit(event);
      }
    });
  }

  @Override
  public Channel open(String name, ChannelHandler handler) {
    throw new ClusterException("no channel " + name + ": this node has no links to other nodes");
  }

  /** Ends what this part can do to the node. On the loop only. */
  void close() {
    closed = true;
    timers.forEach(NodeLoop.Timer::cancel);
    timers.clear();
    topology.close();
  }

  /**
   * Binds a transport, and keeps the address that came of it. Called on the part's worker, whose end hands it to the loop.
   */
  void bind(Transport transport) {
    bound = transport.bind(
        settings.bind(), new Introduction(settings.cluster(), incarnation), new UnlinkedPeers());
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

  private void failed(String reason) {
    if (!closed) {
      events.emit(new PartFailed(part.toString(), reason));
    }
  }
}
