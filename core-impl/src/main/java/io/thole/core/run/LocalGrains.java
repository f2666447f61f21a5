package io.thole.core.run;

import io.thole.api.Account;
import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.api.grain.Grains;
import io.thole.core.GrainHost;
import io.thole.core.NodeLoop;
import io.thole.core.Worker;
import io.thole.core.Workers;
import io.thole.core.grain.CallTable;
import io.thole.core.grain.CallTable.Ended;
import io.thole.core.grain.GrainBooks;
import io.thole.core.grain.GrainCounts;
import io.thole.core.grain.GrainRequest;
import io.thole.core.grain.Placement;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.IdentityLookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The grains of a node: what applications call, and what bundles host, from one start to the next. {@link GrainRun} is what
 * happens between a start and a stop. Any thread, unless a method says otherwise.
 *
 * <p>Stages complete on one worker, in order: a callback that blocks holds up those after it. One that a thread waits for in
 * {@code join} or {@code get} completes there.
 */
public final class LocalGrains implements Grains, GrainHost {
  final NodeLoop loop;
  final Workers workers;
  final IdentityLookup lookup;
  final GrainBooks books = new GrainBooks(); // under the lock

  /** The chain of the turn that a thread serves, so that what the grain calls from there carries it on. */
  private final ThreadLocal<List<GrainId>> chain = ThreadLocal.withInitial(List::of);

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Registration> kinds = new ArrayList<>(); // under the lock
  private final Worker ends;
  private final AtomicInteger untold = new AtomicInteger(); // ends that wait for their callbacks
  private volatile @Nullable GrainRun run;

  /** A kind that this node has; foreign code is asked for its name once. */
  private record Registration(GrainKind kind, String name) {}

  /**
   * Makes the grains of a node that is stopped.
   *
   * @param loop time, and nothing else: no call crosses it
   * @param workers on which grains serve, and stages complete
   * @param lookup says where grains live
   */
  public LocalGrains(NodeLoop loop, Workers workers, IdentityLookup lookup) {
    this.loop = loop;
    this.workers = workers;
    this.lookup = lookup;
    ends = workers.open("grain callbacks", CallTable.OPEN_LIMIT);
  }

  @Override
  public void open(
      NodeId self, Supplier<Placement> placement, Function<ChannelHandler, Channel> opening) {
    GrainRun opened = new GrainRun(this, self, placement);
    opened.open(opening);
    run = opened;
  }

  /** The placement has changed: what lives here and belongs elsewhere ends its turn and goes. */
  @Override
  public void onView() {
    current().ifPresent(GrainRun::onView);
  }

  @Override
  public void drain(Runnable drained) {
    current()
        .map(GrainRun::drain)
        .orElseGet(() -> CompletableFuture.completedFuture(null))
        .thenRun(drained);
  }

  /** Ends the run: what is open has its outcome now, no grain lives here any more, and the channel is closed. */
  @Override
  public void close() {
    Optional<GrainRun> ending = current();
    run = null;
    ending.ifPresent(GrainRun::close);
  }

  /**
   * A kind came. Told before the placement says so, so that nobody calls in vain.
   *
   * @return its name; foreign code is asked for it once
   * @throws IllegalArgumentException if its name breaks the grammar
   */
  public String addKind(GrainKind kind) {
    GrainId checked = new GrainId(kind.name(), "any");
    locked(() -> kinds.add(new Registration(kind, checked.kind())));
    return checked.kind();
  }

  /**
   * A kind goes. Told after the placement says so. Its grains end their turns; what waits for them is resolved once more.
   *
   * @return completes on the loop, once their turns are over or after 2 s: then its bundle may go
   */
  public CompletableFuture<Void> removeKind(GrainKind kind) {
    locked(() -> kinds.removeIf(registration -> registration.kind() == kind));
    return current()
        .map(running -> running.remove(kind))
        .orElseGet(() -> CompletableFuture.completedFuture(null));
  }

  @Override
  public CompletionStage<CallReport> call(GrainId id, byte[] request, Duration timeout) {
    if (request.length > GrainRequest.PAYLOAD_LIMIT) {
      throw new IllegalArgumentException("a request of " + request.length + " bytes; at most "
          + GrainRequest.PAYLOAD_LIMIT + " are allowed");
    }
    long timeoutNanos = nanos(timeout);
    List<GrainId> callers = chain.get();
    Optional<GrainRun> running = current();
    if (running.isEmpty()) {
      return refused(id, new NotSent(NotSentReason.NOT_STARTED, "the node is not running"));
    }
    if (callers.contains(id)) {
      return refused(
          id,
          new NotSent(NotSentReason.CYCLE, "the call would wait for itself: " + text(callers, id)));
    }
    if (callers.size() >= GrainRequest.CHAIN_LIMIT) {
      return refused(
          id,
          new NotSent(
              NotSentReason.CYCLE,
              "more than " + GrainRequest.CHAIN_LIMIT + " grains would wait for each other: "
                  + text(callers, id)));
    }
    return running.get().call(id, request.clone(), timeoutNanos, callers);
  }

  @Override
  public CompletionStage<List<GrainStatus>> activations(Duration timeout) {
    long timeoutNanos = nanos(timeout);
    return current()
        .map(running -> running.survey(timeoutNanos))
        .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
  }

  /** Returns the accounts of the calls made on this node since it was made, one for each kind. */
  public List<Account> accounts() {
    return locked(books::accounts);
  }

  @Override
  public int activations() {
    return current().map(GrainRun::size).orElse(0);
  }

  /** Returns what else happened in this run; nothing while the node is stopped. */
  public Optional<GrainCounts> counts() {
    return current().map(GrainRun::counts);
  }

  /** Refuses a call at once, and notes it. */
  CompletionStage<CallReport> refused(GrainId id, NotSent reason) {
    locked(() -> {
      books.called(id.kind());
      books.ended(id.kind(), reason);
      return reason;
    });
    return CompletableFuture.completedFuture(reason);
  }

  /** Returns what makes the grains of a kind: of several that bear its name, the one that came first. Under the lock. */
  Optional<GrainKind> kind(String name) {
    return kinds.stream()
        .filter(registration -> registration.name().equals(name))
        .map(Registration::kind)
        .findFirst();
  }

  /** Says for which grains the turn is that this thread serves from now on. */
  void begin(List<GrainId> turn) {
    if (turn.isEmpty()) {
      chain.remove();
    } else {
      chain.set(turn);
    }
  }

  /** Tells of ended calls: at once those that are waited for, the others in one go, after all that was told before. */
  void tell(List<Ended> ended) {
    List<Ended> later = new ArrayList<>(ended);
    later.removeIf(one -> one.end() instanceof CallEnd end && end.arrive(one.report()));
    if (!later.isEmpty()) {
      afterwards(later.size(), () -> later.forEach(one -> one.end().accept(one.report())));
    }
  }

  /** Tells an application something, after all that it is told already. */
  void afterwards(Runnable completion) {
    afterwards(1, completion);
  }

  /** Where so many wait for a callback that blocks, this one is better told late than never. */
  private void afterwards(int count, Runnable completions) {
    boolean few = untold.addAndGet(count) <= CallTable.OPEN_LIMIT;
    if (!few || !ends.offer(() -> told(count, completions))) {
      told(count, completions);
    }
  }

  private void told(int count, Runnable completions) {
    untold.addAndGet(-count);
    completions.run();
  }

  /** Decides something under the lock. */
  <T> T locked(Supplier<T> decision) {
    lock.lock();
    try {
      return decision.get();
    } finally {
      lock.unlock();
    }
  }

  private Optional<GrainRun> current() {
    return Optional.ofNullable(run);
  }

  private static long nanos(Duration timeout) {
    if (timeout.isNegative()
        || timeout.isZero()
        || timeout.compareTo(GrainRequest.TIMEOUT_LIMIT) > 0) {
      throw new IllegalArgumentException(
          "timeout " + timeout + "; allowed: more than 0, at most " + GrainRequest.TIMEOUT_LIMIT);
    }
    return timeout.toNanos();
  }

  private static String text(List<GrainId> callers, GrainId id) {
    return Stream.concat(callers.stream(), Stream.of(id))
        .map(GrainId::toString)
        .collect(Collectors.joining(" -> "));
  }
}
