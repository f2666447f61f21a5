package io.thole.core.osgi;

import io.thole.api.Cluster;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.core.run.LocalCluster;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * The event stream, one face for each bundle that uses it: so an observer that throws can be named with its bundle, and a
 * bundle that stops takes along the subscriptions that it forgot.
 */
@Component(service = EventStream.class, scope = ServiceScope.BUNDLE)
public final class EventStreamComponent implements EventStream {
  private final LocalCluster cluster;
  private final Bundle user;
  private final Set<EventSubscription> subscriptions = ConcurrentHashMap.newKeySet();

  /**
   * Makes the face of one bundle.
   *
   * @param cluster the node
   * @param context knows which bundle
   */
  @Activate
  public EventStreamComponent(@Reference Cluster cluster, ComponentContext context) {
    this.cluster = (LocalCluster) cluster;
    this.user = context.getUsingBundle();
  }

  @Deactivate
  void deactivate() {
    subscriptions.forEach(EventSubscription::close);
    subscriptions.clear();
  }

  @Override
  public void publish(TopologyUpdated event) {
    cluster.events().publish(event);
  }

  @Override
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> observer) {
    String owner = observer.getClass().getName() + " of bundle " + user.getSymbolicName();
    EventSubscription subscription = cluster.events().subscribe(type, observer, owner);
    Owned owned = new Owned(subscription);
    subscriptions.add(owned);
    return owned;
  }

  /** A subscription that its bundle forgets when it ends. */
  private final class Owned implements EventSubscription {
    private final EventSubscription subscription;

    Owned(EventSubscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void close() {
      subscriptions.remove(this);
      subscription.close();
    }
  }
}
