package io.thole.shell;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
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
import java.util.concurrent.atomic.AtomicLong;

/** Topics of one node that hand each message on at once. What does not fit says the topic: {@code full}, {@code lost}, {@code silent}. */
final class FixturePubSub implements PubSub {
  final AtomicLong published = new AtomicLong();
  final AtomicLong bytes = new AtomicLong();
  private final List<Place> places = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<PublishReport> publish(Topic topic, byte[] payload) {
    published.incrementAndGet();
    bytes.addAndGet(payload.length);
    return switch (topic.name()) {
      case "full" ->
        CompletableFuture.failedFuture(
            new PublishRefusedException(Reason.BUSY, "64 MiB wait for reports"));
      case "lost" ->
        CompletableFuture.completedFuture(new PublishReport(Map.of(Outcome.NODE_LOST, 2)));
      case "silent" -> new CompletableFuture<>();
      default -> CompletableFuture.completedFuture(told(topic, payload));
    };
  }

  private PublishReport told(Topic topic, byte[] payload) {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    for (Place place : places) {
      if (place.topic().equals(topic)) {
        outcomes.merge(place.told(payload), 1, Integer::sum);
      }
    }
    return new PublishReport(outcomes);
  }

  @Override
  public Publisher publisher(Topic topic) {
    throw new AssertionError("the shell publishes message by message");
  }

  @Override
  public <T> TypedPubSub<T> typed(Class<T> type) {
    throw new AssertionError("bytes alone are published here");
  }

  @Override
  public Subscription subscribe(TopicFilter topic, Backlog backlog, MessageHandler handler) {
    Place place = new Place(topic, handler);
    places.add(place);
    return place;
  }

  @Override
  public List<TopicStatus> topics() {
    return places.stream()
        .map(Place::topic)
        .distinct()
        .map(topic -> new TopicStatus(
            topic,
            (int) places.stream().filter(place -> place.topic().equals(topic)).count(),
            List.of(FixtureCluster.SELF),
            List.of("wait", "dropOldest(100)")))
        .toList();
  }

  private final class Place implements Subscription {
    private final TopicFilter topic;
    private final MessageHandler handler;

    private Place(TopicFilter topic, MessageHandler handler) {
      this.topic = topic;
      this.handler = handler;
    }

    Outcome told(byte[] payload) {
      try {
        handler.onMessage(new Told(new Topic(topic.name()), payload));
        return Outcome.DELIVERED;
      } catch (Exception e) {
        return Outcome.REJECTED;
      }
    }

    @Override
    public TopicFilter topic() {
      return topic;
    }

    @Override
    public CompletionStage<List<NodeId>> spread() {
      return CompletableFuture.completedFuture(
          topic.name().equals("far") ? List.of(FixtureCluster.OTHER) : List.of());
    }

    @Override
    public void close() {
      places.remove(this);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Told(Topic topic, byte[] bytes) implements Message {
    @Override
    public NodeId publisher() {
      return FixtureCluster.SELF;
    }

    @Override
    public byte[] toBytes() {
      return bytes.clone();
    }
  }
}
