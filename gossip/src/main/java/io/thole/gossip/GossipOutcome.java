package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.List;

/**
 * What should happen now. Its lists are handed over, not copied: whoever makes one leaves them alone.
 *
 * @param sends messages, each of which may be lost
 * @param dials whom to try to connect to, once; what comes of it is told by {@link GossipEngine#onLink}
 * @param joined who is to be published as having come
 * @param left who is to be published as having gone
 * @param lost those of them that were declared dead
 * @param notes what happened to whom, for people and for measurements
 */
public record GossipOutcome(
    List<Send> sends,
    List<Authority> dials,
    List<NodeId> joined,
    List<NodeId> left,
    List<NodeId> lost,
    List<GossipNote> notes) {

  /** Nothing. */
  public static final GossipOutcome NOTHING =
      new GossipOutcome(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /**
   * A message to a node.
   *
   * @param to the node
   * @param message the message
   */
  public record Send(NodeId to, GossipMessage message) {}
}
