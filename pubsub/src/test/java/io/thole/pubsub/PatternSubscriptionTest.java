package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicPattern;
import io.thole.api.pubsub.TopicStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscriptions to all topics of one form: delivery.md 1, P2 to P6, for these. */
@Timeout(60)
class PatternSubscriptionTest {
  private static final Topic NEW = new Topic("orders/new");
  private static final Topic OLD = new Topic("orders/old");
  private static final Topic NEWS = new Topic("news");

  private final TestNetwork network = new TestNetwork(1);
  private final Journal journal = new Journal();
  private List<TestNode> nodes = List.of();

  @AfterEach
  void addsUp() {
    nodes.stream()
        .flatMap(node -> node.broker.accounts().stream())
        .forEach(account -> assertTrue(account.balanced(), account::toString));
  }

  private Subscription subscribe(int node, String topics, MessageHandler handler) {
    Subscription subscription =
        nodes.get(node).broker.pubSub("test").subscribe(TopicFilter.of(topics), handler);
    network.settleSoon();
    return subscription;
  }

  private PublishReport publish(int node, Topic topic, String text) {
    CompletableFuture<PublishReport> report = nodes
        .get(node)
        .broker
        .pubSub("test")
        .publish(topic, text.getBytes(UTF_8))
        .toCompletableFuture();
    network.settleSoon();
    return report.join();
  }

  private static PublishReport delivered(int targets) {
    return new PublishReport(Map.of(Outcome.DELIVERED, targets));
  }

  private List<PeerMessage.Published> published() {
    return network.sent.stream()
        .filter(PeerMessage.Published.class::isInstance)
        .map(PeerMessage.Published.class::cast)
        .toList();
  }

  @Test // P2: the message's real topic, here and there
  void getsEachMessageWhoseTopicMatches() {
    nodes = network.cluster(2);
    subscribe(0, "orders/*", journal);
    subscribe(1, "*/*", journal);

    assertEquals(delivered(2), publish(0, NEW, "a"));
    assertEquals(delivered(2), publish(1, OLD, "b"));
    assertEquals(delivered(1), publish(0, new Topic("ships/new"), "c"));
    assertEquals(new PublishReport(Map.of()), publish(0, NEWS, "d"));

    assertEquals(
        List.of("orders/new a", "orders/new a", "orders/old b", "orders/old b", "ships/new c"),
        journal.sorted());
  }

  @Test // P5
  void getsStreamsOnEachTopicInOrder() {
    nodes = network.cluster(2);
    Journal exact = new Journal();
    subscribe(0, "orders/*", journal);
    subscribe(1, "orders/*", journal);
    subscribe(1, "orders/new", exact);
    Publisher publisher = nodes.get(0).broker.pubSub("test").publisher(NEW);
    Publisher other = nodes.get(0).broker.pubSub("test").publisher(OLD);

    for (int i = 0; i < 50; i++) {
      publisher.publish(new byte[] {'a'});
      other.publish(new byte[] {'b'});
    }
    network.settleSoon();

    assertEquals(Map.of(Outcome.DELIVERED, 150L), publisher.report().outcomes());
    assertEquals(Map.of(Outcome.DELIVERED, 100L), other.report().outcomes());
    assertEquals(50, exact.told.size());
    assertEquals(200, journal.told.size());
    assertEquals(
        List.of("orders/new a", "orders/old b"),
        journal.told.stream().distinct().sorted().toList());
  }

  @Test // P6
  void aPublisherFollowsPatternsThatComeAndGo() {
    nodes = network.cluster(2);
    Publisher publisher = nodes.get(0).broker.pubSub("test").publisher(NEW);
    publisher.publish(new byte[] {'a'});

    Subscription pattern = subscribe(1, "*/new", journal);
    publisher.publish(new byte[] {'b'});
    network.settleSoon();
    pattern.close();
    network.settleSoon();
    publisher.publish(new byte[] {'c'});
    network.settleSoon();

    assertEquals(List.of("orders/new b"), journal.told);
    assertEquals(1, publisher.report().targets());
  }

  @Test // P4
  void eachSubscriptionGetsAMessageOnce() {
    nodes = network.cluster(2);
    subscribe(1, "orders/*", journal);
    subscribe(1, "orders/new", journal);
    subscribe(1, "*/new", journal);

    assertEquals(delivered(3), publish(0, NEW, "a"));
    assertEquals(3, journal.told.size());
  }

  @Test // I6, I5
  void theSameHandlerOnTheSamePatternIsOneSubscription() {
    nodes = network.cluster(2);
    Subscription first = subscribe(1, "orders/*", journal);

    assertSame(first, subscribe(1, "orders/*", journal));
    assertEquals(new TopicPattern("orders/*"), first.topic());
    assertEquals(delivered(1), publish(0, NEW, "a"));
    first.close();
    network.settleSoon();
    assertEquals(new PublishReport(Map.of()), publish(0, NEW, "b"));
  }

  @Test // P6
  void isSpreadLikeAnyOther() {
    nodes = network.cluster(3);
    network.cut(nodes.get(1), nodes.get(2), true);
    CompletableFuture<List<NodeId>> spread =
        subscribe(1, "orders/*", journal).spread().toCompletableFuture();

    assertFalse(spread.isDone());
    assertEquals(delivered(1), publish(0, NEW, "a")); // which has acknowledged it
    network.advance(Duration.ofSeconds(6));

    assertEquals(List.of(nodes.get(2).id()), spread.join());
    network.cut(nodes.get(1), nodes.get(2), false);
    network.settleSoon();
    assertEquals(delivered(1), publish(2, NEW, "b"));
  }

  @Test // P7: a partition, or a broker that is replaced
  void isToldAgainInANewSession() {
    nodes = network.cluster(2);
    subscribe(1, "orders/*", journal);
    network.end(nodes.get(0), nodes.get(1));
    network.settleSoon();
    PublishReport apart = publish(0, NEW, "a");
    List<TopicStatus> without = nodes.get(0).broker.pubSub("test").topics();

    network.connect(nodes.get(0), nodes.get(1));
    network.settleSoon();

    assertEquals(new PublishReport(Map.of()), apart);
    assertEquals(List.of(), without);
    assertEquals(delivered(1), publish(0, NEW, "b"));
    assertEquals(List.of("orders/new b"), journal.told);
    assertEquals(
        List.of(new TopicStatus(
            new TopicPattern("orders/*"), 1, List.of(nodes.get(1).id()), List.of("wait"))),
        nodes.get(0).broker.pubSub("test").topics());
  }

  @Test // delivery.md 4
  void theAccountIsThatOfTheTopic() {
    nodes = network.cluster(2);
    subscribe(1, "orders/*", journal);

    publish(0, NEW, "a");
    publish(0, OLD, "b");

    assertEquals(
        List.of("topic orders/new 1", "topic orders/old 1"),
        nodes.get(0).broker.accounts().stream()
            .map(account -> account.scope() + " " + account.outcomes().get("delivered"))
            .toList());
  }

  @Test
  void onlyWhatAPatternGetsCarriesItsTopic() {
    nodes = network.cluster(2);
    subscribe(1, "orders/new", journal);
    publish(0, NEW, "a");
    assertNull(published().get(0).label());

    subscribe(1, "orders/*", journal);
    publish(0, NEW, "b");

    assertEquals(Label.bytes(NEW), published().get(1).label());
  }

  @Test // P1: what a peer sends to a subscription that has not asked for it
  void isNotToldWhatDoesNotMatch() {
    nodes = network.cluster(2);
    subscribe(1, "orders/*", journal);
    publish(0, NEW, "a");
    long id = published().get(0).subscription(0);
    byte[] payload = {'x'};

    forge(
        new PeerMessage.Published(70, Label.bytes(NEWS), new long[] {id}, new int[] {0}, payload));
    forge(new PeerMessage.Published(71, new long[] {id}, new int[] {0}, payload));
    forge(new PeerMessage.Streaming(9, 1, Label.bytes(NEWS), List.of(id)));
    forge(new PeerMessage.Streamed(
        9, ByteBuffer.allocate(5).put(new byte[] {0, 0, 0, 1, 'x'}).flip(), 1));

    assertEquals(List.of("orders/new a"), journal.told);
    assertEquals(
        List.of(
            new PeerMessage.Ended(70, 0, Outcome.UNSUBSCRIBED),
            new PeerMessage.Ended(71, 0, Outcome.UNSUBSCRIBED)),
        network.sent.stream()
            .filter(PeerMessage.Reported.class::isInstance)
            .flatMap(message -> ((PeerMessage.Reported) message).ends().stream())
            .filter(end -> end.publication() < 100)
            .toList());
    assertEquals(delivered(1), publish(0, NEW, "b"));
  }

  private void forge(PeerMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    network.forge(nodes.get(0), nodes.get(1), bytes.array());
    network.settleSoon();
  }

  /** A handler that writes down on which topic it is told what. */
  private static final class Journal implements MessageHandler {
    final List<String> told = new ArrayList<>();

    @Override
    public void onMessage(Message message) {
      told.add(message.topic() + " " + new String(message.toBytes(), UTF_8));
    }

    List<String> sorted() {
      return told.stream().sorted().toList();
    }
  }
}
