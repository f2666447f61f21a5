package io.thole.core;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.grain.GrainKind;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Ties the core to the stream: subscribes before any part starts, has what anyone publishes judged, has what is news
 * applied, and never publishes a topology itself. Confined to the loop.
 */
final class ClusterExtension implements CoreSubscriber {
  private final SerialEventStream events;
  private final Kinds kinds;
  private final Predicate<TopologyUpdated> judge;
  private final Consumer<TopologyUpdated> applier;
  private final Runnable shower;

  /**
   * Makes an extension that is not registered.
   *
   * @param judge tells whether a topology is news that makes sense
   * @param applier applies one
   * @param shower shows the node's state, before the observers are told of the event that changed it
   */
  ClusterExtension(
      SerialEventStream events,
      Kinds kinds,
      Predicate<TopologyUpdated> judge,
      Consumer<TopologyUpdated> applier,
      Runnable shower) {
    this.events = events;
    this.kinds = kinds;
    this.judge = judge;
    this.applier = applier;
    this.shower = shower;
  }

  /** Puts the core before all observers, and gives the node the kind that topics need. */
  void register() {
    kinds.register(GrainKind.TOPIC);
    events.attach(this);
  }

  /** Takes the core off the stream: what is published late is ignored. The kind goes with it. */
  void unregister() {
    events.detach(this);
    kinds.unregister(GrainKind.TOPIC);
  }

  @Override
  public boolean admits(TopologyUpdated event) {
    return judge.test(event);
  }

  @Override
  public void apply(ClusterEvent event) {
    if (event instanceof TopologyUpdated update) {
      applier.accept(update);
    }
    shower.run();
  }
}
