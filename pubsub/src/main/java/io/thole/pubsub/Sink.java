package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;

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
  }

  /** Returns which of the items of a gap are still open: an end before this counts. */
  PeerMessage.Gap open(PeerMessage.Gap gap) {
    return new PeerMessage.Gap(
        Math.max(gap.first(), ended + 1), gap.last(), gap.outcome(), gap.reason());
  }

  /** Returns all open items up to a number as a gap. */
  PeerMessage.Gap open(long number, Outcome outcome) {
    return new PeerMessage.Gap(ended + 1, number, outcome);
  }
}
