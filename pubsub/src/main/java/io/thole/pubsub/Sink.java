package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A subscription as a publisher streams to it: which items it gets, which have an outcome, and its credit. Guarded by the lock of its
 * publisher.
 */
final class Sink {
  private final NodeId node;
  private final int stream;
  private final long subscription;
  private final long before;
  private final boolean drops;
  private long last = Long.MAX_VALUE;
  private Credit credit = Credit.FIRST;
  private long sentBytes;
  private long progress;
  private long progressBytes;
  private long ended;
  private final TreeMap<Long, Long> early =
      new TreeMap<>(); // ranges that have an outcome, after one that has none

  /**
   * Makes one.
   *
   * @param node its node
   * @param stream what it is a part of: a subscription may be at the end of several
   * @param subscription what its node calls it
   * @param before the number before its first item
   */
  Sink(NodeId node, int stream, long subscription, long before) {
    this.node = node;
    this.stream = stream;
    this.subscription = subscription;
    this.before = before;
    this.drops = SubscriptionId.drops(subscription);
    progress = before;
    ended = before;
  }

  NodeId node() {
    return node;
  }

  /** Returns the stream of which it is a part. */
  int stream() {
    return stream;
  }

  long subscription() {
    return subscription;
  }

  /** Tells whether it is this one of which a node speaks. */
  boolean is(NodeId speaker, int itsStream, long itsSubscription) {
    return stream == itsStream && subscription == itsSubscription && node.equals(speaker);
  }

  /** Tells whether it drops what it does not keep up with, and so needs no credit. */
  boolean drops() {
    return drops;
  }

  /** Tells whether there is credit for another item, or none is needed. */
  boolean hasRoom(long published, int bytes) {
    return drops
        || (published - progress < credit.messages()
            && (published == progress || sentBytes - progressBytes + bytes <= credit.bytes()));
  }

  /** Is to get an item. */
  void sent(int bytes) {
    sentBytes += bytes;
  }

  /** Gets no item after this number. */
  void leave(long number) {
    last = Math.min(last, number);
  }

  /** Tells whether a number that its node has said is of this one: another may come after it, of the same subscription. */
  boolean covers(long number, long published) {
    return number > before && number <= latest(published);
  }

  /** Returns up to which number its items have an outcome. */
  long ended() {
    return ended;
  }

  /** Returns the number of its latest item. */
  long latest(long published) {
    return Math.min(last, published);
  }

  /** Tells whether every item has an outcome. */
  boolean isSettled(long published) {
    return ended >= latest(published);
  }

  /** Tells whether nothing will be said of it any more. */
  boolean isOver() {
    return ended >= last;
  }

  /** Its node has said how far it is, and what credit it gives from now on. */
  void progress(long number, long bytes, Credit given) {
    if (number > progress) {
      credit = given;
      progress = number;
      progressBytes = Math.max(progressBytes, Math.min(bytes, sentBytes));
    }
  }

  /** All items up to a number have an outcome. */
  void end(long number) {
    ended = Math.max(ended, number);
    while (!early.isEmpty() && early.firstKey() <= ended + 1) {
      ended = Math.max(ended, early.pollFirstEntry().getValue());
    }
  }

  /** Items that were open have an outcome although others before them may have none. */
  void end(long first, long last) {
    Map.Entry<Long, Long> before = early.lowerEntry(first);
    boolean follows = before != null && before.getValue() == first - 1;
    early.put(follows ? before.getKey() : first, last);
    end(ended);
  }

  /** Returns how many ranges of items have an outcome after one that has none. */
  int early() {
    return early.size();
  }

  /** Returns how many items up to a number are open. */
  long open(long number) {
    if (early.isEmpty()) {
      return Math.max(0, number - ended);
    }
    return open(new PeerMessage.Gap(ended + 1, number, Outcome.DELIVERED)).stream()
        .mapToLong(part -> part.last() - part.first() + 1)
        .sum();
  }

  /** Returns which of the items of a gap are still open: an end before this counts. */
  List<PeerMessage.Gap> open(PeerMessage.Gap gap) {
    long first = Math.max(gap.first(), ended + 1);
    if (early.isEmpty() || first > gap.last()) {
      return first > gap.last() ? List.of() : List.of(part(gap, first, gap.last()));
    }
    List<PeerMessage.Gap> parts = new ArrayList<>();
    Map.Entry<Long, Long> known = early.floorEntry(first);
    first = known == null ? first : Math.max(first, known.getValue() + 1);
    for (Map.Entry<Long, Long> next = early.ceilingEntry(first);
        next != null && next.getKey() <= gap.last();
        next = early.ceilingEntry(first)) {
      if (first < next.getKey()) {
        parts.add(part(gap, first, next.getKey() - 1));
      }
      first = next.getValue() + 1;
    }
    if (first <= gap.last()) {
      parts.add(part(gap, first, gap.last()));
    }
    return parts;
  }

  private static PeerMessage.Gap part(PeerMessage.Gap gap, long first, long last) {
    return new PeerMessage.Gap(first, last, gap.outcome(), gap.reason());
  }
}
