package io.thole.hello;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicStatus;
import io.thole.api.pubsub.TypedPubSub;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class HelloSubscriberTest {
  @Test
  void escapesWhatItLogs() { // P2
    String line = HelloSubscriberComponent.line(new Hello("hi\u001b[2J"));

    assertEquals("hello: \"hi\\u001b[2J\" from 127.0.0.1:26051#7", line);
  }

  @Test
  void subscribesOnceToTheTopicHello() {
    RecordedPubSub pubSub = new RecordedPubSub();

    new HelloSubscriberComponent().bindPubSub(pubSub);

    assertEquals(
        List.of("hello"), pubSub.open.stream().map(one -> one.topic().name()).toList());
  }

  @Test
  void followsPublishSubscribeWhenItIsReplaced() {
    RecordedPubSub first = new RecordedPubSub();
    RecordedPubSub second = new RecordedPubSub();
    HelloSubscriberComponent subscriber = new HelloSubscriberComponent();
    subscriber.bindPubSub(first);

    subscriber.bindPubSub(second); // Declarative Services bind the new one first
    subscriber.unbindPubSub(first);

    assertEquals(List.of(), first.open);
    assertEquals(1, second.open.size());
  }

  private record Hello(String text) implements Message {
    @Override
    public Topic topic() {
      return new Topic("hello");
    }

    @Override
    public NodeId publisher() {
      return new NodeId(Authority.parse("127.0.0.1:26051"), 7);
    }

    @Override
    public byte[] toBytes() {
      return text.getBytes(UTF_8);
    }
  }

  private record Open(TopicFilter topic, List<Open> all) implements Subscription {
    @Override
    public CompletionStage<List<NodeId>> spread() {
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }

  private static final class RecordedPubSub implements PubSub {
    private final List<Open> open = new ArrayList<>();

    @Override
    public CompletionStage<PublishReport> publish(Topic topic, byte[] payload) {
      throw new AssertionError("nothing is published here");
    }

    @Override
    public List<TopicStatus> topics() {
      return List.of();
    }

    @Override
    public Publisher publisher(Topic topic) {
      throw new AssertionError("nothing is published");
    }

    @Override
    public <T> TypedPubSub<T> typed(Class<T> type) {
      throw new AssertionError("bytes alone are published here");
    }

    @Override
    public Subscription subscribe(TopicFilter topic, Backlog backlog, MessageHandler handler) {
      Open subscription = new Open(topic, open);
      open.add(subscription);
      return subscription;
    }
  }
}
