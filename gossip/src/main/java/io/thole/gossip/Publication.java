package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gathers changes of the view until none has come for a while, and publishes what is left of them: few events, large ones. Many
 * changes at once wait for longer, since more will come. For one thread.
 */
final class Publication {
  /** So many changes at once are a storm. */
  private static final int STORM = 8;

  /** Nobody waits for longer than this; a storm may take its time. */
  private static final long LONGEST_NANOS = 250_000_000;

  private static final long LONGEST_STORM_NANOS = 3_000_000_000L;

  private final long quietNanos;
  private final long stormNanos;
  private final Map<Authority, Optional<NodeId>> before = new LinkedHashMap<>();
  private final Set<Authority> dead = new HashSet<>();
  private long firstNanos;
  private long lastNanos;
  private boolean asked; // since the last change

  Publication(long quietNanos, long stormNanos) {
    this.quietNanos = quietNanos;
    this.stormNanos = stormNanos;
  }

  /** A member at an address was declared dead; that it changed is said apart. */
  void died(Authority address) {
    dead.add(address);
  }

  /** Something changed at an address, where until now this was published. */
  void changed(Authority address, Optional<NodeId> published, long nowNanos) {
    if (before.isEmpty()) {
      firstNanos = nowNanos;
    }
    lastNanos = nowNanos;
    asked = false;
    before.putIfAbsent(address, published);
  }

  boolean isWaiting() {
    return !before.isEmpty();
  }

  /** Tells whether a storm seems to be over, and nobody was asked yet what it has brought: rumours miss a few of many. */
  boolean asks(long nowNanos) {
    return isStorm() && !asked && nowNanos - askNanos() >= 0;
  }

  /** Others are asked; what they answer is a change. */
  void asked() {
    asked = true;
  }

  private boolean isStorm() {
    return before.size() >= STORM;
  }

  private long askNanos() {
    return lastNanos + stormNanos / 2;
  }

  /** Returns when to ask or to publish; only where something waits. */
  long nextNanos() {
    return isStorm() && !asked && askNanos() - dueNanos() < 0 ? askNanos() : dueNanos();
  }

  /** Returns when to publish; only where something waits. */
  long dueNanos() {
    boolean storm = isStorm();
    long quiet = lastNanos + (storm ? stormNanos : quietNanos);
    long latest = firstNanos + (storm ? LONGEST_STORM_NANOS : LONGEST_NANOS);
    return quiet - latest < 0 ? quiet : latest;
  }

  /** Takes the difference between what was published and what is. */
  void take(MemberTable members, List<NodeId> joined, List<NodeId> left, List<NodeId> lost) {
    before.forEach((address, published) -> {
      int slot = members.find(address);
      NodeId now = slot == MemberTable.NONE ? null : members.node(slot);
      if (published.isPresent() && !published.get().equals(now)) {
        left.add(published.get());
        if (dead.contains(address)) {
          lost.add(published.get());
        }
      }
      if (now != null && !published.equals(Optional.of(now))) {
        joined.add(now);
      }
    });
    before.clear();
    dead.clear();
  }

  /** Passes over what others published already. */
  void known(Authority address) {
    before.remove(address);
  }
}
