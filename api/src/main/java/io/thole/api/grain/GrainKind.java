package io.thole.api.grain;

import io.thole.api.NodeId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of grain that this node hosts. In OSGi registered as a service: the kind comes and goes with its bundle.
 *
 * <ol>
 *   <li>{@link #name()} never changes; other nodes know the kind by it.
 *   <li>{@link #activate} may block; it runs on the activation's worker, before the first request.
 * </ol>
 */
@ConsumerType
public interface GrainKind {
  /** The kind under which publish/subscribe keeps its subscriptions; every node has it before any part starts. */
  String TOPIC = "topic";

  /** Returns the name: 1 to 255 of the characters {@code A-Z a-z 0-9 . _ / -}. */
  String name();

  /**
   * Makes the grain of an identity.
   *
   * @param id which one
   * @param node the node on which it will live
   * @return the grain, which serves until it is passivated or its node leaves
   */
  Grain activate(GrainId id, NodeId node);
}
