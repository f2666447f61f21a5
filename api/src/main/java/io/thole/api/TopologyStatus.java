package io.thole.api;

/**
 * The state of a node's topology.
 *
 * @param view members, blocked addresses and version
 * @param last the last change, which has the same version; with empty lists before the first
 * @param stale whether the node runs, and nobody tells it about the cluster at the moment
 * @param source the provider whose facts are applied, or {@code none}
 * @param agreement how many of the members are known to have the same view
 */
public record TopologyStatus(
    ClusterView view, ClusterTopology last, boolean stale, String source, Agreement agreement) {}
