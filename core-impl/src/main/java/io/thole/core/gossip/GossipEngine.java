package io.thole.core.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.Collection;
import java.util.List;

/** SKELETON. The state machine of gossip on one node. Time is monotonic, in nanoseconds. For one thread. */
public final class GossipEngine {
  /** What is told of a connection. */
  public enum Link {
    /** A connection stands. */
    UP,
    /** It is gone, unannounced. */
    LOST,
    /** It is gone; the peer had said so: no evidence. */
    PAUSED,
    /** The address refused a connection, as an address does where no process listens. */
    REFUSED
  }

  /**
   * Makes an engine that knows itself alone.
   *
   * @param self this node
   * @param member whether this node is a member; a client watches, accuses nobody and is not announced
   * @param settings how it behaves
   * @param seed decides whatever is left to chance
   * @param nowNanos the time
   */
  public GossipEngine(
      NodeId self, boolean member, GossipSettings settings, long seed, long nowNanos) {}

  /** Takes members as given, without an announcement: the view that a node starts with, what a provider proposes. */
  public GossipOutcome onProposed(Collection<NodeId> nodes, long nowNanos) {
    return GossipOutcome.NOTHING;
  }

  /** Somebody who decides has taken members out: the provider's word, the block list. */
  public GossipOutcome onWithdrawn(Collection<NodeId> nodes, long nowNanos) {
    return GossipOutcome.NOTHING;
  }

  /** Says which addresses should be in the cluster though nobody is known to be there: they are tried for ever. */
  public void onConfigured(Collection<Authority> addresses) {}

  /** Takes a message. */
  public GossipOutcome onMessage(NodeId from, GossipMessage message, long nowNanos) {
    return GossipOutcome.NOTHING;
  }

  /** Takes what is told of a connection; with {@link Link#UP} a node is met, and what each knows is exchanged. */
  public GossipOutcome onLink(NodeId peer, Link link, long nowNanos) {
    return GossipOutcome.NOTHING;
  }

  /** Something else than gossip came from a node: it is alive. */
  public void onHeard(NodeId peer, long nowNanos) {}

  /** A node says that it leaves. */
  public GossipOutcome onLeaving(NodeId peer, long nowNanos) {
    return GossipOutcome.NOTHING;
  }

  /** This node leaves: returns what is to be said; after that it says nothing. */
  public GossipOutcome leave(long nowNanos) {
    return GossipOutcome.NOTHING;
  }

  /** Does what is due. Whoever drives takes what has arrived before. */
  public GossipOutcome tick(long nowNanos) {
    return GossipOutcome.NOTHING;
  }

  /** Returns when {@link #tick} has something to do next, unless something happens before. */
  public long nextDeadlineNanos() {
    return Long.MAX_VALUE;
  }

  /** Returns the members that this node knows, itself among them if it is one, in no order. */
  public List<NodeId> members() {
    return List.of();
  }

  /** Returns how many members this node knows, itself among them if it is one. */
  public int size() {
    return 0;
  }

  /** Tells whether a member is suspected here. */
  public boolean suspects(NodeId node) {
    return false;
  }

  /** Returns a hash of who is a member, whatever the order. */
  public long viewHash() {
    return 0;
  }

  /** Returns how many members are known to have the same published view as this node, itself among them. */
  public int agreeing() {
    return 0;
  }

  /** Tells whether this node hears nobody. */
  public boolean isolated() {
    return false;
  }
}
