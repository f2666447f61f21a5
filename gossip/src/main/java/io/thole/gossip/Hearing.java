package io.thole.gossip;

/**
 * Whether this node demonstrably hears others. One that does not may neither accuse nor let a suspicion expire: more likely it is
 * itself what is broken. For one thread.
 */
final class Hearing {
  /** A silence of so many periods is none that chance makes, since each node is probed, and answered, in every one. */
  private static final double GAP = 1.5;

  /** After a silence of so many periods a node says that it is cut off. */
  private static final int ISOLATED = 10;

  private final long periodNanos;
  private long lastNanos;
  private boolean isolated;

  /**
   * Makes one that has just been heard.
   *
   * @param periodNanos how often each node probes
   */
  Hearing(long periodNanos, long nowNanos) {
    this.periodNanos = periodNanos;
    lastNanos = nowNanos;
  }

  /** Returns the silence after which nothing that was suspected before is held against anybody without another look. */
  long gapNanos() {
    return (long) (GAP * periodNanos);
  }

  /** Something came from another node; returns whether it ended a silence. */
  boolean heard(long nowNanos) {
    boolean gap = nowNanos - lastNanos > gapNanos();
    lastNanos = nowNanos;
    return gap;
  }

  /** Tells whether something came after a moment. */
  boolean since(long nanos) {
    return lastNanos - nanos > 0;
  }

  /** Returns when this node is to say that it is cut off. */
  long isolatedAtNanos() {
    return lastNanos + ISOLATED * periodNanos;
  }

  boolean isolated() {
    return isolated;
  }

  void isolated(boolean now) {
    isolated = now;
  }

  /** The node itself stood still, and could not have heard anything. */
  void shift(long nanos, long nowNanos) {
    lastNanos = Local.earlier(lastNanos + nanos, nowNanos);
  }
}
