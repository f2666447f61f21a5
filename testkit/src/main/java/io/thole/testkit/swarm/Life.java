package io.thole.testkit.swarm;

import io.thole.api.ClusterState;
import io.thole.api.NodeId;
import io.thole.core.run.ManualNodeLoop;
import io.thole.testkit.ManualNode;

/**
 * One run of a process at a place.
 *
 * @param place where
 * @param id the node
 * @param loop its time
 * @param node the node itself
 * @param transport its way to others
 * @param blocks its block list
 */
record Life(
    int place,
    NodeId id,
    ManualNodeLoop loop,
    ManualNode node,
    SimulatedTransport transport,
    ChangingBlockList blocks) {

  boolean running() {
    return node.state() == ClusterState.RUNNING;
  }
}
