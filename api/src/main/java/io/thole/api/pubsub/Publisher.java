package io.thole.api.pubsub;

import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Publishes on one topic, fast: a message costs no future and no report of its own. Its reports are cumulative, and it waits where
 * a subscriber does not keep up. Order: each subscription handles the messages of a publisher as they were published. Any thread;
 * ends with whoever asked for it.
 */
@ProviderType
public interface Publisher extends AutoCloseable {
  /** Returns the topic. */
  Topic topic();

  /**
   * Publishes a message to whoever is subscribed, as far as this node knows, at this moment. Waits while a subscription has no
   * credit or the link to its node is full; one that has none for a whole delivery timeout misses this message
   * ({@link Outcome#OVERFLOW}), and is not waited for again until it goes on. So never call it where nothing may block, nor in a
   * handler of this topic. Nobody waits for a subscription that drops ({@link OverflowPolicy}).
   *
   * @param payload the message; copied before this returns
   * @return its number: 1 for the first
   * @throws PublishRefusedException if it is refused; nobody sees it, and the number is given to the next
   */
  long publish(byte[] payload);

  /**
   * Publishes a message as {@link #publish} does, but never waits: for whom a wait is no choice, as in a handler, a grain or a loop.
   * Where a subscription has no credit, or another thread waits in {@link #publish}, it does nothing; ask again later. Whoever has
   * no credit whenever it is asked, for a whole delivery timeout, is passed over as there. Where the link to a node is full, this
   * message is {@link Outcome#OVERFLOW} for its subscriptions.
   *
   * @param payload the message; copied before this returns
   * @return its number, or nothing if it was not published
   * @throws PublishRefusedException if it is refused; nobody sees it, and the number is given to the next
   */
  OptionalLong tryPublish(byte[] payload);

  /** Returns what became of what was published, as far as it is known now. */
  PublisherReport report();

  /**
   * Returns what became of all that was published until now, as soon as every target has its outcome: within the delivery timeout
   * and a second.
   */
  CompletionStage<PublisherReport> settled();

  /** Ends it: what was published goes on to its outcomes, what follows is refused. */
  @Override
  void close();
}
