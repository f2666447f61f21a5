package io.thole.core.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.List;

/**
 * What should happen now.
 *
 * @param sends what to send
 * @param dials whom to connect to
 */
record HearsayOutcome(List<Send> sends, List<Authority> dials) {
  HearsayOutcome {
    sends = List.copyOf(sends);
    dials = List.copyOf(dials);
  }

  /**
   * A message to a node.
   *
   * @param to the node
   * @param message the message
   */
  record Send(NodeId to, HearsayMessage message) {}
}
