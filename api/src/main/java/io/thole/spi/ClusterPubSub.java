package io.thole.spi;

import io.thole.api.Account;
import io.thole.api.pubsub.PubSub;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Publish/subscribe as a part of the node.
 *
 * <ol>
 *   <li>It refuses to start where the kind {@link io.thole.api.grain.GrainKind#TOPIC} is not registered.
 *   <li>A start that fails throws and leaves nothing behind; start and stop may block for at most 5 s.
 *   <li>Before its start and after its stop, what {@link #pubSub} returns refuses everything with the reason.
 * </ol>
 */
@ConsumerType
public interface ClusterPubSub {
  /** Returns the name by which people know it. */
  String name();

  /**
   * Starts.
   *
   * @param context what it is given; valid until {@link #stop} returns
   */
  void start(PartContext context);

  /**
   * Stops.
   *
   * @param graceful true to drain what is open, for at most 2 s
   */
  void stop(boolean graceful);

  /**
   * Returns what applications use: one for each owner, so that what an owner has subscribed can end with it.
   *
   * @param owner for people: the bundle or program on whose behalf is published and subscribed
   */
  PubSub pubSub(String owner);

  /** Returns the delivery accounts, one for each topic; any thread. */
  List<Account> accounts();
}
