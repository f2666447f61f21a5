package io.thole.api;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one way on which a node's facts travel: providers and gossip publish, everyone else subscribes.
 *
 * <ul>
 *   <li>All observers see one order; an event that an observer publishes comes after the one that it is being told.
 *   <li>A late observer is told the current state first, and then only what is newer.
 *   <li>Every observer has a serial worker of its own and a queue of {@value #QUEUE} events. One that falls behind that
 *       far misses events, is told how many by one {@link ClusterEvent.EventsDropped}, and then the state as it is.
 *   <li>One that throws is reported once by an {@link ClusterEvent.ObserverFailed} and stays.
 * </ul>
 */
@ProviderType
public interface EventStream {
  /** How many events may wait for one observer. */
  int QUEUE = 4_096;

  /**
   * Tells the node that the topology changed. Any thread; never blocks; returns before anyone is told.
   *
   * <p>The event must be newer than the current view. One that is not is ignored; one that makes no sense is answered by
   * a {@link ClusterEvent.TopologyRejected}. Providers had better hand facts to their {@code TopologyPublisher}, which
   * knows the version.
   *
   * @param event the change
   */
  void publish(ClusterEvent.TopologyUpdated event);

  /**
   * Has an observer told all events of a type, one at a time, on a worker of its own. Any thread.
   *
   * @param <E> the type
   * @param type the type of event; {@code ClusterEvent.class} for all
   * @param observer what is called; it may block, publish, subscribe and close
   * @return ends the subscription when closed
   */
  <E extends ClusterEvent> EventSubscription subscribe(Class<E> type, Consumer<? super E> observer);
}
