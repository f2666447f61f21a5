package io.thole.testkit.sim;

import io.thole.gossip.GossipNote;

/** Is told what happens at the nodes of a {@link Simulation}, at the moment when it does. Nodes are known by their numbers. */
interface Watcher {
  /** Something was noted at a node. */
  default void onNote(int node, GossipNote note, int about, long nowNanos) {}

  /** A node has published that another came or went. */
  default void onPublished(int node, boolean joined, int about, long nowNanos) {}

  /** Watches nothing. */
  static Watcher none() {
    return new Watcher() {};
  }
}
