package io.thole.core;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.grain.GrainKind;

/**
 * Ties the core to the stream: subscribes before any part starts, judges what anyone publishes, applies what is news, and
 * never publishes a topology itself. Confined to the loop.
 */
final class ClusterExtension implements CoreSubscriber {
  private final SerialEventStream events;
  private final ClusterCore core;

  ClusterExtension(SerialEventStream events, ClusterCore core) {
    this.events = events;
    this.core = core;
  }

  /** Puts the core before all observers, and gives every node the kind that topics need. */
  void register() {
    core.kinds().register(GrainKind.TOPIC);
    events.attach(this);
  }

  /** Takes the core off the stream: what is published late is ignored. The kind goes with it. */
  void unregister() {
    events.detach();
    core.kinds().unregister(GrainKind.TOPIC);
  }

  @Override
  public boolean admits(TopologyUpdated event) {
    return core.admits(event);
  }

  @Override
  public void apply(ClusterEvent event) {
    if (event instanceof TopologyUpdated update) {
      core.onTopology(update);
    }
    core.show();
  }
}
