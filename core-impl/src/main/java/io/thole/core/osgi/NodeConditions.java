package io.thole.core.osgi;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ConfigurationException;
import io.thole.api.EventSubscription;
import io.thole.core.run.LocalCluster;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;

/**
 * Shows the node's state as conditions, which others can wait for without knowing Thole: {@code io.thole.ready} while it
 * runs, {@code io.thole.failed} once a start failed, {@code io.thole.refused} while it runs on because what is configured is
 * not allowed.
 */
final class NodeConditions implements AutoCloseable {
  private static final String READY = "io.thole.ready";
  private static final String FAILED = "io.thole.failed";
  private static final String REFUSED = "io.thole.refused";

  private final BundleContext bundles;
  private final LocalCluster cluster;
  private final EventSubscription subscription;
  private @Nullable ServiceRegistration<Condition> ready;
  private @Nullable ServiceRegistration<Condition> failed;
  private @Nullable ServiceRegistration<Condition> refused;
  private @Nullable Startup started;
  private boolean closed;

  NodeConditions(BundleContext bundles, LocalCluster cluster) {
    this.bundles = bundles;
    this.cluster = cluster;
    subscription =
        cluster.events().subscribe(ClusterEvent.class, this::on, "the node's conditions");
  }

  /** A start begins: whatever failed before is history. */
  synchronized void starting() {
    failed = withdrawn(failed);
  }

  synchronized void failed(Throwable reason) {
    failed = withdrawn(failed);
    failed = registered(FAILED, reason);
  }

  /** The node runs on with the settings that it had, since the new ones are refused. */
  synchronized void refused(Throwable reason) {
    refused = withdrawn(refused);
    refused = registered(REFUSED, reason);
  }

  /** What is configured is allowed. */
  synchronized void accepted() {
    refused = withdrawn(refused);
  }

  private @Nullable ServiceRegistration<Condition> registered(String id, Throwable reason) {
    if (closed) {
      return null;
    }
    Map<String, Object> properties = new HashMap<>();
    properties.put(Condition.CONDITION_ID, id);
    properties.put("reason", String.valueOf(reason.getMessage()));
    properties.put("cause", "start");
    if (reason instanceof ConfigurationException setting) {
      properties.put("cause", "configuration");
      properties.put("pid", setting.pid());
      properties.put("key", setting.key());
      properties.put("value", setting.value());
      properties.put("allowed", setting.allowed());
    }
    return bundles.registerService(
        Condition.class, Condition.INSTANCE, FrameworkUtil.asDictionary(properties));
  }

  @Override
  public void close() {
    subscription.close();
    synchronized (this) {
      closed = true;
      ready = withdrawn(ready);
      failed = withdrawn(failed);
      refused = withdrawn(refused);
    }
  }

  private synchronized void on(ClusterEvent event) {
    if (event instanceof Startup startup) {
      ready = withdrawn(ready);
      ready = bundles.registerService(Condition.class, Condition.INSTANCE, running(startup));
      started = startup;
      failed = withdrawn(failed);
    } else if (event instanceof TopologyUpdated && ready != null && started != null) {
      ready.setProperties(running(started));
    } else if (event instanceof Shutdown || event instanceof ShutdownFailed) {
      ready = withdrawn(ready);
    }
  }

  private Dictionary<String, Object> running(Startup startup) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(Condition.CONDITION_ID, READY);
    properties.put("address", startup.address().toString());
    properties.put("mode", startup.mode().name());
    properties.put("members", cluster.view().members().size());
    return FrameworkUtil.asDictionary(properties);
  }

  private static @Nullable ServiceRegistration<Condition> withdrawn(
      @Nullable ServiceRegistration<Condition> registration) {
    if (registration != null) {
      registration.unregister();
    }
    return null;
  }
}
