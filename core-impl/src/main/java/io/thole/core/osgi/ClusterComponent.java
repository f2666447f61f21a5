package io.thole.core.osgi;

import io.thole.api.Cluster;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.grain.GrainKind;
import io.thole.core.Part;
import io.thole.core.run.LocalCluster;
import io.thole.spi.BlockListProvider;
import io.thole.spi.ClusterProvider;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Transport;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The node. Reads its settings, hands over what the registry holds, and waits, when a part is taken out, until the node has
 * let go of it. It stops the node before the framework begins to take its bundles away.
 */
@Component(
    service = {},
    configurationPid = ClusterSettings.PID,
    immediate = true)
@Designate(ocd = CoreConfiguration.class)
public final class ClusterComponent {
  private static final System.Logger LOG = System.getLogger(ClusterComponent.class.getName());

  /** How long a bundle that is taken out waits for its part: as long as the part has to stop, and a little. */
  private static final long UNBIND_MILLIS = 5_500;

  /** How long the framework waits for the node to stop. */
  private static final long SHUTDOWN_MILLIS = 8_000;

  private final BundleContext bundles;
  private final LocalCluster cluster;
  private final NodeConditions conditions;
  private final ServiceRegistration<Cluster> registration;
  private final Map<Object, Part> parts = new ConcurrentHashMap<>();
  private final SynchronousBundleListener frameworkStops = this::bundleChanged;
  private volatile boolean failed;

  /**
   * Makes the node and asks it to start; it waits for its parts.
   *
   * @param bundles the core's own
   * @param configuration the settings
   */
  @Activate
  public ClusterComponent(BundleContext bundles, Map<String, Object> configuration) {
    this.bundles = bundles;
    cluster = new LocalCluster(ClusterSettings.DEFAULTS);
    conditions = new NodeConditions(bundles, cluster);
    registration =
        bundles.registerService(Cluster.class, cluster, FrameworkUtil.asDictionary(Map.of()));
    bundles.addBundleListener(frameworkStops);
    configure(configuration);
  }

  /** Takes a change of the configuration. A node that failed to start tries again. */
  @Modified
  void modified(Map<String, Object> configuration) {
    configure(configuration);
  }

  @Deactivate
  void deactivate() {
    bundles.removeBundleListener(frameworkStops);
    shutdown();
    registration.unregister();
    conditions.close();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addProvider(ClusterProvider provider, Map<String, Object> properties) {
    add(provider, properties, origin -> Part.of(provider, origin));
  }

  void updatedProvider(ClusterProvider provider) {
    touch(provider);
  }

  void removeProvider(ClusterProvider provider) {
    remove(provider);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addGossiper(Gossiper gossiper, Map<String, Object> properties) {
    add(gossiper, properties, origin -> Part.of(gossiper, origin));
  }

  void updatedGossiper(Gossiper gossiper) {
    touch(gossiper);
  }

  void removeGossiper(Gossiper gossiper) {
    remove(gossiper);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTransport(Transport transport, Map<String, Object> properties) {
    add(transport, properties, origin -> Part.of(transport, origin));
  }

  void updatedTransport(Transport transport) {
    touch(transport);
  }

  void removeTransport(Transport transport) {
    remove(transport);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addPubSub(ClusterPubSub pubSub, Map<String, Object> properties) {
    add(pubSub, properties, origin -> Part.of(pubSub, origin));
  }

  void updatedPubSub(ClusterPubSub pubSub) {
    touch(pubSub);
  }

  void removePubSub(ClusterPubSub pubSub) {
    remove(pubSub);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addBlockList(BlockListProvider service) {
    cluster.add(service);
  }

  void removeBlockList(BlockListProvider service) {
    cluster.remove(service);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addKind(GrainKind kind) {
    cluster.addKind(kind.name());
  }

  void removeKind(GrainKind kind) {
    cluster.removeKind(kind.name());
  }

  private void configure(Map<String, Object> configuration) {
    try {
      cluster.configure(ClusterSettings.of(configuration));
      start();
    } catch (ClusterException refused) {
      if (cluster.state() == ClusterState.STOPPED) {
        failed = true;
        cluster.refuse(refused);
        conditions.failed(refused);
      } else {
        LOG.log(Level.WARNING, refused.getMessage() + "; the node goes on as it was");
      }
    }
  }

  private void start() {
    conditions.starting();
    failed = false;
    cluster.start().whenComplete((ok, failure) -> {
      if (failure != null) {
        failed = true;
        conditions.failed(failure);
      }
    });
  }

  private void add(
      Object service, Map<String, Object> properties, Function<Part.Origin, Part> wrap) {
    try {
      Part part = wrap.apply(origin(properties));
      parts.put(service, part);
      cluster.add(part);
      startAgain();
    } catch (RuntimeException thrown) { // the plug-in's name() may throw anything
      LOG.log(
          Level.WARNING,
          "refused a part of " + origin(properties).text() + ": it has no name",
          thrown);
    }
  }

  private void touch(Object service) {
    Part part = parts.get(service);
    if (part != null) {
      cluster.touch(part);
      startAgain();
    }
  }

  private void remove(Object service) {
    Part part = parts.remove(service);
    if (part != null) {
      await(
          cluster.remove(part),
          UNBIND_MILLIS,
          part + " was taken out while it did not stop; it is abandoned");
    }
  }

  /** What has changed may have mended what made the start fail. */
  private void startAgain() {
    if (failed) {
      start();
    }
  }

  private void shutdown() {
    await(
        cluster.shutdown(true),
        SHUTDOWN_MILLIS,
        "the node did not stop in time; what is left of it is abandoned");
  }

  private void bundleChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.STOPPING
        && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
      shutdown();
    }
  }

  private static void await(CompletionStage<?> stage, long millis, String tooLate) {
    try {
      stage.toCompletableFuture().get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.log(Level.WARNING, tooLate);
    } catch (ExecutionException e) {
      LOG.log(Level.DEBUG, "told by an event already", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Part.Origin origin(Map<String, Object> properties) {
    int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0;
    long order = properties.get(Constants.SERVICE_ID) instanceof Long id ? id : Long.MAX_VALUE;
    Bundle bundle = properties.get(Constants.SERVICE_BUNDLEID) instanceof Long id
        ? bundles.getBundle(id)
        : null;
    String text =
        bundle == null ? "unknown bundle" : bundle.getSymbolicName() + " " + bundle.getVersion();
    return new Part.Origin(text, ranking, order);
  }
}
