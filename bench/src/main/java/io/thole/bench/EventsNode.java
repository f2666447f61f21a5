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
 * A real node whose event stream is measured: a member comes and goes as fast as the subscribers follow, and the node applies
 * each of these topologies. For one thread.
 */
public final class EventsNode implements AutoCloseable {
  /** How far the publisher may be ahead of the slowest subscriber: half of its queue, so that nothing is dropped. */
  private static final int AHEAD = EventStream.QUEUE / 2;

  /** How many events {@link #publish} publishes. */
  public static final int EVENTS = AHEAD / 2;

  private static final long PAUSE_NANOS = 20_000;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final NodeId GUEST = NodeId.at(new Authority("127.0.0.1", 26_051));

  /** The node's log of events; as a field, because a logger that nobody holds forgets its level. */
  private static final Logger EVENT_LOG = Logger.getLogger("io.thole.events");

  private final Cluster cluster =
      ClusterFactory.load().create(ClusterSettings.DEFAULTS.with("startWhen", ""));
  private final List<AtomicLong> told = new ArrayList<>();
  private final List<EventSubscription> subscriptions = new ArrayList<>();
  private long published;

  /**
   * Starts it.
   *
   * @param subscribers how many are told each event
   */
  public EventsNode(int subscribers) {
    EVENT_LOG.setLevel(Level.OFF); // a line for each event would be what is measured
    cluster.start().toCompletableFuture().join();
    for (int i = 0; i < subscribers; i++) {
      AtomicLong version = new AtomicLong();
      told.add(version);
      subscriptions.add(cluster
          .events()
          .subscribe(
              TopologyUpdated.class, event -> version.lazySet(event.topology().version())));
    }
  }

  /**
   * Publishes {@link #EVENTS} events, and returns when all subscribers were told those before.
   *
   * @throws IllegalStateException if they are not within 30 s
   */
  public void publish() {
    for (int i = 0; i < EVENTS; i++) {
      publishOne();
    }
    awaitTold(published - EVENTS);
  }

  /**
   * Returns when all subscribers were told all events.
   *
   * @return how many those are
   * @throws IllegalStateException if they are not within 30 s
   */
  public long settled() {
    awaitTold(published);
    return published;
  }

  private void publishOne() {
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

  @Override
  public void close() {
    subscriptions.forEach(EventSubscription::close);
    cluster.shutdown(true).toCompletableFuture().join();
  }
}
