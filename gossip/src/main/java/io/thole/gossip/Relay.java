package io.thole.gossip;

import io.thole.api.NodeId;

/**
 * A probe that is made for another node. Confined to its engine.
 *
 * @param sequence this node's own
 * @param target who is probed
 * @param asker for whom
 * @param askerSequence the asker's
 * @param nackNanos when to say that the target has not answered
 */
record Relay(int sequence, NodeId target, NodeId asker, int askerSequence, long nackNanos) {}
