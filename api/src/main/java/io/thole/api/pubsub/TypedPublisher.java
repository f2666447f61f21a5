package io.thole.api.pubsub;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A {@link Publisher} of values: all it says of order, waiting and threads holds.
 *
 * @param <T> the class of the values
 */
@ProviderType
public interface TypedPublisher<T> extends AutoCloseable {
  /** Returns the topic. */
  Topic topic();

  /**
   * Publishes a value, as {@link Publisher#publish}.
   *
   * @param value not null; it was read when this returns
   * @return its number: 1 for the first
   * @throws PublishRefusedException if it is refused, also by its codec, or because there is none; nobody sees it
   */
  long publish(T value);

  /** As {@link Publisher#report}. */
  PublisherReport report();

  /** As {@link Publisher#settled}. */
  CompletionStage<PublisherReport> settled();

  @Override
  void close();
}
