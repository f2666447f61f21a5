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

  void view(Collection<NodeId> members) {
    Set<Authority> named = new HashSet<>();
    members.forEach(id -> named.add(id.authority()));
    present.keySet().retainAll(named);
    joined(members);
  }

  /** An incarnation that is known stays when its address is told without one, and an older one changes nothing. */
  void joined(Collection<NodeId> nodes) {
    nodes.forEach(id -> present.merge(
        id.authority(), id, (old, next) -> next.incarnation() > old.incarnation() ? next : old));
  }

  void left(Collection<NodeId> nodes) {
    nodes.forEach(id -> present.computeIfPresent(
        id.authority(), (address, known) -> known.matches(id) ? null : known));
  }

  Collection<NodeId> present() {
    return present.values();
  }
}
