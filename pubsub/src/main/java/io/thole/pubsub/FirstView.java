package io.thole.pubsub;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides when this node knows enough to publish: once each member of its first view has sent its table, or after 5 s. A
 * node that is alone when it has started knows everything. Confined to whoever holds the lock of its owner.
 */
final class FirstView {
  /** How long to wait for a table. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<NodeId> unknown = new ArrayList<>();
  private List<NodeId> awaited = List.of();
  private boolean begun;
  private boolean complete;
  private long deadlineNanos;

  /**
   * Looks at how things are.
   *
   * @param others the members at this moment, without this node
   * @param started whether the node has started, so that who is not here now comes later
   * @param known tells whether a member has sent its table
   * @param nowNanos the time
   */
  void look(List<NodeId> others, boolean started, Predicate<NodeId> known, long nowNanos) {
    if (complete) {
      return;
    }
    if (!begun && others.isEmpty()) {
      complete = started;
      return;
    }
    if (!begun) {
      begun = true;
      awaited = others;
      deadlineNanos = nowNanos + PATIENCE.toNanos();
    }
    awaited = awaited.stream()
        .filter(member -> others.stream().anyMatch(member::matches) && !known.test(member))
        .toList();
    if (nowNanos - deadlineNanos >= 0) {
      unknown.addAll(awaited);
      awaited = List.of();
    }
    complete = awaited.isEmpty();
  }

  /** A member cannot be reached: it is no use to wait for its table. */
  void refused(Authority address) {
    awaited.stream().filter(member -> member.authority().equals(address)).forEach(unknown::add);
    awaited =
        awaited.stream().filter(member -> !member.authority().equals(address)).toList();
    complete |= begun && awaited.isEmpty();
  }

  /** Tells whether there is nothing to wait for any more. */
  boolean isComplete() {
    return complete;
  }

  /** Returns whose tables are waited for. */
  List<NodeId> awaited() {
    return awaited;
  }

  /** Returns whose tables are not known, although it is complete. */
  List<NodeId> unknown() {
    return List.copyOf(unknown);
  }
}
