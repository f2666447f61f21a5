package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.BlockEntry;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterState;
import io.thole.api.Evidence;
import io.thole.api.Member;
import io.thole.api.Metrics;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.ProviderStatus;
import io.thole.api.TopologyStatus;
import io.thole.spi.ClusterGrains;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a node shows of itself at one moment. Immutable.
 *
 * @param state what it is doing
 * @param self its id, once it has one
 * @param topology its topology
 * @param members its members
 * @param kinds the names of its kinds
 * @param peers the nodes to which a connection stands
 * @param evidence what is known about nodes
 * @param providers the membership providers that are present, the active one first
 * @param pubSub publish/subscribe, where it runs
 * @param grains virtual actors, where they run
 * @param gossiper the gossiper, where one runs
 * @param blocked the block list
 * @param metrics the counters
 * @param metricsEnabled whether anyone may see them
 * @param reachesOthers whether it has a transport
 * @param missing the kinds of part that its start waits for
 * @param failed the parts that are passed over because they failed, each with the reason
 */
public record NodeStatus(
    ClusterState state,
    Optional<NodeId> self,
    TopologyStatus topology,
    List<Member> members,
    List<String> kinds,
    List<Peer> peers,
    Map<Authority, List<Evidence>> evidence,
    List<ProviderStatus> providers,
    Optional<ClusterPubSub> pubSub,
    Optional<ClusterGrains> grains,
    Optional<Gossiper> gossiper,
    List<BlockEntry> blocked,
    Metrics metrics,
    boolean metricsEnabled,
    boolean reachesOthers,
    List<PartKind> missing,
    List<PartFailed> failed) {
  /** Returns the counters, with the grains that live here at this moment. */
  @Override
  public Metrics metrics() {
    return grains.isEmpty()
        ? metrics
        : new Metrics(
            metrics.members(),
            grains.get().activations(),
            metrics.kinds(),
            metrics.blocked(),
            metrics.topologyVersion(),
            metrics.eventsPublished(),
            metrics.eventsDropped(),
            metrics.topologiesRejected());
  }
}
