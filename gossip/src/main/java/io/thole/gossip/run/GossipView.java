package io.thole.gossip.run;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine;
import io.thole.gossip.GossipOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the node's view shows, and whose word it was: what a provider or the block list has changed is news for the engine, what the
 * gossiper has told itself is not. For one thread.
 */
final class GossipView {
  /**
   * How long a gossiper's own word may take until the view shows it: a coalescing period and a busy worker. What had no effect, since
   * somebody else had said the same, is forgotten after it.
   */
  private static final long ECHO_NANOS = 10_000_000_000L;

  private final Set<Authority> seeds;
  private final Set<Authority> configured = new TreeSet<>(); // named without being known
  private final Map<Authority, NodeId> shown = new HashMap<>();
  private final Map<Authority, Long> toldJoined = new LinkedHashMap<>(); // and until when it counts
  private final Map<Authority, Long> toldLeft = new LinkedHashMap<>();
  private Set<Authority> blocked = Set.of();

  /**
   * Makes a view that shows nothing.
   *
   * @param seeds addresses that should be in the cluster
   */
  GossipView(Collection<Authority> seeds) {
    this.seeds = Set.copyOf(seeds);
  }

  /** Begins with the view that there is. */
  GossipOutcome begin(GossipEngine engine, Collection<NodeId> members, long nowNanos) {
    members.forEach(member -> shown.put(member.authority(), member));
    return propose(engine, members, nowNanos);
  }

  /** Returns how many members the node's view shows, those that nobody has met among them. */
  int size() {
    return shown.size();
  }

  /** The gossiper has told who came. */
  void tellJoined(Collection<NodeId> nodes, long nowNanos) {
    tell(toldJoined, nodes, nowNanos);
  }

  /** The gossiper has told who went. */
  void tellLeft(Collection<NodeId> nodes, long nowNanos) {
    tell(toldLeft, nodes, nowNanos);
  }

  /**
   * The block list may have changed: whom it does not refuse any more may be met again. Returns whom it has taken out, of those that
   * had been met: when their block ends, they are no members until they are met again.
   */
  List<NodeId> onBlocked(TopologyUpdated event, GossipEngine engine, long nowNanos) {
    Set<Authority> now = Set.copyOf(event.blocked());
    engine.onAdmitted(
        blocked.stream().filter(address -> !now.contains(address)).toList(), nowNanos);
    blocked = now;
    return event.left().stream()
        .filter(now::contains)
        .map(shown::get)
        .filter(node -> node != null && node.incarnation() != NodeId.UNKNOWN)
        .toList();
  }

  /** The view has changed: takes in who went. */
  GossipOutcome onLeft(TopologyUpdated event, GossipEngine engine, long nowNanos) {
    forgetOld(toldLeft, nowNanos);
    List<NodeId> withdrawn = left(event, engine);
    return withdrawn.isEmpty() ? GossipOutcome.NOTHING : engine.onWithdrawn(withdrawn, nowNanos);
  }

  /** The view has changed: takes in who came. */
  GossipOutcome onJoined(TopologyUpdated event, GossipEngine engine, long nowNanos) {
    forgetOld(toldJoined, nowNanos);
    return propose(engine, joined(event), nowNanos);
  }

  private List<NodeId> left(TopologyUpdated event, GossipEngine engine) {
    List<NodeId> withdrawn = new ArrayList<>();
    for (Authority address : event.left()) {
      NodeId before = shown.remove(address);
      boolean own = toldLeft.remove(address) != null;
      toldJoined.remove(address); // told before it went, it has had its effect or none
      if (before != null && !own && concerns(engine, before)) {
        configured.remove(address);
        withdrawn.add(before);
      }
    }
    return withdrawn;
  }

  /** What the engine has removed already, or knows as another start, is not taken from it again. */
  private static boolean concerns(GossipEngine engine, NodeId before) {
    return before.incarnation() == NodeId.UNKNOWN
        || engine.memberAt(before.authority()).filter(before::matches).isPresent();
  }

  private List<NodeId> joined(TopologyUpdated event) {
    if (event.joined().isEmpty()) {
      return List.of();
    }
    Set<Authority> came = Set.copyOf(event.joined());
    List<NodeId> proposed = new ArrayList<>();
    for (NodeId member : event.members()) {
      if (came.contains(member.authority())) {
        shown.put(member.authority(), member);
        toldLeft.remove(member.authority());
        if (toldJoined.remove(member.authority()) == null) {
          proposed.add(member);
        }
      }
    }
    return proposed;
  }

  private GossipOutcome propose(GossipEngine engine, Collection<NodeId> nodes, long nowNanos) {
    List<NodeId> known = new ArrayList<>();
    for (NodeId node : nodes) {
      if (node.incarnation() == NodeId.UNKNOWN) {
        configured.add(node.authority());
      } else {
        known.add(node);
      }
    }
    Set<Authority> looked = new TreeSet<>(seeds);
    looked.addAll(configured);
    engine.onConfigured(looked);
    return known.isEmpty() ? GossipOutcome.NOTHING : engine.onProposed(known, nowNanos);
  }

  private static void tell(Map<Authority, Long> told, Collection<NodeId> nodes, long nowNanos) {
    nodes.forEach(node -> {
      told.remove(node.authority()); // so that the oldest stay first
      told.put(node.authority(), nowNanos + ECHO_NANOS);
    });
  }

  private static void forgetOld(Map<Authority, Long> told, long nowNanos) {
    while (!told.isEmpty() && nowNanos - told.values().iterator().next() >= 0) {
      told.remove(told.keySet().iterator().next());
    }
  }
}
