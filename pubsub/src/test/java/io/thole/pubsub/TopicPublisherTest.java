package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of messages that are streamed: delivery.md 1, P1 to P8 for the publisher with cumulative reports. */
@Timeout(60)
class TopicPublisherTest {
  private static final Topic NEWS = new Topic("news");

  private final TestNetwork network = new TestNetwork(1);
  private List<TestNode> nodes = List.of();

  @AfterEach
  void addsUp() {
    nodes.stream()
        .flatMap(node -> node.broker.accounts().stream())
        .forEach(account -> assertTrue(account.balanced(), account::toString));
  }

  private void cluster(int count) {
    nodes = network.cluster(count);
  }

  private Publisher publisher(int node) {
    return nodes.get(node).broker.pubSub("test").publisher(NEWS);
  }

  private Subscription subscribe(int node, MessageHandler handler) {
    Subscription subscription = nodes.get(node).broker.pubSub("test").subscribe(NEWS, handler);
    network.settleSoon();
    return subscription;
  }

  private static void publish(Publisher publisher, int from, int to) {
    IntStream.rangeClosed(from, to)
        .forEach(i -> assertEquals(i, publisher.publish(Integer.toString(i).getBytes(UTF_8))));
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }

  private static Map<Outcome, Long> outcomes(PublisherReport report) {
    return report.outcomes();
  }

  @Test // P2
  void aTopicWithoutSubscribersIsSettledAtOnce() {
    cluster(1);
    Publisher publisher = publisher(0);

    publish(publisher, 1, 3);

    assertEquals(new PublisherReport(3, 3, 0, Map.of(), List.of()), publisher.report());
    assertEquals(3, nodes.get(0).broker.accounts().get(0).accepted());
  }

  @ParameterizedTest // P3, P5: whatever comes first
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void deliversHereAndThereInOrder(long seed) {
    TestNetwork drawn = new TestNetwork(seed);
    nodes = drawn.cluster(3);
    List<Journal> journals = List.of(new Journal(), new Journal(), new Journal(), new Journal());
    for (int i = 0; i < 4; i++) {
      nodes.get(i % 3).broker.pubSub("test").subscribe(NEWS, journals.get(i));
    }
    drawn.settleSoon();
    Publisher publisher = publisher(0);

    publish(publisher, 1, 100);
    CompletableFuture<PublisherReport> settled = publisher.settled().toCompletableFuture();
    assertFalse(settled.isDone());
    drawn.settleSoon();

    PublisherReport all =
        new PublisherReport(100, 100, 400, Map.of(Outcome.DELIVERED, 400L), List.of());
    assertEquals(all, publisher.report());
    assertEquals(all, settled.join());
    journals.forEach(journal -> assertEquals(numbers(1, 100), journal.texts));
  }

  @Test // P3
  void namesWhatWasRejectedWhereAndGoesOn() {
    cluster(2);
    Journal journal = new Journal();
    subscribe(1, message -> {
      journal.onMessage(message);
      if (journal.texts.size() == 2 || journal.texts.size() == 3) {
        throw new IllegalStateException("no");
      }
    });
    Publisher publisher = publisher(0);

    publish(publisher, 1, 5);
    network.settleSoon();

    assertEquals(
        new PublisherReport(
            5,
            5,
            5,
            Map.of(Outcome.DELIVERED, 3L, Outcome.REJECTED, 2L),
            List.of(new PublisherReport.Missed(2, 3, nodes.get(1).id(), Outcome.REJECTED))),
        publisher.report());
    assertEquals(numbers(1, 5), journal.texts);
  }

  @Test // P3: each has its own
  void isToldNothingOfWhatAnotherPublisherOfTheTopicPublished() {
    cluster(2);
    subscribe(1, message -> {
      if (message.payload().get(0) == '9') {
        throw new IllegalStateException("no");
      }
    });
    Publisher first = publisher(0);
    Publisher second = publisher(0);

    publish(first, 1, 3);
    second.publish("9".getBytes(UTF_8));
    second.publish("9".getBytes(UTF_8));
    network.settleSoon();

    assertEquals(Map.of(Outcome.DELIVERED, 3L), outcomes(first.report()));
    assertEquals(Map.of(Outcome.REJECTED, 2L), outcomes(second.report()));
  }

  @Test // P2, P6
  void isForThoseWhoAreSubscribedWhenItIsPublished() {
    cluster(2);
    Journal first = new Journal();
    Journal second = new Journal();
    Publisher publisher = publisher(0);
    Subscription early = subscribe(1, first);
    publish(publisher, 1, 2);
    network.settleSoon();
    subscribe(1, second);
    publish(publisher, 3, 4);
    network.settleSoon();
    early.close();
    network.settleSoon();
    publish(publisher, 5, 6);
    network.settleSoon();

    assertEquals(numbers(1, 4), first.texts);
    assertEquals(numbers(3, 6), second.texts);
    assertEquals(Map.of(Outcome.DELIVERED, 8L), outcomes(publisher.report()));
  }

  @Test // P3, P6
  void whatIsOnItsWayToOneThatUnsubscribesIsSaidToBeUnsubscribed() {
    cluster(2);
    Subscription subscription = subscribe(1, new Journal());
    Publisher publisher = publisher(0);
    publish(publisher, 1, 3);

    subscription.close();
    network.settleSoon();

    assertEquals(Map.of(Outcome.UNSUBSCRIBED, 3L), outcomes(publisher.report()));
    assertEquals(3, publisher.report().settled());
  }

  @Test // P7
  void theLeaveOfANodeEndsWhatIsOnItsWayThere() {
    cluster(2);
    subscribe(1, new Journal());
    Publisher publisher = publisher(0);
    publish(publisher, 1, 3);

    nodes.get(1).crash();
    network.settleSoon();

    assertEquals(Map.of(Outcome.NODE_LOST, 3L), outcomes(publisher.report()));
    publish(publisher, 4, 4);
    assertEquals(4, publisher.report().settled());
  }

  @Test // P3
  void whatIsNotHeardOfInTimeIsSaidToBeLate() {
    cluster(2);
    subscribe(1, new Journal());
    nodes.get(1).lastWorker().held = true;
    Publisher publisher = publisher(0);
    publish(publisher, 1, 2);
    network.advance(Duration.ofSeconds(4));
    publish(publisher, 3, 3);
    assertEquals(0, publisher.report().settled());

    network.advance(Duration.ofMillis(1_500));
    assertEquals(Map.of(Outcome.TIMEOUT, 2L), outcomes(publisher.report()));
    assertEquals(2, publisher.report().settled());

    nodes.get(1).lastWorker().held = false;
    network.settleSoon();
    assertEquals(Map.of(Outcome.TIMEOUT, 2L, Outcome.DELIVERED, 1L), outcomes(publisher.report()));
  }

  @Test // P3, E5
  void aStopTakesWhatIsOnItsWay() {
    cluster(2);
    Journal journal = new Journal();
    subscribe(1, journal);
    Publisher publisher = publisher(0);
    publish(publisher, 1, 50);

    nodes.get(0).stop(true);

    assertEquals(Map.of(Outcome.DELIVERED, 50L), outcomes(publisher.report()));
    assertEquals(numbers(1, 50), journal.texts);
    assertEquals(
        Reason.CLOSING,
        assertThrows(PublishRefusedException.class, () -> publisher.publish(new byte[1]))
            .reason());
  }

  @Test // P3
  void aStopThatIsNotGracefulSaysThatNobodyKnows() {
    cluster(2);
    subscribe(1, new Journal());
    Publisher publisher = publisher(0);
    publish(publisher, 1, 2);

    nodes.get(0).broker.stop(false);

    assertEquals(Map.of(Outcome.CLOSING, 2L), outcomes(publisher.report()));
  }

  @Test // P8
  void oneThatDoesNotKeepUpIsWaitedForAndThenPassedOver() {
    nodes = network.cluster(2);
    nodes.get(0).broker.configure(new PubSubSettings(Duration.ofMillis(100), Set.of()));
    Journal slow = new Journal();
    Journal fast = new Journal();
    subscribe(1, slow);
    nodes.get(1).lastWorker().held = true;
    TestNetwork.Line held = nodes.get(1).lastWorker();
    subscribe(0, fast);
    Publisher publisher = publisher(0);
    publish(publisher, 1, Credit.FIRST.messages());
    network.settleSoon();

    publish(
        publisher,
        Credit.FIRST.messages() + 1,
        Credit.FIRST.messages() + 10); // waits once, for 100 ms of real time
    network.settleSoon();

    assertEquals(10, publisher.report().count(Outcome.OVERFLOW));
    assertEquals(numbers(1, Credit.FIRST.messages() + 10), fast.texts);
    held.held = false;
    network.settleSoon();
    publish(publisher, Credit.FIRST.messages() + 11, Credit.FIRST.messages() + 11);
    network.settleSoon();
    assertEquals(Credit.FIRST.messages() + 1, slow.texts.size());
    assertEquals(10, publisher.report().count(Outcome.OVERFLOW));
    assertEquals(Credit.FIRST.messages() + 11, publisher.report().settled());
  }

  @Test // P8, in virtual time
  void publishesNothingWithoutCreditWhereItMustNotWaitAndPassesOverAfterTheTimeout() {
    cluster(2);
    Journal slow = new Journal();
    subscribe(1, slow);
    TestNetwork.Line held = nodes.get(1).lastWorker();
    held.held = true;
    Publisher publisher = publisher(0);
    for (int i = 1; i <= Credit.FIRST.messages(); i++) {
      assertEquals(OptionalLong.of(i), publisher.tryPublish(Integer.toString(i).getBytes(UTF_8)));
    }
    network.settleSoon();

    assertEquals(OptionalLong.empty(), publisher.tryPublish(new byte[1]));
    network.advance(Duration.ofMillis(4_900));
    assertEquals(OptionalLong.empty(), publisher.tryPublish(new byte[1]));
    network.advance(Duration.ofMillis(100));
    assertEquals(OptionalLong.of(Credit.FIRST.messages() + 1), publisher.tryPublish(new byte[1]));

    assertEquals(Credit.FIRST.messages() + 1, publisher.report().published());
    assertEquals(1, publisher.report().count(Outcome.OVERFLOW));
    held.held = false;
    network.settleSoon();
    assertEquals(
        OptionalLong.of(Credit.FIRST.messages() + 2),
        publisher.tryPublish(Integer.toString(-2).getBytes(UTF_8)));
    network.settleSoon();
    assertEquals(Credit.FIRST.messages() + 1, slow.texts.size());
  }

  @Test // P8
  void whereItMustNotWaitAFullLinkIsAnOverflow() {
    cluster(2);
    subscribe(1, new Journal());
    Publisher publisher = publisher(0);
    publish(publisher, 1, 1);
    network.settleSoon();
    network.room(nodes.get(0), nodes.get(1), 0);

    assertEquals(OptionalLong.of(2), publisher.tryPublish(new byte[1]));

    assertEquals(Map.of(Outcome.DELIVERED, 1L, Outcome.OVERFLOW, 1L), outcomes(publisher.report()));
    network.room(nodes.get(0), nodes.get(1), Integer.MAX_VALUE);
    assertEquals(OptionalLong.of(3), publisher.tryPublish(new byte[1]));
    network.settleSoon();
    assertEquals(Map.of(Outcome.DELIVERED, 2L, Outcome.OVERFLOW, 1L), outcomes(publisher.report()));
  }

  @Test // P3, P7: books add up also where a node is lost while somebody waits for room on the way
  // there
  void whoeverWaitsForALinkWhoseNodeIsLostCountsItOnce() throws Exception {
    cluster(2);
    subscribe(1, new Journal());
    Publisher publisher = publisher(0);
    publish(publisher, 1, 1);
    network.settleSoon();
    network.room(nodes.get(0), nodes.get(1), 0);
    Thread waiting = new Thread(() -> publisher.publish(new byte[1]));
    waiting.start();
    while (publisher.report().published() < 2) {
      Thread.onSpinWait();
    }

    nodes.get(1).crash();
    network.settleSoon();
    waiting.join();

    assertEquals(
        Map.of(Outcome.DELIVERED, 1L, Outcome.NODE_LOST, 1L), outcomes(publisher.report()));
    assertEquals(0, publisher.report().open());
  }

  @Test // delivery.md 7: a peer that minds no credit and takes no progress
  void whatHasNoRoomIsOneGapHoweverMuchItIs() {
    Inlet inlet = new Inlet(1, 1, null, 0, new DeafOutlet());
    for (int i = 1; i <= 1_000; i++) {
      run(inlet, 1 + i).end(Outcome.OVERFLOW);
    }
    assertEquals(0, inlet.told());

    run(inlet, 1).end(Outcome.UNSUBSCRIBED);

    PeerMessage.Progressed progress = inlet.progress().orElseThrow();
    assertEquals(1_001, progress.ended());
    assertEquals(
        List.of(
            new PeerMessage.Gap(1, 1, Outcome.UNSUBSCRIBED),
            new PeerMessage.Gap(2, 1_001, Outcome.OVERFLOW)),
        progress.gaps());
  }

  private static Run run(Inlet inlet, long number) {
    Chunks.Chunk item = new Chunks().copy(ByteBuffer.allocate(4), 1);
    return new Run(inlet, Label.bytes(NEWS), new NodeId(new Authority("a", 1), 1), item, number, 1);
  }

  @Test // P1
  void refusesWhatIsTooLongAndWhatComesAfterItsEnd() {
    cluster(1);
    Publisher publisher = publisher(0);
    publish(publisher, 1, 1);

    PublishRefusedException tooLong = assertThrows(
        PublishRefusedException.class,
        () -> publisher.publish(new byte[PeerMessage.PAYLOAD_LIMIT + 1]));
    publisher.close();
    PublishRefusedException late =
        assertThrows(PublishRefusedException.class, () -> publisher.publish(new byte[1]));

    assertEquals(Reason.TOO_LARGE, tooLong.reason());
    assertEquals(Reason.CLOSING, late.reason());
    assertEquals(2, nodes.get(0).broker.accounts().get(0).refused());
    assertEquals(1, nodes.get(0).broker.accounts().get(0).accepted());
  }

  @Test // I3, P6
  void endsWithWhoeverAskedForIt() {
    TestNode node = network.node(1);
    assertThrows(NotStartedException.class, () -> node.broker.pubSub("test").publisher(NEWS));
    cluster(1);
    OwnedPubSub owner = nodes.get(0).broker.pubSub("bundle");
    Publisher publisher = owner.publisher(NEWS);

    owner.close();

    assertThrows(PublishRefusedException.class, () -> publisher.publish(new byte[1]));
    assertThrows(NotStartedException.class, () -> owner.publisher(NEWS));
  }

  @Test // P10
  void aMessageIsReadWhereItLiesAndNotAfterwards() {
    cluster(2);
    List<Message> kept = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    subscribe(1, message -> {
      assertTrue(message.payload().isReadOnly());
      lengths.add(message.payload().remaining());
      kept.add(message);
    });
    Publisher publisher = publisher(0);
    byte[] payload = {1, 2, 3};

    publisher.publish(payload);
    payload[0] = 9; // copied before
    publisher.publish(new byte[0]);
    network.settleSoon();

    assertEquals(List.of(3, 0), lengths);
    assertThrows(IllegalStateException.class, () -> kept.get(0).toBytes());
    assertThrows(IllegalStateException.class, () -> kept.get(1).payload());
  }

  /** A handler that writes down what it is told. */
  private static final class Journal implements MessageHandler {
    final List<String> texts = new ArrayList<>();

    @Override
    public void onMessage(Message message) {
      texts.add(new String(message.toBytes(), UTF_8));
    }
  }
}
