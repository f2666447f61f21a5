package io.thole.core.osgi;

import io.thole.api.AlreadyStartedException;
import io.thole.api.Cluster;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.grain.GrainKind;
import io.thole.core.Part;
import io.thole.core.run.LocalCluster;
import io.thole.spi.BlockListProvider;
import io.thole.spi.ClusterGrains;
import io.thole.spi.ClusterProvider;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Transport;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

  /** How long the last events may take to reach everyone before bundles go, and their observers with them. */
  private static final long TOLD_MILLIS = 1_000;

  private final BundleContext bundles;
  private final LocalCluster cluster;
  private final NodeConditions conditions;
  private final ServiceRegistration<Cluster> registration;
  private final Map<Object, Part> parts = new ConcurrentHashMap<>();
  private final Map<GrainKind, String> kinds = new ConcurrentHashMap<>();
  private final SynchronousBundleListener frameworkStops = this::bundleChanged;
  private volatile boolean leaving;
  private Phase phase = Phase.REFUSED; // confined to where stages are completed

  /** How far the wish that the node runs has come. */
  private enum Phase {
    /** What is configured is not allowed; only another configuration mends that. */
    REFUSED,
    /** It was asked to start: it waits, starts, or runs. */
    ASKED,
    /** It could not start; whatever changes may mend that. */
    FAILED
  }

  /**
   * Makes the node; nothing is asked of it yet.
   *
   * @param bundles the core's own
   */
  @Activate
  public ClusterComponent(BundleContext bundles) {
    this.bundles = bundles;
    cluster = new LocalCluster(ClusterSettings.DEFAULTS);
    conditions = new NodeConditions(bundles, cluster);
    registration =
        bundles.registerService(Cluster.class, cluster, FrameworkUtil.asDictionary(Map.of()));
    bundles.addBundleListener(frameworkStops);
  }

  /**
   * Asks the node to start; it waits for its parts. Those that are there already were bound before: it begins with all of
   * them, and not with one that the next would replace.
   *
   * @param configuration the settings
   */
  @Activate
  void activate(Map<String, Object> configuration) {
    configure(configuration);
  }

  /** Takes a change of the configuration. A node that does not run tries again. */
  @Modified
  void modified(Map<String, Object> configuration) {
    configure(configuration);
  }

  @Deactivate
  void deactivate() {
    bundles.removeBundleListener(frameworkStops);
    leave();
    registration.unregister();
    conditions.close();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addProvider(ClusterProvider provider, Map<String, Object> properties) {
    add(provider, properties, origin -> Part.of(provider, origin));
  }

  void updatedProvider(ClusterProvider provider, Map<String, Object> properties) {
    touch(provider, properties);
  }

  void removeProvider(ClusterProvider provider) {
    remove(provider);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addGossiper(Gossiper gossiper, Map<String, Object> properties) {
    add(gossiper, properties, origin -> Part.of(gossiper, origin));
  }

  void updatedGossiper(Gossiper gossiper, Map<String, Object> properties) {
    touch(gossiper, properties);
  }

  void removeGossiper(Gossiper gossiper) {
    remove(gossiper);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addTransport(Transport transport, Map<String, Object> properties) {
    add(transport, properties, origin -> Part.of(transport, origin));
  }

  void updatedTransport(Transport transport, Map<String, Object> properties) {
    touch(transport, properties);
  }

  void removeTransport(Transport transport) {
    remove(transport);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addPubSub(ClusterPubSub pubSub, Map<String, Object> properties) {
    add(pubSub, properties, origin -> Part.of(pubSub, origin));
  }

  void updatedPubSub(ClusterPubSub pubSub, Map<String, Object> properties) {
    touch(pubSub, properties);
  }

  void removePubSub(ClusterPubSub pubSub) {
    remove(pubSub);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addGrains(ClusterGrains grains, Map<String, Object> properties) {
    add(grains, properties, origin -> Part.of(grains, origin));
  }

  void updatedGrains(ClusterGrains grains, Map<String, Object> properties) {
    touch(grains, properties);
  }

  void removeGrains(ClusterGrains grains) {
    remove(grains);
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
    try {
      kinds.put(kind, cluster.add(kind));
    } catch (RuntimeException thrown) { // the plug-in's name() may throw anything
      LOG.log(
          Level.WARNING,
          "refused the kind " + kind.getClass() + ": it has no name that is allowed",
          thrown);
    }
  }

  void removeKind(GrainKind kind) {
    String name = kinds.remove(kind);
    if (name != null) {
      await(
          cluster.remove(kind, name),
          UNBIND_MILLIS,
          "the kind " + name + " was taken out while its grains did not end; they are abandoned");
    }
  }

  private void configure(Map<String, Object> configuration) {
    cluster.afterwards(() -> {
      try {
        ClusterSettings settings = ClusterSettings.of(configuration);
        conditions.accepted();
        cluster.configure(settings);
        if (phase != Phase.ASKED && !leaving) {
          start();
        }
      } catch (ClusterException refused) {
        refuse(refused);
      }
    });
  }

  private void refuse(ClusterException refused) {
    if (phase == Phase.ASKED) {
      LOG.log(Level.WARNING, refused.getMessage() + "; the node goes on as it was");
      conditions.refused(refused);
    } else if (!leaving) {
      phase = Phase.REFUSED;
      cluster.refuse(refused);
      conditions.failed(refused);
    }
  }

  private void start() {
    phase = Phase.ASKED;
    conditions.starting();
    ClusterSettings settings = cluster.settings();
    cluster.start().whenComplete((ok, failure) -> {
      if (failure == null || failure instanceof AlreadyStartedException || leaving) {
        return;
      }
      if (cluster.settings().equals(settings)) {
        phase = Phase.FAILED;
        conditions.failed(failure);
      } else {
        start(); // it was mended in the meantime
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

  private void touch(Object service, Map<String, Object> properties) {
    Part part = parts.get(service);
    if (part != null) {
      cluster.touch(part, origin(properties));
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
      startAgain();
    }
  }

  /** What has changed may have mended what made the start fail. */
  private void startAgain() {
    cluster.afterwards(() -> {
      if (phase == Phase.FAILED && !leaving) {
        start();
      }
    });
  }

  private void leave() {
    leaving = true;
    await(
        cluster.leave(),
        SHUTDOWN_MILLIS,
        "the node did not stop in time; what is left of it is abandoned");
    await(cluster.told(), TOLD_MILLIS, "an observer is busy; it may miss the last events");
  }

  private void bundleChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.STOPPING
        && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
      leave();
    }
  }

  private static void await(Future<?> stage, long millis, String tooLate) {
    try {
      stage.get(millis, TimeUnit.MILLISECONDS);
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
