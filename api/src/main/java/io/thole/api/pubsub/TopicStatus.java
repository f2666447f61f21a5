package io.thole.api.pubsub;

import io.thole.api.NodeId;
import java.util.List;

/**
 * Who subscribes to a topic, as far as a node knows.
 *
 * @param topic the topic
 * @param subscribers how many subscriptions there are in the cluster
 * @param nodes the nodes that have any, sorted
 */
public record TopicStatus(Topic topic, int subscribers, List<NodeId> nodes) {
  /** Copies and sorts the nodes. */
  public TopicStatus {
    nodes = nodes.stream().sorted().toList();
  }
}
