package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.GrainId;
import io.thole.grains.GrainCodec;
import io.thole.grains.GrainRequest;
import io.thole.grains.Placement;
import io.thole.grains.Road;
import io.thole.grains.Roads;
import io.thole.spi.IdentityLookup;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where grains live: asks the {@link IdentityLookup}, and keeps those whose host is not known at once on the {@link Roads} of
 * their grains, in order. Any thread.
 */
final class Directory {
  private final IdentityLookup lookup;
  private final Supplier<Placement> placement;
  private final Guide guide;
  private final Guard guard = new Guard();
  private final Roads roads = new Roads(); // under it
  private long dropped; // under it

  /** Zero if no road stands; written under the lock. Whoever has put a request on a road sees it in what it asks next. */
  private volatile int standing;

  /** Takes requests where the directory sends them. */
  interface Guide {
    /** The host of a grain is known, by the placement of that moment. */
    void found(GrainRequest request, NodeId host, Placement chosenBy);

    /** There is none at the moment. */
    void nowhere(GrainRequest request, NotSent why);
  }

  /**
   * What a look at the directory has brought.
   *
   * @param now by which placement
   * @param answer what the lookup has answered, if it was asked
   * @param host the host where it is known at once, and nobody waits for it already, who would be overtaken
   */
  record Look(Placement now, Optional<CompletionStage<NodeId>> answer, Optional<NodeId> host) {}

  Directory(IdentityLookup lookup, Supplier<Placement> placement, Guide guide) {
    this.lookup = lookup;
    this.placement = placement;
    this.guide = guide;
  }

  /** Looks for the host of a grain, by a placement. */
  Look look(GrainId id, Placement now) {
    List<NodeId> hosts = now.hosts(id.kind());
    if (hosts.isEmpty() || isWaitedFor(id)) {
      return new Look(now, Optional.empty(), Optional.empty());
    }
    CompletionStage<NodeId> answer = ask(id, now);
    return new Look(now, Optional.of(answer), known(answer).filter(hosts::contains));
  }

  /** Finds the host of a grain for a request that has to wait for it, behind those that do already; the guide is told. */
  void find(GrainRequest request, Look look) {
    guard
        .locked(() -> join(request))
        .ifPresent(road -> look.answer()
            .ifPresentOrElse(answer -> walk(road, look.now(), answer), () -> find(road)));
  }

  private boolean isWaitedFor(GrainId id) {
    return standing > 0 && guard.locked(() -> roads.stands(id));
  }

  /** Returns the answer, if it is there: kinds of stages that cannot be asked for it are waited for. */
  private static Optional<NodeId> known(CompletionStage<NodeId> answer) {
    return answer.getClass() == CompletableFuture.class
            && answer instanceof CompletableFuture<NodeId> future
            && future.isDone()
            && !future.isCompletedExceptionally()
        ? Optional.ofNullable(future.getNow(null))
        : Optional.empty();
  }

  /** Tells whether there is room for a peer's request that has to wait. */
  boolean admits(GrainRequest request) {
    return standing == 0 || guard.locked(() -> roads.admits(request));
  }

  /** Puts a request on its road until {@link #takeUp()}. */
  void rest(GrainRequest request) {
    guard.locked(() -> {
      roads.rest(request);
      return counted();
    });
  }

  /** Finds the hosts of what rests. */
  void takeUp() {
    guard.locked(roads::rested).forEach(this::find);
  }

  /** Drops what nobody waits for any more: a lookup may never end. */
  void expire(long nowNanos) {
    guard.locked(() -> {
      dropped += roads.drop(nowNanos);
      return counted();
    });
  }

  /** Tells a grain's host, by its lookup and a placement, once that is known. */
  CompletionStage<NodeId> ask(GrainId id, Placement now) {
    try {
      return Objects.requireNonNull(lookup.lookup(id, now.view(), now.hosts(id.kind())));
    } catch (Throwable thrown) { // a lookup may be anyone's
      return CompletableFuture.failedFuture(thrown);
    }
  }

  /** Returns for how many grains requests wait. */
  int size() {
    return standing;
  }

  /** Returns how many requests were dropped because nobody waited for them any more. */
  long dropped() {
    return guard.locked(() -> dropped);
  }

  private Optional<Road> join(GrainRequest request) {
    Optional<Road> road = roads.join(request);
    counted();
    return road;
  }

  private Optional<GrainRequest> next(Road road) {
    Optional<GrainRequest> next = roads.next(road);
    counted();
    return next;
  }

  private int counted() {
    standing = roads.size();
    return standing;
  }

  private void find(Road road) {
    Placement now = placement.get();
    String kind = road.id().kind();
    if (now.hosts(kind).isEmpty()) {
      NotSent nowhere = now.knows(kind)
          ? new NotSent(NotSentReason.NO_HOST, "no member that can be reached hosts kind " + kind)
          : new NotSent(NotSentReason.UNKNOWN_KIND, "no node has kind " + kind);
      walk(road, request -> guide.nowhere(request, nowhere));
    } else {
      walk(road, now, ask(road.id(), now));
    }
  }

  private void walk(Road road, Placement now, CompletionStage<NodeId> answer) {
    answer.whenComplete((host, thrown) -> {
      if (thrown == null && host != null && now.hosts(road.id().kind()).contains(host)) {
        walk(road, request -> guide.found(request, host, now));
      } else {
        NotSent failed = new NotSent(
            NotSentReason.NO_HOST,
            "the lookup of " + road.id() + " failed: "
                + GrainCodec.harmless(thrown == null ? "it says " + host : thrown.toString()));
        walk(road, request -> guide.nowhere(request, failed));
      }
    });
  }

  private void walk(Road road, Consumer<GrainRequest> step) {
    for (Optional<GrainRequest> next = guard.locked(() -> next(road));
        next.isPresent();
        next = guard.locked(() -> next(road))) {
      step.accept(next.get());
    }
  }
}
