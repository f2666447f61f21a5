package io.thole.core.osgi;

import io.thole.api.Cluster;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEventConstants;
import io.thole.api.EventSubscription;
import io.thole.api.EventText;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;

/** Passes the node's events on to Event Admin, where it is present. One way: what is posted there never comes back. */
@Component(
    service = {},
    immediate = true)
public final class EventAdminComponent {
  private final EventAdmin admin;
  private final EventSubscription subscription;

  /**
   * Begins to pass events on.
   *
   * @param cluster the node
   * @param admin where they go
   */
  @Activate
  public EventAdminComponent(@Reference Cluster cluster, @Reference EventAdmin admin) {
    this.admin = admin;
    subscription = cluster.events().subscribe(ClusterEvent.class, this::post);
  }

  @Deactivate
  void deactivate() {
    subscription.close();
  }

  private void post(ClusterEvent event) {
    Map<String, Object> properties = new HashMap<>(EventText.fields(event));
    properties.put(EventConstants.TIMESTAMP, System.currentTimeMillis());
    properties.put(EventConstants.EVENT, event);
    admin.postEvent(new Event(ClusterEventConstants.topicOf(event), properties));
  }
}
