package io.thole.core.run;

import io.thole.api.Cluster;
import io.thole.api.ClusterSettings;
import io.thole.api.grain.GrainKind;
import io.thole.core.Part;
import io.thole.spi.BlockListProvider;
import io.thole.spi.ClusterFactory;
import io.thole.spi.ClusterProvider;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Transport;
import java.util.ArrayList;
import java.util.List;

/** Makes nodes in plain Java. */
public final class LocalClusterFactory implements ClusterFactory {
  private final List<Part> parts = new ArrayList<>();
  private final List<GrainKind> kinds = new ArrayList<>();
  private final List<BlockListProvider> blockLists = new ArrayList<>();

  /** Makes a factory without parts; called by the service loader. */
  public LocalClusterFactory() {}

  @Override
  public ClusterFactory with(ClusterProvider provider) {
    parts.add(Part.of(provider, origin(provider)));
    return this;
  }

  @Override
  public ClusterFactory with(Gossiper gossiper) {
    parts.add(Part.of(gossiper, origin(gossiper)));
    return this;
  }

  @Override
  public ClusterFactory with(Transport transport) {
    parts.add(Part.of(transport, origin(transport)));
    return this;
  }

  @Override
  public ClusterFactory with(ClusterPubSub pubSub) {
    parts.add(Part.of(pubSub, origin(pubSub)));
    return this;
  }

  @Override
  public ClusterFactory with(GrainKind kind) {
    kinds.add(kind);
    return this;
  }

  @Override
  public ClusterFactory with(BlockListProvider blockList) {
    blockLists.add(blockList);
    return this;
  }

  @Override
  public Cluster create(ClusterSettings settings) {
    LocalCluster cluster = new LocalCluster(settings);
    parts.forEach(cluster::add);
    kinds.forEach(cluster::add);
    blockLists.forEach(cluster::add);
    return cluster;
  }

  private Part.Origin origin(Object part) {
    return new Part.Origin(part.getClass().getName(), 0, parts.size());
  }
}
