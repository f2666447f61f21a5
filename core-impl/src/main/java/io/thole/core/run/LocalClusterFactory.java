package io.thole.core.run;

import io.thole.api.Cluster;
import io.thole.api.ClusterSettings;
import io.thole.api.grain.GrainKind;
import io.thole.core.Part;
import io.thole.spi.BlockListProvider;
import io.thole.spi.ClusterFactory;
import io.thole.spi.ClusterGrains;
import io.thole.spi.ClusterProvider;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Transport;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Makes nodes in plain Java. */
public final class LocalClusterFactory implements ClusterFactory {
  private static final System.Logger LOG = System.getLogger(LocalClusterFactory.class.getName());

  private final List<Part> parts = new ArrayList<>();
  private final List<GrainKind> kinds = new ArrayList<>();
  private final List<BlockListProvider> blockLists = new ArrayList<>();
  private boolean hasGossiper;
  private boolean hasTransport;
  private boolean hasGrains;

  /** Makes a factory without parts; called by the service loader. */
  public LocalClusterFactory() {}

  @Override
  public ClusterFactory with(ClusterProvider provider) {
    parts.add(Part.of(provider, origin(provider)));
    return this;
  }

  @Override
  public ClusterFactory with(Gossiper gossiper) {
    hasGossiper = true;
    parts.add(Part.of(gossiper, origin(gossiper)));
    return this;
  }

  @Override
  public ClusterFactory with(Transport transport) {
    hasTransport = true;
    parts.add(Part.of(transport, origin(transport)));
    return this;
  }

  @Override
  public ClusterFactory with(ClusterPubSub pubSub) {
    parts.add(Part.of(pubSub, origin(pubSub)));
    return this;
  }

  @Override
  public ClusterFactory with(ClusterGrains grains) {
    hasGrains = true;
    parts.add(Part.of(grains, origin(grains)));
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
    if (hasTransport && !hasGossiper) {
      findGossiper();
    }
    if (!hasGrains) {
      findGrains();
    }
    LocalCluster cluster = new LocalCluster(settings);
    parts.forEach(cluster::add);
    kinds.forEach(cluster::add);
    blockLists.forEach(cluster::add);
    return cluster;
  }

  private void findGossiper() {
    ServiceLoader.load(Gossiper.class, LocalClusterFactory.class.getClassLoader())
        .findFirst()
        .ifPresentOrElse(
            this::with,
            () -> LOG.log(
                Level.WARNING,
                "no gossiper is on the class path, so members come and go by the provider's word alone;"
                    + " add the artifact io.thole:io.thole.gossip"));
  }

  private void findGrains() {
    ServiceLoader.load(ClusterGrains.class, LocalClusterFactory.class.getClassLoader())
        .findFirst()
        .ifPresent(this::with);
    if (!hasGrains && !kinds.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "nobody hosts the grains of this node's kinds, since no io.thole.spi.ClusterGrains is on the class path;"
              + " add the artifact io.thole:io.thole.grains");
    }
  }

  private Part.Origin origin(Object part) {
    return new Part.Origin(part.getClass().getName(), 0, parts.size());
  }
}
