package io.thole.api.pubsub;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * {@link PubSub} for values of one class instead of bytes. Codecs are looked up when they are needed: one that comes later is found,
 * and one that was taken back is not used again. Any thread; ends with the {@link PubSub} that it is of.
 *
 * @param <T> the class of the values
 */
@ProviderType
public interface TypedPubSub<T> {
  /**
   * Publishes a value, as {@link PubSub#publish}.
   *
   * @param topic the topic
   * @param value not null; it was read when this returns
   * @return as {@link PubSub#publish}; fails with {@link PublishRefusedException.Reason#NOT_ENCODED} where there is no codec for
   *     the class here, or it throws
   */
  CompletionStage<PublishReport> publish(Topic topic, T value);

  /**
   * Returns what publishes on one topic in a stream. All of it has the type that the class has now.
   *
   * @param topic the topic
   * @throws io.thole.api.NotStartedException if publish/subscribe does not run
   * @throws io.thole.api.ClusterException if there is no codec for the class here
   */
  TypedPublisher<T> publisher(Topic topic);

  /**
   * Subscribes a handler for which publishers wait: as below, with {@link Backlog#WAIT}.
   *
   * @param topics a topic, or a pattern
   * @param handler as below
   */
  default Subscription subscribe(TopicFilter topics, TypedHandler<? super T> handler) {
    return subscribe(topics, Backlog.WAIT, handler);
  }

  /**
   * Subscribes a handler. A message whose type has no codec here, whose codec makes something else than the class, or whose bytes the
   * codec does not understand ends as {@link Outcome#REJECTED}; the publisher is told why, and the handler is not called.
   *
   * @param topics a topic, or a pattern
   * @param backlog as for {@link PubSub#subscribe(TopicFilter, Backlog, MessageHandler)}
   * @param handler the same
   */
  Subscription subscribe(TopicFilter topics, Backlog backlog, TypedHandler<? super T> handler);
}
