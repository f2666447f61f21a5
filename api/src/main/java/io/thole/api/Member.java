package io.thole.api;

import java.util.List;

/**
 * A member as this node sees it. Immutable.
 *
 * @param id address and incarnation
 * @param status what this node can say of it
 * @param self whether it is this node
 * @param kinds the names of the kinds that it hosts, as far as they are known, sorted
 * @param sinceMillis when it came into this node's view, in milliseconds since 1970, for people to read
 */
public record Member(NodeId id, Status status, boolean self, List<String> kinds, long sinceMillis) {
  /** What a node can say of a member. */
  public enum Status {
    /** It is there and can be reached. */
    ALIVE,
    /** It belongs to the cluster, and somebody who could not reach it holds that it is gone; it may still refute that. */
    SUSPECT,
    /** It belongs to the cluster, but this node has no way to reach it. */
    UNREACHABLE
  }

  /** Copies and sorts the kinds. */
  public Member {
    kinds = Sorted.copy(kinds);
  }
}
