package io.thole.gossip;

import io.thole.api.NodeId;

/**
 * Something that happened at this node, at the moment when it did (publication may come later).
 *
 * @param kind what
 * @param about whom
 * @param evidence on what grounds, in one line
 */
public record GossipNote(Kind kind, NodeId about, String evidence) {
  /** What may happen. */
  public enum Kind {
    /** A member has come. */
    JOINED,
    /** A member is suspected. */
    SUSPECTED,
    /** A suspicion was refuted. */
    RECOVERED,
    /** A member was found dead, here or elsewhere: a failure event. */
    DIED,
    /** A member has said that it leaves. */
    LEFT,
    /** This node was accused, or declared dead, and has refuted. */
    REFUTED,
    /** This node hears nobody. */
    ISOLATED,
    /** This node hears others again. */
    REJOINED
  }
}
