package io.thole.api;

import java.util.List;

/**
 * The state of a node's topology.
 *
 * @param view members, blocked addresses and version
 * @param last the last change, which has the same version; with empty lists before the first
 * @param stale whether nobody tells this node about the cluster at the moment
 * @param source the provider whose facts are applied, or {@code none}
 */
public record TopologyStatus(ClusterView view, ClusterTopology last, boolean stale, String source) {
  /** The status of a node that is not running. */
  public static final TopologyStatus NONE = new TopologyStatus(
      ClusterView.EMPTY, new ClusterTopology(List.of(), List.of(), 0), true, "none");
}
