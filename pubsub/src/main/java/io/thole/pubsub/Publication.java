package io.thole.pubsub;

import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishReport;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;

/** A message that was accepted, until each of its targets has an outcome. Any thread. */
final class Publication {
  /** What one takes in memory beside its payload, and for each target: it counts until the report is told. */
  private static final int BYTES = 256;

  private static final int TARGET_BYTES = 32;

  /** What it takes to say why a target could not read it. */
  static final int REASON_BYTES = 512;

  private final long number;
  private final Book book;
  private final List<Target> targets;
  private final BitSet credited;
  private final int payloadBytes;
  private final long deadlineNanos;
  private final AtomicReferenceArray<Outcome> outcomes;
  private final AtomicInteger open;
  private final Queue<PublishReport.Unreadable> unreadable = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<PublishReport> report = new CompletableFuture<>();

  /**
   * Makes one.
   *
   * @param number its number
   * @param book the account of its topic
   * @param targets its targets, in the order of their places
   * @param credited the places at which credit was taken
   * @param payloadBytes how much of it
   * @param deadlineNanos when those without an outcome are late
   */
  Publication(
      long number,
      Book book,
      List<Target> targets,
      BitSet credited,
      int payloadBytes,
      long deadlineNanos) {
    this.number = number;
    this.book = book;
    this.targets = targets;
    this.credited = credited;
    this.payloadBytes = payloadBytes;
    this.deadlineNanos = deadlineNanos;
    this.outcomes = new AtomicReferenceArray<>(targets.size());
    this.open = new AtomicInteger(targets.size());
  }

  /** Returns what a message takes in memory until its report is told. */
  static long bytes(int payloadBytes, int targets) {
    return BYTES + payloadBytes + (long) targets * TARGET_BYTES;
  }

  long number() {
    return number;
  }

  long bytes() {
    return bytes(payloadBytes, targets.size()) + (long) unreadable.size() * REASON_BYTES;
  }

  List<Target> targets() {
    return targets;
  }

  CompletableFuture<PublishReport> report() {
    return report;
  }

  boolean credited(int place) {
    return credited.get(place);
  }

  /** Returns the places at which credit was taken, of those from one to before another. */
  int[] credited(int from, int to) {
    int[] places = new int[to - from];
    int count = 0;
    for (int place = from; place < to; place++) {
      if (credited.get(place)) {
        places[count++] = place;
      }
    }
    return count == places.length ? places : Arrays.copyOf(places, count);
  }

  boolean isDue(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  /**
   * Notes an outcome, unless the target has one.
   *
   * @param reason why the target could not read it, if so; else empty
   * @param room takes memory for a reason: {@link #REASON_BYTES}; where there is none it is not kept
   * @return whether it was the last one that was missing
   */
  boolean end(int place, Outcome outcome, String reason, BooleanSupplier room) {
    if (!outcomes.compareAndSet(place, null, outcome)) {
      return false;
    }
    if (credited.get(place)) {
      targets.get(place).give(payloadBytes);
    }
    if (!reason.isEmpty() && unreadable.size() < PublishReport.UNREADABLE && room.getAsBoolean()) {
      unreadable.add(new PublishReport.Unreadable(targets.get(place).node(), reason));
    }
    book.ended(outcome);
    return open.decrementAndGet() == 0;
  }

  private List<PublishReport.Unreadable> unreadable() {
    return unreadable.stream().limit(PublishReport.UNREADABLE).toList();
  }

  /** Returns the report, once all have an outcome. */
  PublishReport outcome() {
    if (targets.size() == 1) {
      return new PublishReport(Map.of(outcomes.get(0), 1), unreadable());
    }
    Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    for (int place = 0; place < targets.size(); place++) {
      counts.merge(outcomes.get(place), 1, Integer::sum);
    }
    return new PublishReport(counts, unreadable());
  }
}
