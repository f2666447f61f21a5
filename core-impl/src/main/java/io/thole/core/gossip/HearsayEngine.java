package io.thole.core.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Who is in the cluster, and which runs have left it. Each period, and to whoever is met, it tells what it knows; what it
 * hears of and has not met, it has dialled, unless that run has left. It gives no verdicts: hearsay makes nobody a member and
 * takes nobody away, only a connection counts, and whoever is met has not left. For one thread.
 */
final class HearsayEngine {
  /** To how many nodes a round goes: enough that news is everywhere after about log4 N rounds. */
  private static final int FAN_OUT = 3;

  /** How many departures are remembered; the oldest are forgotten first. */
  static final int MOST_LEFT = 1_000;

  /** How many members one message tells: with the departures, and the longest names, it still is a message. */
  static final int MOST_TOLD = 3_000;

  private final NodeId self;
  private final SplittableRandom random;
  private final TreeSet<NodeId> met = new TreeSet<>();
  private final LinkedHashMap<Authority, NodeId> left = new LinkedHashMap<>();
  private TreeSet<NodeId> members = new TreeSet<>();

  /**
   * Makes an engine that knows nobody.
   *
   * @param self this node
   * @param seed decides whom a round goes to
   */
  HearsayEngine(NodeId self, long seed) {
    this.self = self;
    this.random = new SplittableRandom(seed);
  }

  /** This node's view has changed: whoever is not in it any more, and is not met, has left. */
  void onView(Collection<NodeId> view) {
    TreeSet<NodeId> before = members;
    members = new TreeSet<>(view);
    members.removeIf(id -> id.incarnation() == NodeId.UNKNOWN);
    before.removeAll(members);
    before.forEach(this::onLeft);
  }

  /** A node can be talked to; it is told everything. */
  HearsayOutcome onMet(NodeId peer) {
    met.add(peer);
    left.remove(peer.authority());
    return new HearsayOutcome(List.of(tell(peer)), List.of());
  }

  /** A node cannot be talked to any more. */
  void onParted(NodeId peer) {
    met.remove(peer);
  }

  /** Takes what another node tells. */
  HearsayOutcome onMessage(HearsayMessage message) {
    message.left().forEach(this::onLeft);
    List<Authority> dials = message.members().stream()
        .filter(id -> !hasLeft(id) && !isKnown(id))
        .map(NodeId::authority)
        .distinct()
        .toList();
    return new HearsayOutcome(List.of(), dials);
  }

  /** Begins a round. */
  HearsayOutcome onRound() {
    List<NodeId> peers = new ArrayList<>(met);
    List<HearsayOutcome.Send> sends = new ArrayList<>();
    while (sends.size() < FAN_OUT && !peers.isEmpty()) {
      sends.add(tell(peers.remove(random.nextInt(peers.size()))));
    }
    return new HearsayOutcome(sends, List.of());
  }

  private void onLeft(NodeId node) {
    if (node.incarnation() == NodeId.UNKNOWN
        || hasLeft(node)
        || met.contains(node)
        || node.authority().equals(self.authority())) {
      return;
    }
    left.remove(node.authority());
    left.put(node.authority(), node);
    if (left.size() > MOST_LEFT) {
      left.remove(left.keySet().iterator().next());
    }
  }

  private HearsayOutcome.Send tell(NodeId peer) {
    return new HearsayOutcome.Send(
        peer, new HearsayMessage(someMembers(), List.copyOf(left.values())));
  }

  /** Returns all members, or as many as a message surely holds, others each time. */
  private List<NodeId> someMembers() {
    List<NodeId> all = new ArrayList<>(members);
    if (all.size() <= MOST_TOLD) {
      return all;
    }
    Collections.rotate(all, random.nextInt(all.size()));
    return all.subList(0, MOST_TOLD);
  }

  private boolean hasLeft(NodeId id) {
    NodeId known = left.get(id.authority());
    return known != null && known.incarnation() >= id.incarnation();
  }

  private boolean isKnown(NodeId id) {
    return id.authority().equals(self.authority()) || met.contains(id) || members.contains(id);
  }
}
