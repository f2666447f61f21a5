package io.thole.pubsub;

import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TypedPublisher;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A stream of values: their type is that of the stream, and is said once. Any thread.
 *
 * @param <T> the class of the values
 */
final class CodedPublisher<T> implements TypedPublisher<T> {
  private final CodedPubSub<T> pubSub;
  private final String name;
  private final Publisher stream;

  /**
   * Makes one.
   *
   * @param pubSub knows what writes the values
   * @param name the type of the stream
   * @param stream where the bytes go
   */
  CodedPublisher(CodedPubSub<T> pubSub, String name, Publisher stream) {
    this.pubSub = pubSub;
    this.name = name;
    this.stream = stream;
  }

  @Override
  public Topic topic() {
    return stream.topic();
  }

  @Override
  public long publish(T value) {
    Optional<Coded<T>> coded = pubSub.writing();
    if (coded.isPresent() && !coded.get().name().equals(name)) {
      String message = "this publisher is for type " + name + ", and the codec is now for "
          + coded.get().name() + "; make a new one for topic " + topic();
      throw pubSub.refused(new PublishRefusedException(Reason.NOT_ENCODED, message), topic());
    }
    return stream.publish(pubSub.encode(coded, topic(), value));
  }

  @Override
  public PublisherReport report() {
    return stream.report();
  }

  @Override
  public CompletionStage<PublisherReport> settled() {
    return stream.settled();
  }

  @Override
  public void close() {
    stream.close();
  }
}
