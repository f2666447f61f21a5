package io.thole.bench;

import io.thole.api.Authority;
import io.thole.api.Cluster;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterTopology;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.spi.ClusterFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Measures the event stream: one publisher has a member come and go as fast as its subscribers follow, on a node that
 * applies each of these topologies. An event counts once all subscribers were told. For one thread.
 */
final class EventsBench {
  /** How far the publisher may be ahead of the slowest subscriber: half of its queue, so that nothing is dropped. */
  private static final int AHEAD = EventStream.QUEUE / 2;

  private static final int ROUNDS = 5;
  private static final long TARGET = 200_000;
  private static final long PAUSE_NANOS = 20_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final NodeId GUEST = NodeId.at(new Authority("127.0.0.1", 26_051));

  /** The node's log of events; as a field, because a logger that nobody holds forgets its level. */
  private static final Logger EVENT_LOG = Logger.getLogger("io.thole.events");

  private final EventsOptions options;
  private final List<AtomicLong> told = new ArrayList<>();
  private long published;

  EventsBench(EventsOptions options) {
    this.options = options;
  }

  /** Measures, on a node of its own, and stops that again. */
  Rates run() {
    EVENT_LOG.setLevel(Level.OFF); // a line for each event would be what is measured
    Cluster cluster = ClusterFactory.load().create(ClusterSettings.DEFAULTS.with("startWhen", ""));
    cluster.start().toCompletableFuture().join();
    List<EventSubscription> subscriptions = subscribe(cluster.events());
    try {
      List<Long> rates = new ArrayList<>();
      round(cluster); // to warm up
      for (int i = 0; i < ROUNDS; i++) {
        rates.add(round(cluster));
      }
      return new Rates(options.subscribers(), rates, TARGET);
    } finally {
      subscriptions.forEach(EventSubscription::close);
      cluster.shutdown(true).toCompletableFuture().join();
    }
  }

  private List<EventSubscription> subscribe(EventStream events) {
    List<EventSubscription> subscriptions = new ArrayList<>();
    for (int i = 0; i < options.subscribers(); i++) {
      AtomicLong version = new AtomicLong();
      told.add(version);
      subscriptions.add(events.subscribe(
          TopologyUpdated.class, event -> version.lazySet(event.topology().version())));
    }
    return subscriptions;
  }

  private long round(Cluster cluster) {
    long before = published;
    long start = System.nanoTime();
    long length = (long) (options.seconds() * 1e9);
    while (System.nanoTime() - start < length) {
      for (int i = 0; i < AHEAD / 2; i++) {
        publish(cluster);
      }
      awaitTold(published - AHEAD / 2);
    }
    awaitTold(published);
    return (long) ((published - before) * 1e9 / (System.nanoTime() - start));
  }

  private void publish(Cluster cluster) {
    long version = ++published;
    NodeId self = cluster.self();
    boolean comes = version % 2 == 1;
    List<Authority> change = List.of(GUEST.authority());
    cluster
        .events()
        .publish(new TopologyUpdated(
            new ClusterTopology(comes ? change : List.of(), comes ? List.of() : change, version),
            List.of(),
            comes ? List.of(self, GUEST) : List.of(self)));
  }

  private void awaitTold(long version) {
    long start = System.nanoTime();
    while (told.stream().anyMatch(last -> last.get() < version)) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException(
            "version " + version + " did not arrive; there are " + told);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
