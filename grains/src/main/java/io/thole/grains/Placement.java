package io.thole.grains;

import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who can have grains of which kind, at one moment. Immutable; made anew for each change of the view or of anyone's kinds.
 * Kinds of nodes outside the view are known, but not hosted there: a client, or a member that has just left.
 */
public final class Placement {
  /** What a node sees that is not running. */
  public static final Placement NOWHERE = new Placement(ClusterView.EMPTY, Map.of());

  private final ClusterView view;
  private final Map<Authority, NodeId> members = new HashMap<>();
  private final Map<String, List<NodeId>> hosts = new HashMap<>();
  private @Nullable Long
      viewHash; // made at first need; two threads that need it at once make the same

  /**
   * Notes who has what.
   *
   * @param view the view
   * @param kinds the kinds of each node that has told them, this node's own among them, under the id by which it is sent to
   */
  public Placement(ClusterView view, Map<NodeId, List<String>> kinds) {
    this.view = view;
    view.members().forEach(member -> members.put(member.authority(), member));
    new TreeMap<>(kinds).forEach((node, names) -> {
      boolean inView = has(node);
      for (String name : names) {
        List<NodeId> known = hosts.computeIfAbsent(name, unheard -> new ArrayList<>());
        if (inView && !name.equals(GrainKind.TOPIC)) { // that one is publish/subscribe's own
          known.add(node);
        }
      }
    });
    hosts.replaceAll((name, known) -> List.copyOf(known));
  }

  /** Returns the view that this was made from. */
  public ClusterView view() {
    return view;
  }

  /** Returns the hash of that view, by which nodes tell whether they have the same. */
  public long viewHash() {
    Long known = viewHash;
    if (known == null) {
      known = view.membersHash();
      viewHash = known;
    }
    return known;
  }

  /** Tells whether this run of a node is in that view. */
  public boolean has(NodeId node) {
    NodeId member = members.get(node.authority());
    return member != null && member.matches(node);
  }

  /** Tells whether any node, member or not, has the kind. */
  public boolean knows(String kind) {
    return hosts.containsKey(kind);
  }

  /** Returns the members that have the kind, sorted. */
  public List<NodeId> hosts(String kind) {
    return hosts.getOrDefault(kind, List.of());
  }
}
