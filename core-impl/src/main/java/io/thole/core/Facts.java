package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** What sources have said of who is there, this node and the block list left aside. Confined to the loop. */
final class Facts {
  private final TreeMap<Authority, NodeId> present = new TreeMap<>();
  private final Set<Authority> lost = new HashSet<>(); // by a verdict, and not published yet

  void view(Collection<NodeId> members) {
    Set<Authority> named = new HashSet<>();
    members.forEach(id -> named.add(id.authority()));
    present.keySet().retainAll(named);
    joined(members);
  }

  /** An incarnation that is known stays when its address is told without one, and an older one changes nothing. */
  void joined(Collection<NodeId> nodes) {
    nodes.forEach(this::joined);
  }

  void joined(NodeId id) {
    present.merge(
        id.authority(), id, (old, next) -> next.incarnation() > old.incarnation() ? next : old);
  }

  /** They went by a word, which also explains why they were found unreachable. */
  void left(Collection<NodeId> nodes) {
    nodes.forEach(this::left);
  }

  void left(NodeId id) {
    remove(id);
    lost.remove(id.authority());
  }

  /** They were found unreachable. */
  void lost(Collection<NodeId> nodes) {
    nodes.forEach(id -> {
      if (remove(id)) {
        lost.add(id.authority());
      }
    });
  }

  private boolean remove(NodeId id) {
    NodeId known = present.get(id.authority());
    return known != null && known.matches(id) && present.remove(id.authority(), known);
  }

  /** Tells whether somebody's last leave, since {@link #published}, was to be found unreachable; it may be back. */
  boolean lost(Authority address) {
    return lost.contains(address);
  }

  /** What was said until now has been published: reasons are not needed any more. */
  void published() {
    lost.clear();
  }

  Collection<NodeId> present() {
    return present.values();
  }
}
