package io.thole.core;

import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.ProviderSwapFailed;
import io.thole.api.ClusterEvent.ProviderSwapped;
import io.thole.api.ClusterEvent.TopologyStale;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.PartKind;
import io.thole.api.ProviderStatus;
import io.thole.api.SwapFailedException;
import io.thole.api.SwapReport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who follows whom while the node runs: has the elected part of each kind run, starts what came, stops what went, and hands
 * over from provider to provider; one change at a time. Confined to the loop.
 */
final class PartSuccession {
  /** How many hand-overs may wait; a person asks for one at a time. */
  private static final int MOST_SWAPS = 100;

  private static final String NOBODY = "none";

  private final NodeLoop loop;
  private final SerialEventStream events;
  private final PartRoster roster;
  private final PartDriver parts;
  private final NodeTopologyPublisher publisher;
  private final MemberList members;
  private final Runnable show;
  private final Runnable tryAgain;
  private final Deque<Swap> swaps = new ArrayDeque<>();
  private final Map<PartKind, Retry> retries = new EnumMap<>(PartKind.class);
  private String source = NOBODY;

  /** An operator's request for a hand-over. */
  private record Swap(Part to, Ending<SwapReport> ending) {}

  /** What every run of a part is given in this run of the node. */
  record Terms(ClusterSettings settings, long incarnation) {}

  /**
   * Makes a succession in which nothing runs.
   *
   * @param show shows the node's state
   * @param tryAgain has the node look for what to do next
   */
  PartSuccession(
      NodeLoop loop,
      SerialEventStream events,
      PartRoster roster,
      PartDriver parts,
      NodeTopologyPublisher publisher,
      MemberList members,
      Runnable show,
      Runnable tryAgain) {
    this.loop = loop;
    this.events = events;
    this.roster = roster;
    this.parts = parts;
    this.publisher = publisher;
    this.members = members;
    this.show = show;
    this.tryAgain = tryAgain;
  }

  /** Begins with the parts that the start has brought up. */
  void open() {
    source = parts.running(PartKind.PROVIDER).map(run -> run.part().name()).orElse(NOBODY);
  }

  /** Ends: whoever still waits for a hand-over is told. */
  void close() {
    while (!swaps.isEmpty()) {
      swaps.remove().ending().failed(new SwapFailedException("the node is stopping"));
    }
    retries.values().forEach(Retry::cancel);
    retries.clear();
    for (PartKind kind : PartKind.values()) {
      roster.forgive(kind);
    }
    source = NOBODY;
  }

  /** Returns the provider whose facts are applied, or {@code none}. */
  String source() {
    return source;
  }

  /** Tells whether nobody tells this node about the cluster. */
  boolean stale() {
    return source.equals(NOBODY);
  }

  /** Asks for a hand-over; those that wait are carried out one after the other. */
  void ask(String name, Ending<SwapReport> ending) {
    List<Part> called = roster.named(PartKind.PROVIDER, name);
    Optional<Part> target = called.stream()
        .filter(part -> parts
            .running(PartKind.PROVIDER)
            .filter(run -> run.part().equals(part))
            .isEmpty())
        .findFirst()
        .or(() -> called.stream().findFirst());
    if (target.isEmpty()) {
      List<String> present =
          roster.of(PartKind.PROVIDER).stream().map(Part::name).toList();
      ending.failed(
          new SwapFailedException("no provider is called " + name + "; present are " + present));
    } else if (swaps.size() >= MOST_SWAPS) {
      ending.failed(new SwapFailedException(
          "cannot swap to " + name + ": " + MOST_SWAPS + " swaps are waiting"));
    } else {
      swaps.add(new Swap(target.get(), ending));
    }
  }

  /**
   * Begins the next change, if there is one to make.
   *
   * @param terms what a part that starts is given
   * @param ended runs when the change has ended, whichever way
   * @return false if all is as it should be; then {@code ended} does not run
   */
  boolean advance(Terms terms, Runnable ended) {
    while (!swaps.isEmpty()) {
      if (swap(swaps.remove(), terms, ended)) {
        return true;
      }
    }
    for (PartKind kind : PartKind.values()) {
      Optional<PartRun> run = parts.running(kind);
      Optional<Part> best = roster.elected(kind);
      if (!run.map(PartRun::part).equals(best)) {
        change(kind, run, best, terms, ended);
        return true;
      }
    }
    return false;
  }

  /** Returns the providers that are present, the active one first, each with the reason for its standing. */
  List<ProviderStatus> providers() {
    Optional<Part> active = parts.running(PartKind.PROVIDER).map(PartRun::part);
    List<ProviderStatus> providers = new ArrayList<>();
    for (Part part : roster.of(PartKind.PROVIDER)) {
      boolean runs = active.filter(part::equals).isPresent();
      Part.Origin origin = part.origin();
      providers.add(
          runs ? 0 : providers.size(),
          new ProviderStatus(
              part.name(), origin.text(), origin.ranking(), runs, standing(part, active)));
    }
    return List.copyOf(providers);
  }

  private String standing(Part part, Optional<Part> active) {
    return roster
        .failure(part)
        .map(reason -> "failed: " + reason)
        .orElseGet(() -> roster.isChosen(part)
            ? "chosen by swap"
            : active.filter(part::equals).isPresent() ? "elected by ranking" : "stands by");
  }

  private boolean swap(Swap swap, Terms terms, Runnable ended) {
    Optional<PartRun> run = parts.running(PartKind.PROVIDER);
    if (!roster.contains(swap.to())) {
      swap.ending().failed(new SwapFailedException("provider " + swap.to().name() + " is gone"));
      return false;
    }
    Optional<Part> former = roster.choose(swap.to());
    if (run.filter(active -> active.part().equals(swap.to())).isPresent()) {
      show.run();
      swap.ending()
          .failed(new SwapFailedException(
              "provider " + swap.to().name() + " is the active one already"));
      return false;
    }
    handOver(run.orElse(null), swap.to(), terms, new Ending<>() {
      @Override
      public void succeeded(@Nullable SwapReport report) {
        swap.ending().succeeded(report);
        ended.run();
      }

      @Override
      public void failed(ClusterException reason) {
        former.filter(roster::contains).ifPresent(roster::choose);
        show.run();
        swap.ending().failed(reason);
        ended.run();
      }
    });
    return true;
  }

  private void change(
      PartKind kind, Optional<PartRun> run, Optional<Part> best, Terms terms, Runnable ended) {
    if (kind == PartKind.PROVIDER && best.isPresent()) {
      handOver(run.orElse(null), best.get(), terms, Ending.either(ended));
    } else if (run.isPresent()) {
      stop(run.get(), ended);
    } else {
      start(best.orElseThrow(), terms, ended);
    }
  }

  private void handOver(@Nullable PartRun old, Part to, Terms terms, Ending<SwapReport> ending) {
    ProviderHandover handover = new ProviderHandover(loop, old, publisher, members);
    PartRun next =
        parts.prepare(to, terms.incarnation(), terms.settings(), publisher.shadow(to.name()));
    parts.start(next, terms.settings().startTimeout(), failure -> {
      if (failure != null) {
        String reason = Failure.reason(failure);
        if (passOver(to, reason)) {
          events.emit(new ProviderSwapFailed(handover.from(), to.name(), reason));
        }
        ending.failed(
            new SwapFailedException("provider " + to.name() + " failed to start: " + reason));
        return;
      }
      if (!roster.contains(to)) {
        abandon(handover, next, ending);
        return;
      }
      SwapReport report = handover.cutOver(next);
      installed(next);
      source = to.name();
      show.run();
      parts.stopAll(old == null ? List.of() : List.of(old), true, failures -> {
        failures.forEach(events::emit);
        events.emit(new ProviderSwapped(report));
        ending.succeeded(report);
      });
    });
  }

  /** One that was taken out while it started does not take over, so that what it follows need not stop. */
  private void abandon(ProviderHandover handover, PartRun next, Ending<SwapReport> ending) {
    String name = next.part().name();
    parts.stopAll(List.of(next), false, failures -> {
      failures.forEach(events::emit);
      events.emit(new ProviderSwapFailed(handover.from(), name, "it was taken out meanwhile"));
      ending.failed(new SwapFailedException("provider " + name + " was taken out meanwhile"));
    });
  }

  private void start(Part part, Terms terms, Runnable ended) {
    PartRun run =
        parts.prepare(part, terms.incarnation(), terms.settings(), publisher.source(part.name()));
    parts.start(run, terms.settings().startTimeout(), failure -> {
      if (failure == null) {
        installed(run);
        show.run();
      } else if (passOver(part, Failure.reason(failure))) {
        events.emit(new PartFailed(part.toString(), Failure.reason(failure)));
      }
      ended.run();
    });
  }

  private void stop(PartRun run, Runnable ended) {
    parts.stopAll(List.of(run), true, failures -> {
      failures.forEach(events::emit);
      if (run.part().kind() == PartKind.PROVIDER) {
        publisher.flush();
        source = NOBODY;
        events.emit(
            new TopologyStale(run.part().name(), "no provider is left; the last view is kept"));
      }
      show.run();
      tryThoseThatHadFailed(run.part().kind());
      ended.run();
    });
  }

  private void tryThoseThatHadFailed(PartKind kind) {
    if (roster.elected(kind).isEmpty() && !roster.of(kind).isEmpty()) {
      tryLater(kind);
    }
  }

  private void installed(PartRun run) {
    parts.install(run);
    Retry retry = retries.remove(run.part().kind());
    if (retry != null) {
      retry.cancel();
    }
  }

  /**
   * Passes a part over that failed. Where nothing of its kind runs, it is tried again, ever later; elsewhere it is not, since
   * each attempt might harm the one that runs.
   *
   * @return whether the reason is new
   */
  private boolean passOver(Part part, String reason) {
    boolean news = roster.fail(part, reason);
    show.run();
    if (parts.running(part.kind()).isEmpty()) {
      tryLater(part.kind());
    }
    return news;
  }

  private void tryLater(PartKind kind) {
    retries.computeIfAbsent(kind, key -> new Retry(loop, () -> forgive(key))).later();
  }

  private void forgive(PartKind kind) {
    roster.forgive(kind);
    tryAgain.run();
  }
}
