package io.thole.api.pubsub;

import io.thole.api.NodeId;
import java.util.List;

/**
 * Who subscribes to a topic or a pattern, as far as a node knows.
 *
 * @param topic the topic, or the pattern
 * @param subscribers how many subscriptions there are in the cluster
 * @param nodes the nodes that have any, sorted
 * @param backlogs what becomes of what they do not keep up with, each once and sorted: {@code wait}, {@code dropNewest} or {@code
 *     dropOldest}; of those on this node with how many messages may wait, {@code dropOldest(100)}
 */
public record TopicStatus(
    TopicFilter topic, int subscribers, List<NodeId> nodes, List<String> backlogs) {
  /** Copies and sorts the nodes, and the backlogs. */
  public TopicStatus {
    nodes = nodes.stream().sorted().toList();
    backlogs = backlogs.stream().distinct().sorted().toList();
  }
}
