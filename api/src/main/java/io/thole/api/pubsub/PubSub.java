package io.thole.api.pubsub;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** Publish and subscribe by topic, over all nodes of the cluster. Any thread. */
@ProviderType
public interface PubSub {
  /**
   * Publishes a message to whoever is subscribed, as far as this node knows, at this moment.
   *
   * @param topic the topic
   * @param payload the message; copied before this returns
   * @return completes with one outcome for each target, within the delivery timeout and a second; where the message is
   *     refused, fails at once with {@link PublishRefusedException} and nobody sees it
   */
  CompletionStage<PublishReport> publish(Topic topic, byte[] payload);

  /**
   * Returns what publishes on one topic in a stream, faster than one message at a time.
   *
   * @param topic the topic
   * @throws io.thole.api.NotStartedException if publish/subscribe does not run
   */
  Publisher publisher(Topic topic);

  /**
   * Subscribes a handler for which publishers wait: as below, with {@link Backlog#WAIT}.
   *
   * @param topics a topic, or a {@link TopicPattern}
   * @param handler as below
   */
  default Subscription subscribe(TopicFilter topics, MessageHandler handler) {
    return subscribe(topics, Backlog.WAIT, handler);
  }

  /**
   * Subscribes a handler. The same handler on the same topic, or on the same pattern, is one subscription.
   *
   * @param topics a topic, or a {@link TopicPattern}: then it is told each message whose topic matches
   * @param backlog how much may wait for it, and what becomes of more
   * @param handler is called for one message at a time, in the order of each publisher, on a worker of its own
   * @return the subscription, in force on this node at once; {@link Subscription#spread()} tells when the others know
   * @throws io.thole.api.ClusterException if the handler is subscribed there with another backlog, or there is no room for a
   *     further subscription
   */
  Subscription subscribe(TopicFilter topics, Backlog backlog, MessageHandler handler);

  /**
   * Returns the same for values of a class: {@code byte[]}, {@link String}, a record with a {@link MessageType}, one of a
   * {@link MessageCodec}; or, to subscribe, what several of them have in common.
   *
   * @param type the class
   * @throws IllegalArgumentException if it is a record with a name that no message can have, or with a component that none can
   */
  <T> TypedPubSub<T> typed(Class<T> type);

  /** Returns who subscribes where, as far as this node knows, sorted by topic. */
  List<TopicStatus> topics();
}
