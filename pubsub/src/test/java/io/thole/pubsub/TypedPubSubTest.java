package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent.Subscribed;
import io.thole.api.ClusterEvent.SubscriberFailed;
import io.thole.api.ClusterException;
import io.thole.api.pubsub.MessageCodec;
import io.thole.api.pubsub.MessageType;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.PublisherReport.Missed;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicPattern;
import io.thole.api.pubsub.TypedHandler;
import io.thole.api.pubsub.TypedPublisher;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values instead of bytes: what is delivered, and what becomes of what cannot be read: delivery.md 1, P1, P3 and P8. */
@Timeout(60)
class TypedPubSubTest {
  private static final Topic NEWS = new Topic("news");

  @MessageType("shop/order")
  private record Order(int number, String customer) {}

  private final TestNetwork network = new TestNetwork(1);
  private final List<Object> told = new ArrayList<>();
  private List<TestNode> nodes = List.of();

  @AfterEach
  void addsUp() {
    nodes.stream()
        .flatMap(node -> node.broker.accounts().stream())
        .forEach(account -> assertTrue(account.balanced(), account::toString));
  }

  private PubSub pubSub(int node) {
    return nodes.get(node).broker.pubSub("test");
  }

  private <T> Subscription subscribe(int node, Class<T> type) {
    return subscribe(node, type, (value, message) -> told.add(value));
  }

  private <T> Subscription subscribe(int node, Class<T> type, TypedHandler<T> handler) {
    Subscription subscription = pubSub(node).typed(type).subscribe(NEWS, handler);
    network.settleSoon();
    return subscription;
  }

  private <T> PublishReport publish(int node, Class<T> type, T value) {
    CompletableFuture<PublishReport> report =
        pubSub(node).typed(type).publish(NEWS, value).toCompletableFuture();
    network.settleSoon();
    return report.join();
  }

  private static PublishReport delivered(int targets) {
    return new PublishReport(Map.of(Outcome.DELIVERED, targets));
  }

  private PublishReport rejected(int node, String reason) {
    return new PublishReport(
        Map.of(Outcome.REJECTED, 1),
        List.of(new PublishReport.Unreadable(nodes.get(node).id(), reason)));
  }

  /** A codec that shows its hand in the bytes, so that two of one name can be told apart. */
  private static final class UriCodec implements MessageCodec<URI> {
    private final String name;
    private final String mark;
    private Function<String, URI> reader = URI::create;

    UriCodec(String name, String mark) {
      this.name = name;
      this.mark = mark;
    }

    @Override
    public String typeName() {
      return name;
    }

    @Override
    public Class<URI> type() {
      return URI.class;
    }

    @Override
    public byte[] encode(URI value) {
      return (mark + value).getBytes(UTF_8);
    }

    @Override
    public URI decode(ByteBuffer bytes) {
      return reader.apply(UTF_8.decode(bytes).toString());
    }
  }

  @Test // P3
  void deliversValuesHereAndThere() {
    nodes = network.cluster(2);
    subscribe(0, String.class);
    subscribe(1, String.class);
    Order order = new Order(7, "Zoë");

    assertEquals(delivered(2), publish(0, String.class, "ahoy ⚓"));
    subscribe(1, Order.class);
    PublishReport mixed = publish(0, Order.class, order);

    assertEquals(Map.of(Outcome.DELIVERED, 1, Outcome.REJECTED, 2), mixed.outcomes());
    assertEquals(List.of("ahoy ⚓", "ahoy ⚓", order), told);
  }

  @Test // P3, P5
  void streamsValuesInOrderAndSaysTheirTypeOnce() {
    nodes = network.cluster(2);
    subscribe(0, Order.class);
    subscribe(1, Order.class);
    TypedPublisher<Order> publisher = pubSub(0).typed(Order.class).publisher(NEWS);

    for (int i = 1; i <= 100; i++) {
      assertEquals(i, publisher.publish(new Order(i, "")));
    }
    CompletableFuture<PublisherReport> settled = publisher.settled().toCompletableFuture();
    network.settleSoon();

    assertEquals(
        new PublisherReport(100, 100, 200, Map.of(Outcome.DELIVERED, 200L), List.of()),
        settled.join());
    assertEquals(settled.join(), publisher.report());
    assertEquals(200, told.size());
    assertEquals(
        List.of(new Label(NEWS, "shop/order")),
        network.sent.stream()
            .filter(PeerMessage.Streaming.class::isInstance)
            .map(message -> ((PeerMessage.Streaming) message).label())
            .toList());
    publisher.close();
    assertEquals(NEWS, publisher.topic());
    assertThrows(PublishRefusedException.class, () -> publisher.publish(new Order(1, "")));
  }

  @Test
  void bytesAreATypeLikeAnyOtherAndCostNothingOnTheWay() {
    nodes = network.cluster(2);
    subscribe(1, byte[].class, (value, message) -> told.add(message.type() + value.length));

    assertEquals(delivered(1), publish(0, byte[].class, new byte[] {1, 2}));
    pubSub(0).publish(NEWS, new byte[3]);
    network.settleSoon();

    assertEquals(List.of("bytes2", "bytes3"), told);
    assertEquals(
        List.of(24 + 2, 24 + 3),
        network.sent.stream()
            .filter(PeerMessage.Published.class::isInstance)
            .map(PeerMessage::encodedBytes)
            .toList());
  }

  @Test
  void whoSubscribesToBytesSeesThoseOfTheCodecAndTheirType() {
    nodes = network.cluster(2);
    pubSub(1).subscribe(NEWS, message -> told.add(message.type() + " " + message.toBytes().length));
    pubSub(1).subscribe(new TopicPattern("*"), message -> told.add(message.type()));
    network.settleSoon();

    assertEquals(delivered(2), publish(0, Order.class, new Order(1, "ab")));
    TypedPublisher<String> publisher = pubSub(0).typed(String.class).publisher(NEWS);
    publisher.publish("ahoy");
    network.settleSoon();

    assertEquals(
        List.of("shop/order", "shop/order 15", "text", "text 4"),
        told.stream().map(Object::toString).sorted().toList());
  }

  @Test // P3: certain, with the reason, and nobody else is harmed
  void aTypeWithoutACodecIsRejectedAndSaysSo() {
    nodes = network.cluster(2);
    nodes.get(0).broker.add(new UriCodec("net/uri", ""), 0);
    subscribe(1, URI.class);

    assertEquals(rejected(1, "no codec for type net/uri"), publish(0, URI.class, URI.create("a")));
    pubSub(1).subscribe(NEWS, message -> told.add("bytes"));
    network.settleSoon();
    PublishReport both = publish(0, URI.class, URI.create("b"));

    assertEquals(Map.of(Outcome.REJECTED, 1, Outcome.DELIVERED, 1), both.outcomes());
    assertEquals(List.of("bytes"), told);
    assertEquals(
        List.of("no codec for type net/uri"),
        nodes.get(1).told.stream()
            .filter(SubscriberFailed.class::isInstance)
            .map(event -> ((SubscriberFailed) event).reason())
            .toList());
  }

  @Test // P3
  void aStreamNamesWhatCouldNotBeReadAndWhy() {
    nodes = network.cluster(2);
    UriCodec reader = new UriCodec("net/uri", "");
    nodes.get(0).broker.add(new UriCodec("net/uri", ""), 0);
    nodes.get(1).broker.add(reader, 0);
    reader.reader = text -> {
      if (text.equals("a") || text.equals("b")) {
        throw new IllegalArgumentException(text + "\u001b[31m\n" + "x".repeat(500));
      }
      return URI.create(text);
    };
    subscribe(1, URI.class);
    TypedPublisher<URI> publisher = pubSub(0).typed(URI.class).publisher(NEWS);

    for (String text : List.of("1", "a", "a", "b", "2")) {
      publisher.publish(URI.create(text));
    }
    network.settleSoon();

    PublisherReport report = publisher.report();
    assertEquals(Map.of(Outcome.DELIVERED, 2L, Outcome.REJECTED, 3L), report.outcomes());
    assertEquals(List.of(URI.create("1"), URI.create("2")), told);
    List<Missed> missed = report.exceptions();
    assertEquals(List.of(2L, 4L), missed.stream().map(Missed::first).toList());
    assertEquals(List.of(3L, 4L), missed.stream().map(Missed::last).toList());
    assertTrue(
        missed.get(0).reason().startsWith("type net/uri: a\\u001b[31m\\u000axxx"),
        missed.get(0).reason());
    assertEquals(Unreadable.REASON_LIMIT, missed.get(0).reason().length());
  }

  @Test // delivery.md 5: what a stranger can have a node keep
  void reasonsWithoutEndAreNotKept() {
    nodes = network.cluster(2);
    UriCodec reader = new UriCodec("net/uri", "");
    nodes.get(0).broker.add(new UriCodec("net/uri", ""), 0);
    nodes.get(1).broker.add(reader, 0);
    subscribe(1, URI.class);
    TypedPublisher<URI> publisher = pubSub(0).typed(URI.class).publisher(NEWS);
    long delivered = 0;
    for (int credit = Credit.FIRST.messages(); credit < 2 * Inlet.REASONS; credit *= 2) {
      for (int i = 0; i < credit; i++) {
        publisher.publish(URI.create("n" + i));
      }
      network.settleSoon();
      delivered += credit;
    }
    reader.reader = text -> {
      throw new IllegalArgumentException(text);
    };
    network.room(nodes.get(1), nodes.get(0), 0); // it takes no progress

    for (int i = 0; i < 2 * Inlet.REASONS; i++) {
      publisher.publish(URI.create("n" + i));
    }
    network.settleSoon();
    network.room(nodes.get(1), nodes.get(0), Integer.MAX_VALUE);
    network.advance(java.time.Duration.ofSeconds(1));

    assertEquals(
        Map.of(Outcome.DELIVERED, delivered, Outcome.REJECTED, 2L * Inlet.REASONS),
        publisher.report().outcomes());
    List<Missed> missed = publisher.report().exceptions();
    assertEquals("", missed.get(missed.size() - 1).reason());
    assertEquals(
        Inlet.REASONS,
        missed.get(missed.size() - 1).last() - missed.get(missed.size() - 1).first() + 1);
  }

  @Test // P3
  void bytesThatTheCodecDoesNotUnderstandAreRejectedAndTheHandlerIsNotCalled() {
    nodes = network.cluster(2);
    subscribe(1, String.class);
    byte[] half = {(byte) 0xc3};

    CompletableFuture<PublishReport> report =
        nodes.get(0).broker.publish(new Label(NEWS, MessageCodec.TEXT), half).toCompletableFuture();
    network.settleSoon();

    assertEquals(rejected(1, "type text: no UTF-8"), report.join());
    assertEquals(List.of(), told);
  }

  @Test // P3: whatever a codec does, the handler's worker goes on
  void aCodecThatFailsInAnyOtherWayIsRejected() {
    nodes = network.cluster(1);
    UriCodec codec = new UriCodec("net/uri", "");
    nodes.get(0).broker.add(codec, 0);
    subscribe(0, URI.class);

    codec.reader = text -> {
      throw new StackOverflowError();
    };
    assertEquals(
        rejected(0, "type net/uri: it does not say why"), publish(0, URI.class, URI.create("a")));
    codec.reader = text -> nothing();
    assertEquals(
        rejected(0, "type net/uri: its codec made something else"),
        publish(0, URI.class, URI.create("b")));
    codec.reader = URI::create;
    assertEquals(delivered(1), publish(0, URI.class, URI.create("c")));
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // a codec may break its promise
  private static <T> T nothing() {
    return (T) null;
  }

  @Test // P3
  void anotherTypeThanTheOneSubscribedToIsRejected() {
    nodes = network.cluster(1);
    subscribe(0, Order.class);

    assertEquals(
        rejected(0, "type text is not what is subscribed to"), publish(0, String.class, "a"));
    CompletableFuture<PublishReport> bytes =
        pubSub(0).publish(NEWS, new byte[1]).toCompletableFuture();
    network.settleSoon();

    assertEquals(rejected(0, "type bytes is not what is subscribed to"), bytes.join());
  }

  @Test // P3: a handler's words are none of the publisher's
  void whatAHandlerThrowsIsRejectedWithoutAReason() {
    nodes = network.cluster(2);
    subscribe(1, String.class, (value, message) -> {
      throw new IllegalStateException("secret");
    });
    TypedPublisher<String> publisher = pubSub(0).typed(String.class).publisher(NEWS);

    PublishReport report = publish(0, String.class, "a");
    publisher.publish("b");
    network.settleSoon();

    assertEquals(new PublishReport(Map.of(Outcome.REJECTED, 1)), report);
    assertEquals(
        List.of(new Missed(1, 1, nodes.get(1).id(), Outcome.REJECTED)),
        publisher.report().exceptions());
  }

  @Test // P1: nobody sees it, and the account knows
  void whatCannotBeWrittenIsRefused() {
    nodes = network.cluster(1);
    UriCodec codec = new UriCodec("net/uri", "");
    subscribe(0, URI.class);

    PublishRefusedException absent = refusal(URI.class, URI.create("a"));
    ClusterException noPublisher =
        assertThrows(ClusterException.class, () -> pubSub(0).typed(URI.class).publisher(NEWS));
    nodes.get(0).broker.add(codec, 0);
    TypedPublisher<URI> publisher = pubSub(0).typed(URI.class).publisher(NEWS);
    nodes.get(0).broker.remove(codec);
    PublishRefusedException gone =
        assertThrows(PublishRefusedException.class, () -> publisher.publish(URI.create("b")));
    nodes.get(0).broker.add(new UriCodec("net/address", ""), 0);
    PublishRefusedException renamed =
        assertThrows(PublishRefusedException.class, () -> publisher.publish(URI.create("b")));
    PublishRefusedException half = refusal(String.class, "\ud83d");

    assertEquals(
        List.of(Reason.NOT_ENCODED, Reason.NOT_ENCODED, Reason.NOT_ENCODED, Reason.NOT_ENCODED),
        List.of(absent.reason(), gone.reason(), renamed.reason(), half.reason()));
    assertEquals(
        "there is no codec for java.net.URI here; register a MessageCodec; topic news",
        absent.getMessage());
    assertEquals(
        "no publisher on topic news: there is no codec for java.net.URI here; register a MessageCodec",
        noPublisher.getMessage());
    assertEquals(
        "this publisher is for type net/uri, and the codec is now for net/address; make a new one for topic news",
        renamed.getMessage());
    assertEquals(
        "type text: text with half a surrogate pair cannot be written; topic news",
        half.getMessage());
    assertInstanceOf(IllegalArgumentException.class, half.getCause());
    assertEquals(4, nodes.get(0).broker.accounts().get(0).refused());
    assertEquals(4, nodes.get(0).broker.accounts().get(0).attempts());
    assertEquals(List.of(), told);
  }

  private <T> PublishRefusedException refusal(Class<T> type, T value) {
    CompletableFuture<PublishReport> report =
        pubSub(0).typed(type).publish(NEWS, value).toCompletableFuture();
    return assertInstanceOf(
        PublishRefusedException.class,
        assertThrows(CompletionException.class, report::join).getCause());
  }

  @Test // O5 for codecs: taken out and replaced while messages flow
  void aCodecMayGoAndAnotherComeWhileMessagesFlow() {
    nodes = network.cluster(2);
    UriCodec old = new UriCodec("net/uri", "old:");
    UriCodec next = new UriCodec("net/uri", "next:");
    UriCodec reads = new UriCodec("net/uri", "");
    nodes.get(0).broker.add(old, 0);
    nodes.get(1).broker.add(reads, 0);
    subscribe(1, URI.class);
    TypedPublisher<URI> publisher = pubSub(0).typed(URI.class).publisher(NEWS);

    publisher.publish(URI.create("1"));
    network.settleSoon();
    nodes.get(0).broker.add(next, 1); // better, so at once
    publisher.publish(URI.create("2"));
    network.settleSoon();
    nodes.get(1).broker.remove(reads);
    publisher.publish(URI.create("3"));
    network.settleSoon();
    nodes.get(1).broker.add(new UriCodec("net/uri", ""), 0);
    nodes.get(0).broker.remove(next);
    publisher.publish(URI.create("4"));
    network.settleSoon();

    assertEquals(List.of(URI.create("old:1"), URI.create("next:2"), URI.create("old:4")), told);
    assertEquals(
        List.of(new Missed(3, 3, nodes.get(1).id(), Outcome.REJECTED, "no codec for type net/uri")),
        publisher.report().exceptions());
  }

  @Test
  void whoeverSubscribesToWhatSeveralHaveInCommonGetsThemAll() {
    nodes = network.cluster(2);
    nodes.forEach(node -> node.broker.add(new UriCodec("net/uri", ""), 0));
    nodes.forEach(node -> node.broker.add(RecordCodec.of("shop/order", Order.class), 0));
    subscribe(1, Object.class);

    publish(0, URI.class, URI.create("a"));
    publish(0, Order.class, new Order(1, ""));
    publish(0, String.class, "text");
    publish(0, byte[].class, new byte[] {7});

    assertEquals(List.of(URI.create("a"), new Order(1, ""), "text"), told.subList(0, 3));
    assertArrayEquals(new byte[] {7}, (byte[]) told.get(3));
  }

  @Test
  void refusesACodecWithANameThatNoMessageCanHave() {
    PubSubBroker broker = new PubSubBroker();

    for (String name : List.of("", "bytes", "text", "two words", "n".repeat(129), "a*")) {
      assertThrows(
          IllegalArgumentException.class, () -> broker.add(new UriCodec(name, ""), 0), name);
    }
    broker.add(new UriCodec("n".repeat(128), ""), 0);
    broker.remove(new UriCodec("never/added", ""));
    assertTrue(broker.codecs().knows("n".repeat(128)));
  }

  @Test // I6, I1
  void theSameHandlerOfValuesIsOneSubscription() {
    nodes = network.cluster(1);
    TypedHandler<Object> handler = new Told();

    Subscription first = pubSub(0).typed(String.class).subscribe(NEWS, handler);

    assertSame(first, pubSub(0).typed(String.class).subscribe(NEWS, handler));
    assertTrue(first != pubSub(0).typed(Order.class).subscribe(NEWS, handler));
    assertEquals(
        new Subscribed("news", Told.class.getName() + " of test"),
        nodes.get(0).told.get(0));
  }

  private static final class Told implements TypedHandler<Object> {
    @Override
    public void onMessage(Object value, io.thole.api.pubsub.Message message) {}
  }

  @Test // delivery.md 5: a report keeps few reasons, and counts them all
  void aReportNamesTheFirstThatCouldNotReadIt() {
    nodes = network.cluster(2);
    for (int i = 0; i < PublishReport.UNREADABLE + 1; i++) {
      subscribe(1, Order.class, (value, message) -> told.add(message.topic().name() + told.size()));
    }

    PublishReport report = publish(0, String.class, "a");

    assertEquals(PublishReport.UNREADABLE + 1, report.count(Outcome.REJECTED));
    assertEquals(PublishReport.UNREADABLE, report.unreadable().size());
    publish(0, String.class, "b"); // what reasons take is given back
    assertEquals(0, nodes.get(0).broker.accounts().get(0).open());
  }
}
