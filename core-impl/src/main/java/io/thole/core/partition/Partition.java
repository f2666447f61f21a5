package io.thole.core.partition;

import io.thole.api.Authority;
import io.thole.api.PartitionPolicy;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cluster of which a part was found unreachable, as one node sees it. It does not name that node: all nodes of a side see
 * the same, and decide the same.
 *
 * @param view who was in the cluster before, this side among them
 * @param unreachable who of them cannot be reached
 */
public record Partition(Set<Authority> view, Set<Authority> unreachable) {
  /**
   * Copies the sets.
   *
   * @throws IllegalArgumentException if somebody is unreachable who was not in the cluster
   */
  public Partition {
    view = Set.copyOf(view);
    unreachable = Set.copyOf(unreachable);
    if (!view.containsAll(unreachable)) {
      throw new IllegalArgumentException("unreachable " + unreachable + " of " + view);
    }
  }

  /** Returns who can be reached, the deciding node among them. */
  public Set<Authority> reachable() {
    Set<Authority> reachable = new TreeSet<>(view);
    reachable.removeAll(unreachable);
    return reachable;
  }

  /**
   * Tells whether this side goes on; else it must leave.
   *
   * @param policy the same on all nodes
   */
  public boolean goesOn(PartitionPolicy policy) {
    return switch (policy) {
      case BOTH_SIDES_GO_ON -> true;
      case KEEP_MAJORITY -> hasMajority();
    };
  }

  /** At most one side can have it: two halves differ in who has the smallest address, however the rest is split. */
  private boolean hasMajority() {
    int twice = 2 * (view.size() - unreachable.size());
    return twice > view.size()
        || (twice == view.size()
            && !view.isEmpty()
            && !unreachable.contains(Collections.min(view)));
  }
}
