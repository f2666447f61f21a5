package io.thole.core.run;

import io.thole.api.Account;
import io.thole.api.Authority;
import io.thole.api.BlockEntry;
import io.thole.api.BlockList;
import io.thole.api.Cluster;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ClusterView;
import io.thole.api.Diagnosis;
import io.thole.api.Evidence;
import io.thole.api.Member;
import io.thole.api.Metrics;
import io.thole.api.MetricsDisabledException;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.ProviderStatus;
import io.thole.api.SwapReport;
import io.thole.api.TopologyStatus;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.Grains;
import io.thole.api.pubsub.PubSub;
import io.thole.core.Checkup;
import io.thole.core.ClusterCore;
import io.thole.core.Ending;
import io.thole.core.NodeStatus;
import io.thole.core.Part;
import io.thole.core.SerialEventStream;
import io.thole.core.Worker;
import io.thole.spi.BlockListProvider;
import io.thole.spi.Gossiper;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node on this machine, as any thread sees it: reads what the loop shows, hands in what is asked, and completes the stages
 * on a worker.
 */
public final class LocalCluster implements Cluster, BlockList {
  private static final System.Logger LOG = System.getLogger(LocalCluster.class.getName());

  /** How many ends of requests may wait for the callbacks before them. */
  private static final int CALLBACKS = 65_536;

  /** What is to last longer has no end: a hundred years. */
  private static final Duration LONGEST_BLOCK = Duration.ofDays(36_500);

  private final ThreadNodeLoop loop;
  private final VolatileBoard board = new VolatileBoard();
  private final SerialEventStream events;
  private final Worker callbacks;
  private final ClusterCore core;
  private final Map<BlockListProvider, AutoCloseable> watched = new ConcurrentHashMap<>();
  private volatile ClusterSettings settings;

  /**
   * Makes a node that is stopped and has no parts.
   *
   * @param settings what it is told
   */
  public LocalCluster(ClusterSettings settings) {
    this.settings = settings;
    loop = new ThreadNodeLoop("thole-loop");
    PooledWorkers workers = new PooledWorkers("thole-worker", loop);
    events = new SerialEventStream(loop, workers);
    callbacks = workers.open("callbacks", CALLBACKS);
    core = new ClusterCore(
        loop, workers, events, board, new LinkPort(loop), new StartNumbers(), settings);
    events.subscribe(ClusterEvent.class, EventLog::write, "the event log");
  }

  @Override
  public ClusterSettings settings() {
    return settings;
  }

  @Override
  public ClusterState state() {
    return board.shown().state();
  }

  @Override
  public NodeId self() {
    NodeStatus status = board.shown();
    return status
        .self()
        .orElseThrow(() -> new NotStartedException("the node is " + status.state()));
  }

  @Override
  public ClusterView view() {
    return board.shown().topology().view();
  }

  @Override
  public List<Member> members() {
    return board.shown().members();
  }

  @Override
  public TopologyStatus topology() {
    NodeStatus status = board.shown();
    TopologyStatus shown = status.topology();
    return new TopologyStatus(
        shown.view(),
        shown.last(),
        shown.stale(),
        shown.source(),
        status.gossiper().map(Gossiper::agreement).orElse(shown.agreement()));
  }

  @Override
  public SerialEventStream events() {
    return events;
  }

  @Override
  public CompletionStage<Void> start() {
    return ask(core::start);
  }

  @Override
  public CompletionStage<Void> shutdown(boolean graceful) {
    return ask(ending -> core.shutdown(graceful, ending));
  }

  @Override
  public Metrics metrics() {
    NodeStatus status = board.shown();
    if (!status.metricsEnabled()) {
      throw new MetricsDisabledException(
          "metrics are switched off; set " + ClusterSettings.PID + ":metrics=true to have them");
    }
    return status.metrics();
  }

  @Override
  public BlockList blockList() {
    return this;
  }

  @Override
  public List<String> kinds() {
    return board.shown().kinds();
  }

  @Override
  public List<ProviderStatus> providers() {
    return board.shown().providers();
  }

  @Override
  public CompletionStage<SwapReport> swap(String provider) {
    return ask(ending -> core.swap(provider, ending));
  }

  @Override
  public List<Account> accounts() {
    List<Account> accounts = new ArrayList<>();
    NodeStatus status = board.shown();
    status.pubSub().ifPresent(pubSub -> accounts.addAll(pubSub.accounts()));
    status.grains().ifPresent(grains -> accounts.addAll(grains.accounts()));
    return accounts;
  }

  @Override
  public List<Evidence> why(Authority address) {
    return board.shown().evidence().getOrDefault(address, List.of());
  }

  @Override
  public List<Diagnosis> diagnose() {
    return Checkup.of(board.shown());
  }

  @Override
  public <T> T service(Class<T> type) {
    NodeStatus status = board.shown();
    if (type == Grains.class && status.grains().isPresent()) {
      return type.cast(status.grains().get().grains());
    }
    if (type == PubSub.class && status.pubSub().isPresent()) {
      return type.cast(status.pubSub().get().pubSub("the application"));
    }
    throw new ClusterException(
        "no part of this node offers " + type.getName() + "; the node is " + status.state());
  }

  @Override
  public List<BlockEntry> entries() {
    return board.shown().blocked();
  }

  @Override
  public CompletionStage<Void> block(
      Authority address, String reason, Optional<Duration> duration) {
    if (duration
        .filter(length -> length.compareTo(LONGEST_BLOCK) > 0 || length.isNegative())
        .isPresent()) {
      return CompletableFuture.failedFuture(new ClusterException("cannot block " + address + " for "
          + duration.get() + "; allowed: up to " + LONGEST_BLOCK.toDays() + " days"));
    }
    Optional<Instant> expires =
        duration.map(length -> Instant.ofEpochMilli(loop.wallMillis()).plus(length));
    return ask(ending -> core.block(address, reason, expires, ending));
  }

  @Override
  public CompletionStage<Boolean> unblock(Authority address) {
    return ask(ending -> core.unblock(address, ending));
  }

  /**
   * Takes new settings; those that hold while a node runs count from its next start.
   *
   * @param next what it is told
   */
  public void configure(ClusterSettings next) {
    settings = next;
    loop.execute(() -> core.configure(next));
  }

  /** Says that the node cannot start, because what it was told is refused. */
  public void refuse(ClusterException reason) {
    loop.execute(() -> core.refuse(reason));
  }

  /** A part came. */
  public void add(Part part) {
    loop.execute(() -> core.add(part));
  }

  /**
   * A part changed.
   *
   * @param origin where it comes from, and how it ranks from now on
   */
  public void touch(Part part, Part.Origin origin) {
    loop.execute(() -> {
      core.rank(part, origin);
      core.touch(part);
    });
  }

  /**
   * A part goes.
   *
   * @return completes once the node has let go of it; on the loop, so it is for waiting alone. Were it told like the other
   *     stages, an application that takes a bundle out from where it is told would wait for itself
   */
  public CompletableFuture<Void> remove(Part part) {
    return ask(ending -> core.remove(part, () -> ending.succeeded(null)), Runnable::run);
  }

  /**
   * Stops the node with a goodbye, on behalf of a framework that takes it away.
   *
   * @return completes once it has stopped; on the loop, as {@link #remove} does
   */
  public CompletableFuture<Void> leave() {
    return ask(ending -> core.shutdown(true, ending), Runnable::run);
  }

  /**
   * Waits for the observers.
   *
   * @return completes once each was told all that happened; on the loop, as {@link #remove} does
   */
  public CompletableFuture<Void> told() {
    return ask(ending -> events.whenTold(() -> ending.succeeded(null)), Runnable::run);
  }

  /** Runs a task where stages are completed, after those of all that was handed in before. */
  public void afterwards(Runnable task) {
    loop.execute(() -> end(task));
  }

  /** A block list service came. */
  public void add(BlockListProvider service) {
    loop.execute(() -> core.add(service));
    try {
      watched.put(service, service.watch(() -> loop.execute(core::refreshBlockList)));
    } catch (
        RuntimeException
            thrown) { // a service may throw anything; what it says now counts all the same
      LOG.log(
          Level.WARNING,
          "block list " + service.getClass().getName() + " cannot be watched for changes",
          thrown);
    }
  }

  /** A block list service goes. */
  public void remove(BlockListProvider service) {
    AutoCloseable watch = watched.remove(service);
    if (watch != null) {
      try {
        watch.close();
      } catch (
          Exception thrown) { // a service that goes may throw anything; it is gone all the same
        LOG.log(
            Level.WARNING,
            "block list " + service.getClass().getName() + " failed to let go",
            thrown);
      }
    }
    loop.execute(() -> core.remove(service));
  }

  /**
   * A kind came.
   *
   * @return its name, for when it goes
   * @throws IllegalArgumentException if its name breaks the grammar
   */
  public String add(GrainKind kind) {
    String name = new GrainId(kind.name(), "any").kind(); // foreign code is asked for it once
    loop.execute(() -> core.addKind(name, kind));
    return name;
  }

  /**
   * A kind goes.
   *
   * @param name what {@link #add(GrainKind)} returned
   * @return completes once its grains have ended their turns, or after 2 s; on the loop, as {@link #remove} does
   */
  public CompletableFuture<Void> remove(GrainKind kind, String name) {
    return ask(ending -> core.removeKind(name, kind, () -> ending.succeeded(null)), Runnable::run);
  }

  private <T> CompletableFuture<T> ask(Consumer<Ending<T>> request) {
    return ask(request, this::end);
  }

  private <T> CompletableFuture<T> ask(Consumer<Ending<T>> request, Consumer<Runnable> end) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Ending<T> ending = new Ending<>() {
      @Override
      public void succeeded(@Nullable T result) {
        end.accept(() -> future.complete(result));
      }

      @Override
      public void failed(ClusterException reason) {
        end.accept(() -> future.completeExceptionally(reason));
      }
    };
    loop.execute(() -> request.accept(ending));
    return future;
  }

  private void end(Runnable completion) {
    if (!callbacks.offer(completion)) {
      completion
          .run(); // so many are waiting for a callback that blocks that this one had better be told
      // late than never
    }
  }
}
