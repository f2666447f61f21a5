package io.thole.api;

import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * What a node holds to be the cluster at one moment. Immutable; may be kept and read by any thread.
 *
 * @param version the version of the last change that was applied; 0 before the first
 * @param members the nodes in the cluster, sorted, this node among them unless it is a client
 * @param blocked the addresses that are refused, sorted
 */
public record ClusterView(long version, List<NodeId> members, List<Authority> blocked) {
  /** The view of a node that is not running. */
  public static final ClusterView EMPTY = new ClusterView(0, List.of(), List.of());

  /** Copies and sorts the lists. */
  public ClusterView {
    members = Sorted.copy(members);
    blocked = Sorted.copy(blocked);
  }

  /**
   * Tells whether a member has this address, whatever its incarnation.
   *
   * @param authority the address
   * @return true if it is in the cluster
   */
  public boolean contains(Authority authority) {
    // Of one address, an incarnation that is known comes after one that is not.
    int found = Collections.binarySearch(members, NodeId.at(authority));
    int place = found < 0 ? -1 - found : found;
    return place < members.size() && members.get(place).authority().equals(authority);
  }

  /** Returns the addresses of the members, sorted. */
  public List<Authority> authorities() {
    return members.stream().map(NodeId::authority).toList();
  }

  /**
   * Returns what nodes compare with each other: equal on all nodes that see the same members, incarnations and blocked
   * addresses, whatever their versions. It is FNV-1a over the sorted members, {@code |} and the sorted blocked ones.
   *
   * @return an unsigned 64-bit number
   */
  public long membersHash() {
    return Fnv1a.hash(fullText(members) + "|" + Fnv1a.sortedText(blocked));
  }

  private static String fullText(Collection<NodeId> members) {
    return Fnv1a.sortedText(members.stream()
        .map(id -> id.authority() + "#" + Long.toHexString(id.incarnation()))
        .toList());
  }
}
