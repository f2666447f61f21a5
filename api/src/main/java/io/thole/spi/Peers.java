package io.thole.spi;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The nodes to which this one is linked: what is known by connections alone, and so evidence, not membership. The core dials
 * the members of the view by itself, and again when a connection is lost; a part dials whom it wants to meet. Any thread.
 */
@ProviderType
public interface Peers {
  /** Returns the peers to which a connection stands at this moment, sorted. */
  List<Peer> linked();

  /**
   * Tries once to connect to an address, unless a connection to it stands or is being made. Observers are told what comes of
   * it; where there is no transport, that it was refused.
   *
   * @param address the address
   */
  void dial(Authority address);

  /**
   * Returns when something came last from a node over its connection that shows that it is alive: messages of channels and
   * their acknowledgements, but not what was cast. Cheap.
   *
   * @param peer the node
   * @return as {@link PartContext#nowNanos()}; empty if nothing came, or there is no link to it
   */
  OptionalLong heardNanos(NodeId peer);

  /**
   * Has an observer told of connections, until the part stops: first of those that stand, then of each change, in order, on
   * a worker of its own. So it is told also while the part itself is busy, as in a start that waits for somebody.
   *
   * @param observer what is called
   */
  void watch(PeerObserver observer);

  /** What is told of connections. */
  @ConsumerType
  interface PeerObserver {
    /** A connection stands and the peer has described itself; or a peer that is up describes itself anew. */
    void onUp(Peer peer);

    /**
     * A connection is gone: evidence, not a verdict.
     *
     * @param peer to whom
     * @param announced whether the peer had said that it would close and may be back soon, or this node's own transport has
     *     been taken out, which says nothing of the peer either
     * @param reason why, in one line
     */
    void onLost(NodeId peer, boolean announced, String reason);

    /**
     * A peer says that it leaves the cluster: its own word, which comes before its connection goes. What it still had to
     * answer has been answered.
     *
     * @param peer who
     */
    default void onLeaving(NodeId peer) {}

    /**
     * An attempt to connect failed, the core's own attempts among them.
     *
     * @param address the address that was dialled
     * @param nobodyListens whether the address itself has answered that no process listens there, which is evidence; false
     *     for whatever else may fail, which says nothing of who was there
     * @param reason why, in one line
     */
    void onRefused(Authority address, boolean nobodyListens, String reason);
  }
}
