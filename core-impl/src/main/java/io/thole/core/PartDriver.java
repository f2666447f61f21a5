package io.thole.core;

import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.PartKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts and stops parts, and knows which of them are in use. Confined to the loop. */
final class PartDriver {
  private final NodeLoop loop;
  private final Workers workers;
  private final Board board;
  private final SerialEventStream events;
  private final LinkDriver links;
  private final Kinds kinds;
  private final BiConsumer<Part, PartEvent> told;
  private final Map<PartKind, PartRun> running = new EnumMap<>(PartKind.class);
  private final Set<PartRun> inUse = new HashSet<>();
  private final Set<PartRun> givenUp = new HashSet<>();
  private final Map<Part, List<Runnable>> departures = new HashMap<>();
  private volatile boolean verdicts; // asked from any thread

  /**
   * Makes a driver of which no part runs.
   *
   * @param told is handed what parts tell of themselves
   */
  PartDriver(
      NodeLoop loop,
      Workers workers,
      Board board,
      SerialEventStream events,
      LinkDriver links,
      Kinds kinds,
      BiConsumer<Part, PartEvent> told) {
    this.loop = loop;
    this.workers = workers;
    this.board = board;
    this.events = events;
    this.links = links;
    this.kinds = kinds;
    this.told = told;
  }

  /** Returns the run of a kind that is installed. */
  Optional<PartRun> running(PartKind kind) {
    return Optional.ofNullable(running.get(kind));
  }

  /** Returns the runs of a kind that are in use: also one that is just starting, or stopping. */
  List<PartRun> inUse(PartKind kind) {
    return inUse.stream().filter(run -> run.part().kind() == kind).toList();
  }

  /** Returns every run that is installed, in the order of starting. */
  List<PartRun> running() {
    return List.copyOf(running.values());
  }

  List<PartRun> startedLastFirst() {
    List<PartRun> runs = new ArrayList<>(running.values());
    Collections.reverse(runs);
    return runs;
  }

  /** Returns the runs of some kinds that are installed, in the order given. */
  List<PartRun> runningOf(PartKind... kinds) {
    return Stream.of(kinds).flatMap(kind -> running(kind).stream()).toList();
  }

  PartRun prepare(
      Part part, long incarnation, ClusterSettings settings, NodeTopologyPublisher.Source source) {
    Worker worker = workers.open(part.toString(), NodePartContext.TASKS);
    NodePartContext context = new NodePartContext(
        part,
        incarnation,
        settings,
        loop,
        worker,
        workers,
        board,
        events,
        links,
        kinds,
        source,
        () -> verdicts,
        told);
    return new PartRun(part, loop, worker, context);
  }

  /** Starts a run; whoever asked installs it, once it is told that it started. */
  void start(PartRun run, Duration limit, Consumer<@Nullable Throwable> ended) {
    if (isInACallGivenUp(run.part())) {
      run.release();
      ended.accept(new ClusterException("it is still in a call that was given up"));
      return;
    }
    inUse.add(run);
    run.start(limit, failure -> {
      if (failure != null) {
        run.release();
        letGo(run);
      }
      ended.accept(failure);
    });
  }

  /** A plug-in is never called twice at once, whatever became of the call. */
  private boolean isInACallGivenUp(Part part) {
    givenUp.removeIf(run -> !run.calling());
    return givenUp.stream().anyMatch(run -> run.part().service() == part.service());
  }

  private void letGo(PartRun run) {
    inUse.remove(run);
    if (run.calling()) {
      givenUp.add(run);
    }
    releaseGone();
  }

  void install(PartRun run) {
    running.put(run.part().kind(), run);
    judge();
  }

  private void judge() {
    verdicts = running(PartKind.GOSSIP).filter(run -> run.part().verdicts()).isPresent();
  }

  /**
   * Stops runs one after the other; every one is stopped, even if others fail to.
   *
   * @param done is told which failed
   */
  void stopAll(List<PartRun> runs, boolean graceful, Consumer<List<PartFailed>> done) {
    stopNext(List.copyOf(runs).iterator(), graceful, new ArrayList<>(), done);
  }

  private void stopNext(
      Iterator<PartRun> rest,
      boolean graceful,
      List<PartFailed> failures,
      Consumer<List<PartFailed>> done) {
    if (!rest.hasNext()) {
      done.accept(List.copyOf(failures));
      return;
    }
    PartRun run = rest.next();
    run.stop(graceful, failure -> {
      if (failure != null) {
        failures.add(new PartFailed(run.part().toString(), Failure.reason(failure)));
      }
      running.remove(run.part().kind(), run);
      judge();
      letGo(run);
      stopNext(rest, graceful, failures, done);
    });
  }

  /** Runs something once no run of a part is in use any more: at once if there is none. */
  void whenGone(Part part, Runnable gone) {
    departures.computeIfAbsent(part, key -> new ArrayList<>()).add(gone);
    releaseGone();
  }

  private void releaseGone() {
    List<Part> free = departures.keySet().stream()
        .filter(part -> inUse.stream().noneMatch(run -> run.part().equals(part)))
        .toList();
    free.forEach(part -> {
      List<Runnable> waiting = departures.getOrDefault(part, List.of());
      departures.remove(part);
      waiting.forEach(Runnable::run);
    });
  }
}
