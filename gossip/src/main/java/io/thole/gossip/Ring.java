package io.thole.gossip;

import io.thole.api.NodeId;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whom this node watches: its nearest successors on a ring of hashes that are not suspected. So each member has as many who watch
 * it, each probes it once it has been silent for a period, and a crash is seen by several within one. For one thread.
 */
final class Ring {
  private static final int SOON = 10;

  /** What is due within this part of a period is probed along with what is due now. */
  private static final int SLACK = 50;

  private final long self;
  private final long periodNanos;
  private final long phaseNanos;
  private final SplittableRandom random;
  private final NodeId[] nodes;
  private final long[] distances;
  private final long[] dueNanos;
  private int size;
  private boolean gap; // some may be missing

  /**
   * Makes one that watches nobody.
   *
   * @param most how many are watched
   * @param phaseNanos a moment at which a period begins: all that is due together goes out in one step, which spares wake-ups here
   *     and there; each node has a phase of its own, so that a member is probed at as many moments as it has watchers
   */
  Ring(NodeId self, int most, long periodNanos, long phaseNanos, SplittableRandom random) {
    this.self = NodeHash.of(self);
    this.periodNanos = periodNanos;
    this.phaseNanos = phaseNanos;
    this.random = random;
    this.nodes = new NodeId[most];
    this.distances = new long[most];
    this.dueNanos = new long[most];
  }

  int size() {
    return size;
  }

  NodeId node(int place) {
    return nodes[place];
  }

  /** A member can be watched: it came, or is not suspected any more. */
  void offer(NodeId node, long nowNanos) {
    watch(node, nowNanos + Math.floorMod(phaseNanos - nowNanos, periodNanos));
  }

  private void watch(NodeId node, long firstNanos) {
    long distance = NodeHash.of(node) - self;
    int place = size;
    while (place > 0 && Long.compareUnsigned(distances[place - 1], distance) > 0) {
      place--;
    }
    if (place == nodes.length || (place > 0 && distances[place - 1] == distance)) {
      return;
    }
    size = Math.min(size + 1, nodes.length);
    for (int i = size - 1; i > place; i--) {
      move(i - 1, i);
    }
    nodes[place] = node;
    distances[place] = distance;
    dueNanos[place] = firstNanos;
  }

  /** A member cannot be watched any more: it is suspected, or has gone. Returns whether it was watched. */
  boolean drop(NodeId node) {
    int place = find(node);
    if (place >= 0) {
      for (int i = place + 1; i < size; i++) {
        move(i, i - 1);
      }
      size--;
      gap = true;
    }
    return place >= 0;
  }

  /** Replaces those that were dropped by the next ones. */
  void fill(MemberTable members, long nowNanos) {
    if (gap) {
      gap = false;
      // All are offered: those that are there already stay as they are. Who fails is seldom alone:
      // the
      // next one is probed soon.
      for (int slot = 0; slot < members.size(); slot++) {
        if (!members.isSuspect(slot)) {
          watch(members.node(slot), nowNanos + random.nextLong(periodNanos / SOON));
        }
      }
    }
  }

  boolean watches(NodeId node) {
    return find(node) >= 0;
  }

  /** Something came from a node: if it is watched, it need not be probed for a period. */
  void heard(NodeId node, long nowNanos) {
    int place = find(node);
    if (place >= 0) {
      dueNanos[place] = nowNanos + periodNanos;
    }
  }

  /** Returns whom to probe now, each once in a period. */
  @Nullable
  NodeId due(long nowNanos) {
    long slackNanos = periodNanos / SLACK;
    for (int i = 0; i < size; i++) {
      if (nowNanos + slackNanos - dueNanos[i] >= 0) {
        dueNanos[i] = nowNanos + periodNanos;
        return nodes[i];
      }
    }
    return null;
  }

  /** Returns the earlier of a deadline and the moment when somebody is to be probed. */
  long deadlineNanos(long otherNanos) {
    long earliest = otherNanos;
    for (int i = 0; i < size; i++) {
      earliest = dueNanos[i] - earliest < 0 ? dueNanos[i] : earliest;
    }
    return earliest;
  }

  private int find(NodeId node) {
    for (int i = 0; i < size; i++) {
      // A start's number tells most nodes apart before their addresses are looked at.
      if (nodes[i].incarnation() == node.incarnation() && nodes[i].equals(node)) {
        return i;
      }
    }
    return -1;
  }

  private void move(int from, int to) {
    nodes[to] = nodes[from];
    distances[to] = distances[from];
    dueNanos[to] = dueNanos[from];
  }
}
