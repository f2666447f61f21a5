package io.thole.pubsub;

import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicStatus;
import io.thole.api.pubsub.TypedPubSub;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Publish/subscribe as one owner sees it: what it has subscribed ends with it. Any thread. */
final class OwnedPubSub implements PubSub, AutoCloseable {
  private final PubSubBroker broker;
  private final String name;
  private volatile boolean closed;

  OwnedPubSub(PubSubBroker broker, String name) {
    this.broker = broker;
    this.name = name;
  }

  /** Returns the owner, for people. */
  String name() {
    return name;
  }

  /** Tells whether the owner is gone. */
  boolean isClosed() {
    return closed;
  }

  @Override
  public CompletionStage<PublishReport> publish(Topic topic, byte[] payload) {
    return broker.publish(Label.bytes(topic), payload);
  }

  @Override
  public Publisher publisher(Topic topic) {
    return broker.publisher(this, Label.bytes(topic));
  }

  @Override
  public Subscription subscribe(TopicFilter topics, Backlog backlog, MessageHandler handler) {
    return broker.subscribe(this, topics, backlog, handler);
  }

  @Override
  public <T> TypedPubSub<T> typed(Class<T> type) {
    return new CodedPubSub<>(this, broker, type);
  }

  @Override
  public List<TopicStatus> topics() {
    return broker.topics();
  }

  @Override
  public void close() {
    closed = true;
    broker.forget(this);
  }
}
