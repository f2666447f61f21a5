package io.thole.pubsub;

import io.thole.api.ClusterException;
import io.thole.api.Escaped;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TypedHandler;
import io.thole.api.pubsub.TypedPubSub;
import io.thole.api.pubsub.TypedPublisher;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Publish/subscribe for values of one class, above that for bytes. Any thread.
 *
 * @param <T> the class
 */
final class CodedPubSub<T> implements TypedPubSub<T> {
  private final OwnedPubSub owner;
  private final PubSubBroker broker;
  private final Class<T> type;

  /** Of a record with a name, which is the only one that knows its class: so it ends with whoever asked. */
  private final Optional<Coded<T>> own;

  CodedPubSub(OwnedPubSub owner, PubSubBroker broker, Class<T> type) {
    this.owner = owner;
    this.broker = broker;
    this.type = type;
    own = RecordCodec.named(type).map(codec -> Coded.of(codec, 0));
  }

  @Override
  public CompletionStage<PublishReport> publish(Topic topic, T value) {
    Optional<Coded<T>> coded = writing();
    try {
      byte[] payload = encode(coded, topic, value);
      return broker.publish(new Label(topic, coded.orElseThrow().name()), payload);
    } catch (PublishRefusedException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  @Override
  public TypedPublisher<T> publisher(Topic topic) {
    Coded<T> coded = writing()
        .orElseThrow(
            () -> new ClusterException("no publisher on topic " + topic + ": " + absence()));
    return new CodedPublisher<>(
        this, coded.name(), broker.publisher(owner, new Label(topic, coded.name())));
  }

  @Override
  public Subscription subscribe(
      TopicFilter topics, Backlog backlog, TypedHandler<? super T> handler) {
    return broker.subscribe(
        owner, topics, backlog, new TypedReader<>(broker.codecs(), type, own, handler));
  }

  /** Returns what writes the values now. */
  Optional<Coded<T>> writing() {
    return broker.codecs().writing(type).or(() -> own);
  }

  /**
   * Writes a value.
   *
   * @throws PublishRefusedException if it cannot be written; the account knows
   */
  byte[] encode(Optional<Coded<T>> coded, Topic topic, T value) {
    if (coded.isEmpty()) {
      throw refused(
          new PublishRefusedException(Reason.NOT_ENCODED, absence() + "; topic " + topic), topic);
    }
    try {
      return Objects.requireNonNull(
          coded.get().codec().encode(value), "its codec made nothing of it");
    } catch (Throwable thrown) { // foreign code
      String message = "type " + coded.get().name() + ": " + Escaped.plain(Unreadable.words(thrown))
          + "; topic " + topic;
      throw refused(new PublishRefusedException(Reason.NOT_ENCODED, message, thrown), topic);
    }
  }

  PublishRefusedException refused(PublishRefusedException refusal, Topic topic) {
    return broker.refused(topic, refusal);
  }

  private String absence() {
    return "there is no codec for " + type.getName() + " here; register a MessageCodec"
        + (type.isRecord() ? ", or annotate it with MessageType" : "");
  }
}
