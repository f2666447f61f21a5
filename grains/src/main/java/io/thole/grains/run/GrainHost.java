package io.thole.grains.run;

import io.thole.api.Account;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.api.grain.Grains;
import io.thole.grains.GrainCounts;
import io.thole.grains.GrainRequest;
import io.thole.spi.ClusterGrains;
import io.thole.spi.IdentityLookup;
import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The grains of a node: what applications call, and what bundles host, from one start to the next. {@link GrainRun} is what
 * happens between a start and a stop. Any thread.
 *
 * <p>Stages complete on one worker, in order: a callback that blocks holds up those after it. One that a thread waits for in
 * {@code join} or {@code get} completes there.
 */
public final class GrainHost implements ClusterGrains, Grains {
  private final IdentityLookup lookup;
  private final Ledger ledger = new Ledger();
  private volatile @Nullable GrainRun run;

  /** Makes grains that live where rendezvous hashing puts them; also for the service loader. */
  public GrainHost() {
    this(new RendezvousLookup());
  }

  /**
   * Makes grains.
   *
   * @param lookup says where they live
   */
  public GrainHost(IdentityLookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public String name() {
    return "grains";
  }

  @Override
  public void start(PartContext context) {
    GrainRun begun = new GrainRun(context, lookup, ledger);
    run = begun; // first: whoever removes a kind meanwhile must reach what is about to serve
    begun.open();
  }

  @Override
  public void drain(Runnable drained) {
    current().ifPresentOrElse(running -> running.drain(drained), drained);
  }

  /** Ends the run: what is open has its outcome now, no grain lives here any more, and the channel is closed. */
  @Override
  public void stop() {
    current().ifPresent(GrainRun::close);
    run = null;
  }

  @Override
  public void remove(GrainKind kind, Runnable gone) {
    current().ifPresentOrElse(running -> running.remove(kind, gone), gone);
  }

  @Override
  public Grains grains() {
    return this;
  }

  @Override
  public CompletionStage<CallReport> call(GrainId id, byte[] request, Duration timeout) {
    if (request.length > GrainRequest.PAYLOAD_LIMIT) {
      throw new IllegalArgumentException("a request of " + request.length + " bytes; at most "
          + GrainRequest.PAYLOAD_LIMIT + " are allowed");
    }
    long timeoutNanos = nanos(timeout);
    GrainRun running = run;
    return running == null
        ? CompletableFuture.completedFuture(ledger.refused(
            id, new NotSent(NotSentReason.NOT_STARTED, "grains are not running on this node")))
        : running.call(id, request.clone(), timeoutNanos);
  }

  @Override
  public CompletionStage<List<GrainStatus>> activations(Duration timeout) {
    long timeoutNanos = nanos(timeout);
    return current()
        .map(running -> running.survey(timeoutNanos))
        .orElseGet(() -> CompletableFuture.completedFuture(List.of()));
  }

  @Override
  public List<Account> accounts() {
    return ledger.accounts();
  }

  @Override
  public int activations() {
    return current().map(GrainRun::size).orElse(0);
  }

  /** Returns what else happened in this run; nothing while it is stopped. */
  public Optional<GrainCounts> counts() {
    return current().map(GrainRun::counts);
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
}
