package io.thole.testkit;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.Metrics;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.SwapReport;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.Grains;
import io.thole.core.ClusterCore;
import io.thole.core.Ending;
import io.thole.core.Part;
import io.thole.core.SerialEventStream;
import io.thole.core.run.LinkPort;
import io.thole.core.run.ManualNodeLoop;
import io.thole.core.run.VolatileBoard;
import io.thole.gossip.run.GossipDriver;
import io.thole.grains.run.GrainHost;
import io.thole.spi.BlockListProvider;
import io.thole.spi.ClusterProvider;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node of the real core in virtual time. It has no thread and no clock: everything that it does, the calls of its parts
 * and of its observers among it, happens inside the methods below, on the caller's thread and always in the same order.
 *
 * <p>For one thread. A part that has threads of its own may hand in from these; the node looks at what they said the next
 * time that it runs.
 */
public final class ManualNode implements AutoCloseable {
  private static final Part.Origin OWN_GOSSIP =
      new Part.Origin("io.thole.gossip", Integer.MIN_VALUE, 0);
  private static final Part.Origin OWN_GRAINS =
      new Part.Origin("io.thole.grains", Integer.MIN_VALUE, 0);

  private final ManualNodeLoop loop;
  private final VolatileBoard board = new VolatileBoard();
  private final SerialEventStream stream;
  private final List<ClusterEvent> events = new ArrayList<>();
  private final IdentityHashMap<Object, Part> parts = new IdentityHashMap<>();
  private final GrainHost grains = new GrainHost();
  private final ClusterCore core;
  private boolean gossips;
  private long added;

  private ManualNode(ClusterSettings settings, ManualNodeLoop loop, LongSupplier incarnations) {
    this.loop = loop;
    stream = new SerialEventStream(loop, loop);
    core = new ClusterCore(loop, loop, stream, board, new LinkPort(loop), incarnations, settings);
    core.add(Part.of(grains, OWN_GRAINS));
    stream.subscribe(ClusterEvent.class, events::add, "the record of a manual node");
  }

  /**
   * Makes a node that is stopped and has no parts.
   *
   * @param settings what it is told; its starts have the incarnations 1, 2, 3 …
   */
  public static ManualNode create(ClusterSettings settings) {
    AtomicLong starts = new AtomicLong();
    return create(settings, new ManualNodeLoop(), starts::incrementAndGet);
  }

  /**
   * Makes a node that is stopped and has no parts, on a loop of which somebody else is in charge, as where many nodes run in
   * one virtual time.
   *
   * @param settings what it is told
   * @param loop its loop
   * @param incarnations a number for each start, each larger than those before
   */
  public static ManualNode create(
      ClusterSettings settings, ManualNodeLoop loop, LongSupplier incarnations) {
    return new ManualNode(settings, loop, incarnations);
  }

  /** Adds a membership provider; the first one is elected. */
  public ManualNode add(ClusterProvider provider) {
    return add(provider, Part.of(provider, origin(provider)));
  }

  /** Adds a gossiper. */
  public ManualNode add(Gossiper gossiper) {
    return add(gossiper, Part.of(gossiper, origin(gossiper)));
  }

  /** Adds a transport; with the first one comes Thole's own gossiper, which any other outranks. */
  public ManualNode add(Transport transport) {
    add(transport, Part.of(transport, origin(transport)));
    if (!gossips) {
      gossips = true;
      run(() -> core.add(Part.of(new GossipDriver(), OWN_GOSSIP)));
    }
    return this;
  }

  /** Adds publish/subscribe. */
  public ManualNode add(ClusterPubSub pubSub) {
    return add(pubSub, Part.of(pubSub, origin(pubSub)));
  }

  /** Adds a kind of grains, which this node hosts from now on. */
  public ManualNode add(GrainKind kind) {
    return run(() -> core.addKind(kind.name(), kind));
  }

  /** Adds a block list, whose changes the node looks at the next time that it runs. */
  public ManualNode add(BlockListProvider blockList) {
    blockList.watch(() -> loop.execute(core::refreshBlockList));
    return run(() -> core.add(blockList));
  }

  /**
   * Takes a part out again, as a bundle that is removed does.
   *
   * @param part what was added
   * @throws IllegalArgumentException if it was not
   */
  public ManualNode remove(Object part) {
    Part known = parts.remove(part);
    if (known == null) {
      throw new IllegalArgumentException(part + " is no part of this node");
    }
    return run(() -> core.remove(known, () -> {}));
  }

  /**
   * Starts the node. If parts are missing that it wants, it waits for them: see {@link #state()}.
   *
   * @throws ClusterException if it could not start
   */
  public void start() {
    ask(core::start);
  }

  /**
   * Stops the node; does nothing where it is stopped already.
   *
   * @param graceful whether to say goodbye
   * @throws ClusterException if a part failed to stop; the node is stopped all the same
   */
  public void stop(boolean graceful) {
    this.<Void>ask(ending -> core.shutdown(graceful, ending));
  }

  /** Stops the node as a crash would. */
  @Override
  public void close() {
    stop(false);
  }

  /**
   * Hands over to another provider.
   *
   * @param provider its name
   * @return the figures
   * @throws ClusterException if the old one runs on
   */
  public SwapReport swap(String provider) {
    SwapReport report = this.<SwapReport>ask(ending -> core.swap(provider, ending)).result;
    if (report == null) {
      throw new IllegalStateException("the swap to " + provider + " has not ended");
    }
    return report;
  }

  /**
   * Lets time pass; what is due in it is done at its time.
   *
   * @param duration how long
   */
  public void advance(Duration duration) {
    loop.advance(duration.toNanos());
  }

  /** Does everything that can be done without time passing. */
  public void run() {
    loop.run();
  }

  /** Returns what the node is doing. */
  public ClusterState state() {
    return board.shown().state();
  }

  /**
   * Returns the node's id.
   *
   * @throws NotStartedException while it has none
   */
  public NodeId self() {
    return board
        .shown()
        .self()
        .orElseThrow(() -> new NotStartedException("the node is " + state()));
  }

  /** Returns the view as of the last change. */
  public ClusterView view() {
    return board.shown().topology().view();
  }

  /** Returns the grains of the cluster, to call. What comes of a call is told while the node runs. */
  public Grains grains() {
    return grains;
  }

  /** Returns the counters. */
  public Metrics metrics() {
    return board.shown().metrics();
  }

  /** Returns every event since the node was made, in order. */
  public List<ClusterEvent> events() {
    return List.copyOf(events);
  }

  /**
   * Returns the events of a type since the node was made, in order.
   *
   * @param <E> the type
   * @param type the type of event
   */
  public <E extends ClusterEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Returns the stream itself, to publish and to subscribe. Observers are called while the node runs. */
  public EventStream stream() {
    return stream;
  }

  private Part.Origin origin(Object part) {
    return new Part.Origin(part.getClass().getName(), 0, added++);
  }

  private ManualNode add(Object service, Part part) {
    parts.put(service, part);
    return run(() -> core.add(part));
  }

  private ManualNode run(Runnable request) {
    loop.execute(request);
    loop.run();
    return this;
  }

  private <T> Outcome<T> ask(Consumer<Ending<T>> request) {
    Outcome<T> outcome = new Outcome<>();
    run(() -> request.accept(outcome));
    if (outcome.reason != null) {
      throw outcome.reason;
    }
    return outcome;
  }

  /** How a request ended, once it has. */
  private static final class Outcome<T> implements Ending<T> {
    private @Nullable T result;
    private @Nullable ClusterException reason;

    @Override
    public void succeeded(@Nullable T brought) {
      result = brought;
    }

    @Override
    public void failed(ClusterException why) {
      reason = why;
    }
  }
}
