package io.thole.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says who is in the cluster. In OSGi registered as a service; the one with the highest ranking is elected, and the
 * others stand by until it goes or {@code swap} names one of them.
 *
 * <p>The duties of a provider:
 *
 * <ol>
 *   <li>Nothing that can fail happens in its constructor or activation: the core could not report it. Whatever can fail
 *       belongs into {@link #startMember} and {@link #startClient}.
 *   <li>A start may block, for at most the start timeout of the node (5 s unless configured). When it returns, the
 *       provider runs; what it told {@link PartContext#topology()} until then is applied before the node counts as
 *       started.
 *   <li>A start that fails throws, with the reason in the message, and leaves nothing behind: no thread, no socket.
 *   <li>Facts go to {@link PartContext#topology()}, from any thread. There is no topology callback.
 *   <li>{@link #shutdown} may block, for at most 5 s, and ends everything that the start began. It is called once for
 *       each successful start. Afterwards the provider may be started again, with another context.
 *   <li>During a hand-over it runs in shadow, beside the one that it follows: what it tells is compared and applied
 *       when it takes over.
 * </ol>
 *
 * <p>The core never calls two of these methods at once, and never from the node's loop.
 */
@ConsumerType
public interface ClusterProvider {
  /** Returns the name by which people know it: 1 to 64 letters, digits, dots, dashes; it never changes. */
  String name();

  /**
   * Starts as a member: this node is part of the cluster.
   *
   * @param context what the provider is given; valid until {@link #shutdown} returns
   */
  void startMember(PartContext context);

  /**
   * Starts as a client: the provider tells who is in the cluster, this node is not.
   *
   * @param context what the provider is given; valid until {@link #shutdown} returns
   */
  void startClient(PartContext context);

  /**
   * Stops.
   *
   * @param graceful true to tell the others that this node leaves; false to end as a crash would
   */
  void shutdown(boolean graceful);
}
