package io.thole.core;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;

/** The core's place on the stream: before everyone else, on the loop. */
interface CoreSubscriber {
  /** Admits nothing: the node is not running. */
  CoreSubscriber NONE = new CoreSubscriber() {
    @Override
    public boolean admits(TopologyUpdated event) {
      return false;
    }

    @Override
    public void apply(ClusterEvent event) {}
  };

  /** Tells whether a topology that someone published is news that makes sense. */
  boolean admits(TopologyUpdated event);

  /** Is told an event before the observers are. Publishes nothing itself. */
  void apply(ClusterEvent event);
}
