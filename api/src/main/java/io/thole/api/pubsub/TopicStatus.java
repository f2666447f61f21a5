package io.thole.api.pubsub;

import io.thole.api.NodeId;
import java.util.List;

/**
 * Who subscribes to a topic or a pattern, as far as a node knows.
 *
 * @param topic the topic, or the pattern
 * @param subscribers how many subscriptions there are in the cluster
 * @param nodes the nodes that have any, sorted
 */
public record TopicStatus(TopicFilter topic, int subscribers, List<NodeId> nodes) {
  /** Copies and sorts the nodes. */
  public TopicStatus {
    nodes = nodes.stream().sorted().toList();
  }
}
