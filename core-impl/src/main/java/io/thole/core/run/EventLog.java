package io.thole.core.run;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.MemberRecovered;
import io.thole.api.ClusterEvent.ProviderSwapped;
import io.thole.api.ClusterEvent.Rejoined;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.Subscribed;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterEvent.Unsubscribed;
import io.thole.api.EventText;
import java.lang.System.Logger.Level;

/** Writes each event of a node to the log, a line each: what an operator must look at as a warning. */
public final class EventLog {
  private static final System.Logger LOG = System.getLogger("io.thole.events");

  private EventLog() {}

  /** Writes one event. */
  public static void write(ClusterEvent event) {
    boolean ordinary = event instanceof TopologyUpdated
        || event instanceof Startup
        || event instanceof Shutdown
        || event instanceof ProviderSwapped
        || event instanceof MemberRecovered
        || event instanceof Rejoined
        || event instanceof Subscribed
        || event instanceof Unsubscribed;
    LOG.log(ordinary ? Level.INFO : Level.WARNING, () -> EventText.of(event));
  }
}
