package io.thole.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicStatus;
import io.thole.api.pubsub.TypedPubSub;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Publish/subscribe of one node that delivers at once, refuses each seventh message, and can lie about what it did. */
final class MemoryPubSub implements PubSub {
  static final NodeId NODE = new NodeId(Authority.parse("127.0.0.1:26051"), 7);

  final List<Open> open = new CopyOnWriteArrayList<>();
  final CompletableFuture<PublishReport> never = new CompletableFuture<>();
  volatile boolean losing;
  volatile boolean silent;
  volatile long attempts;

  record Open(TopicFilter topic, MessageHandler handler, List<Open> all) implements Subscription {
    @Override
    public CompletionStage<List<NodeId>> spread() {
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public void close() {
      all.remove(this);
    }
  }

  private record Delivered(Topic topic, String text) implements Message {
    @Override
    public byte[] toBytes() {
      return text.getBytes(US_ASCII);
    }

    @Override
    public NodeId publisher() {
      return NODE;
    }
  }

  @Override
  public synchronized CompletionStage<PublishReport> publish(Topic topic, byte[] payload) {
    attempts++;
    if (attempts % 7 == 0) {
      return CompletableFuture.failedFuture(
          new PublishRefusedException(PublishRefusedException.Reason.BUSY, "busy"));
    }
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    open.forEach(one -> outcomes.merge(deliver(one, topic, payload), 1, Integer::sum));
    return silent ? never : CompletableFuture.completedFuture(new PublishReport(outcomes));
  }

  private Outcome deliver(Open one, Topic topic, byte[] payload) {
    if (losing) {
      return Outcome.DELIVERED;
    }
    try {
      one.handler().onMessage(new Delivered(topic, new String(payload, US_ASCII)));
      return Outcome.DELIVERED;
    } catch (Exception thrown) {
      return Outcome.REJECTED;
    }
  }

  @Override
  public Publisher publisher(Topic topic) {
    throw new AssertionError("each message has its own report here");
  }

  @Override
  public <T> TypedPubSub<T> typed(Class<T> type) {
    throw new AssertionError("bytes alone are published here");
  }

  @Override
  public Subscription subscribe(TopicFilter topic, Backlog backlog, MessageHandler handler) {
    Open subscription = new Open(topic, handler, open);
    open.add(subscription);
    return subscription;
  }

  @Override
  public List<TopicStatus> topics() {
    return List.of();
  }
}
