package io.thole.core.gossip;

/**
 * Whether this node demonstrably hears others. One that does not may neither accuse nor let a suspicion expire: more likely it is
 * itself what is broken. For one thread.
 */
final class Hearing {
  /** A silence after which nothing that was suspected before is held against anybody without another look. */
  static final long GAP_NANOS = 1_500_000_000L;

  /** A silence after which a node says that it is cut off. */
  static final long ISOLATED_NANOS = 10_000_000_000L;

  private long lastNanos;
  private boolean isolated;

  Hearing(long nowNanos) {
    lastNanos = nowNanos;
  }

  /** Something came from another node; returns whether it ended a silence. */
  boolean heard(long nowNanos) {
    boolean gap = nowNanos - lastNanos > GAP_NANOS;
    lastNanos = nowNanos;
    return gap;
  }

  /** Tells whether something came after a moment. */
  boolean since(long nanos) {
    return lastNanos - nanos > 0;
  }

  /** Returns when this node is to say that it is cut off. */
  long isolatedAtNanos() {
    return lastNanos + ISOLATED_NANOS;
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
