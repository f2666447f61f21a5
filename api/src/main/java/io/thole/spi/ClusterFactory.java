package io.thole.spi;

import io.thole.api.Cluster;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.grain.GrainKind;
import java.util.ServiceLoader;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes nodes in plain Java, where no framework puts the parts together.
 *
 * <pre>{@code
 * Cluster cluster = ClusterFactory.load().with(provider).create(ClusterSettings.DEFAULTS);
 * cluster.start().toCompletableFuture().join();
 * }</pre>
 *
 * <p>A factory is for one thread and for one node.
 */
@ProviderType
public interface ClusterFactory {
  /**
   * Finds the core on the class path or module path.
   *
   * @return a factory with no parts yet
   * @throws ClusterException if there is none
   */
  static ClusterFactory load() {
    return ServiceLoader.load(ClusterFactory.class, ClusterFactory.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () -> new ClusterException(
                "no io.thole.spi.ClusterFactory is on the class path; add the artifact io.thole:io.thole.core"));
  }

  /** Adds a membership provider; the first one is elected. */
  ClusterFactory with(ClusterProvider provider);

  /**
   * Adds a gossiper. Where a transport was added and no gossiper, the first one that the service loader finds is taken; Thole's own
   * (the artifact {@code io.thole.gossip}) is then as one data centre needs it.
   */
  ClusterFactory with(Gossiper gossiper);

  /** Adds a transport. */
  ClusterFactory with(Transport transport);

  /** Adds publish/subscribe. */
  ClusterFactory with(ClusterPubSub pubSub);

  /**
   * Adds virtual actors. Where none was added, the first one that the service loader finds is taken: Thole's own, the artifact
   * {@code io.thole.grains}. Without one, {@code Cluster.service(Grains.class)} says so.
   */
  ClusterFactory with(ClusterGrains grains);

  /** Adds a kind of grain that the node hosts. */
  ClusterFactory with(GrainKind kind);

  /** Adds a block list. */
  ClusterFactory with(BlockListProvider blockList);

  /**
   * Makes the node; it is stopped.
   *
   * @param settings what it is told
   */
  Cluster create(ClusterSettings settings);
}
