package io.thole.core;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.ProviderSwapped;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterEvent.TopologyStale;
import io.thole.api.ClusterEvent.TopologyUpdated;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The events that make up the state as it is: what a late observer is told first. Confined to the loop. */
final class CurrentState {
  /** What an event is about; the newest one of each counts, and they are told in this order. */
  private enum Subject {
    LIFECYCLE,
    TOPOLOGY,
    STALENESS
  }

  private final Map<Subject, ClusterEvent> newest = new EnumMap<>(Subject.class);

  void note(ClusterEvent event) {
    if (event instanceof Startup) {
      newest.put(Subject.LIFECYCLE, event);
    } else if (event instanceof StartupFailed
        || event instanceof Shutdown
        || event instanceof ShutdownFailed) {
      newest.clear();
      newest.put(Subject.LIFECYCLE, event);
    } else if (event instanceof TopologyUpdated) {
      newest.put(Subject.TOPOLOGY, event);
    } else if (event instanceof TopologyStale) {
      newest.put(Subject.STALENESS, event);
    } else if (event instanceof ProviderSwapped) {
      newest.remove(Subject.STALENESS);
    }
  }

  void forgetTopology() {
    newest.remove(Subject.TOPOLOGY);
    newest.remove(Subject.STALENESS);
  }

  List<ClusterEvent> events() {
    return List.copyOf(newest.values());
  }
}
