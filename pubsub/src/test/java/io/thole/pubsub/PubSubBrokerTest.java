package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.ClusterEvent.Subscribed;
import io.thole.api.ClusterEvent.SubscriberFailed;
import io.thole.api.ClusterEvent.SubscriberSlow;
import io.thole.api.ClusterEvent.Unsubscribed;
import io.thole.api.ClusterException;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PubSubBrokerTest {
  private static final Topic NEWS = new Topic("news");
  private static final MessageHandler IGNORES = message -> {};

  private final TestNetwork network = new TestNetwork(1);

  @Test // C2
  void refusesToStartWhereTheTopicKindIsNotRegistered() {
    TestNode node = network.node(1);
    node.kinds = List.of("counter", "echo");

    ClusterException refusal = assertThrows(ClusterException.class, node::start);

    assertEquals(
        "the kind topic, which publish/subscribe needs, is not registered; there are [counter, echo]",
        refusal.getMessage());
  }

  @Test // I3
  void refusesBeforeItsStartAndAfterItsStopAndSaysWhy() {
    TestNode node = network.node(1);
    PublishRefusedException before = refusal(publish(node, "a"));
    NotStartedException subscribeBefore =
        assertThrows(NotStartedException.class, () -> subscribe(node, IGNORES));
    node.start();
    node.stop(true);
    PublishRefusedException after = refusal(publish(node, "b"));

    assertEquals(Reason.NOT_JOINED, before.reason());
    assertEquals("publish/subscribe has not started; topic news", before.getMessage());
    assertEquals("publish/subscribe has not started; topic news", subscribeBefore.getMessage());
    assertEquals(Reason.NOT_JOINED, after.reason());
    assertEquals("publish/subscribe has stopped; topic news", after.getMessage());
    assertEquals(1, account(node).refused());
  }

  @Test // I4
  void aTopicWithoutSubscribersGivesAReportWithoutTargets() {
    TestNode node = network.cluster(1).get(0);

    CompletableFuture<PublishReport> report = publish(node, "a");
    network.settle();

    assertEquals(new PublishReport(Map.of()), now(report));
    assertEquals(new Account("topic news", 1, 1, 0, 0, none(), 0), account(node));
  }

  @Test // I1, G7
  void deliversHereAndThere() {
    List<TestNode> nodes = network.cluster(2);
    Journal here = new Journal();
    Journal there = new Journal();
    subscribe(nodes.get(0), here);
    subscribe(nodes.get(1), there);
    network.settle();

    CompletableFuture<PublishReport> report = publish(nodes.get(0), "a");
    network.settle();

    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 2)), now(report));
    assertEquals(List.of("a"), here.texts);
    assertEquals(List.of("a"), there.texts);
    assertEquals(List.of(nodes.get(0).id()), there.publishers);
    assertBalanced(nodes);
  }

  @Test // I1
  void tellsThatAHandlerIsSubscribedAndThatItEnded() {
    TestNode node = network.cluster(1).get(0);

    Subscription subscription = subscribe(node, new Journal());
    subscription.close();

    String subscriber = Journal.class.getName() + " of test";
    assertEquals(
        List.of(
            new Subscribed("news", subscriber),
            new Unsubscribed("news", subscriber, "it was closed")),
        node.told);
  }

  @Test // I5
  void anUnsubscribedHandlerIsNotCalledAgain() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    Subscription subscription = subscribe(nodes.get(1), journal);
    network.settle();
    CompletableFuture<PublishReport> underWay = publish(nodes.get(0), "a");

    subscription.close();
    network.settle();
    CompletableFuture<PublishReport> after = publish(nodes.get(0), "b");
    network.settle();

    assertEquals(new PublishReport(Map.of(Outcome.UNSUBSCRIBED, 1)), now(underWay));
    assertEquals(0, now(after).targets());
    assertEquals(List.of(), journal.texts);
    assertEquals(List.of(), nodes.get(0).broker.pubSub("test").topics());
  }

  @Test // I6
  void theSameHandlerTwiceIsOneSubscription() {
    TestNode node = network.cluster(1).get(0);
    Journal journal = new Journal();

    Subscription first = subscribe(node, journal);
    Subscription second = subscribe(node, journal);
    CompletableFuture<PublishReport> report = publish(node, "a");
    network.settle();

    assertSame(first, second);
    assertEquals(1, now(report).targets());
    assertEquals(List.of("a"), journal.texts);
  }

  @Test // I7
  void hundredMessagesToTwentySubscribersOnTwoNodesAreTwoThousandDeliveries() {
    List<TestNode> nodes = network.cluster(2);
    List<Journal> journals = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      journals.add(new Journal());
      subscribe(nodes.get(i % 2), journals.get(i));
    }
    network.settle();

    List<CompletableFuture<PublishReport>> reports =
        IntStream.range(0, 100).mapToObj(i -> publish(nodes.get(0), "m" + i)).toList();
    network.settle();

    List<String> all = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
    journals.forEach(journal -> assertEquals(all, journal.texts));
    assertEquals(
        2_000, reports.stream().mapToInt(r -> now(r).count(Outcome.DELIVERED)).sum());
    assertEquals(2_000, account(nodes.get(0)).outcomes().get("delivered"));
    assertBalanced(nodes);
  }

  @Test // I8
  void tenBatchesOfTenArriveInTheOrderInWhichTheyWerePublished() {
    List<TestNode> nodes = network.cluster(3);
    List<Journal> journals = List.of(new Journal(), new Journal(), new Journal());
    IntStream.range(0, 3).forEach(i -> subscribe(nodes.get(i), journals.get(i)));
    network.settle();

    for (int batch = 0; batch < 10; batch++) {
      for (int i = 0; i < 10; i++) {
        publish(nodes.get(0), "m" + (batch * 10 + i));
      }
      IntStream.range(0, 7).forEach(i -> network.step());
    }
    network.settle();

    List<String> all = IntStream.range(0, 100).mapToObj(i -> "m" + i).toList();
    journals.forEach(journal -> assertEquals(all, journal.texts));
  }

  @Test // I9
  void oneThatThrowsIsRejectedToldOnceAndHarmsNobody() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    subscribe(nodes.get(1), message -> {
      throw new IllegalStateException("odd");
    });
    subscribe(nodes.get(1), journal);
    network.settle();

    CompletableFuture<PublishReport> first = publish(nodes.get(0), "a");
    CompletableFuture<PublishReport> second = publish(nodes.get(0), "b");
    network.settle();

    Map<Outcome, Integer> each = Map.of(Outcome.DELIVERED, 1, Outcome.REJECTED, 1);
    assertEquals(new PublishReport(each), now(first));
    assertEquals(new PublishReport(each), now(second));
    assertEquals(List.of("a", "b"), journal.texts);
    assertEquals(
        1, nodes.get(1).told.stream().filter(SubscriberFailed.class::isInstance).count());
  }

  @Test // I9
  void oneThatStandsStillTimesOutStaysAndHarmsNobody() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    Journal stuck = new Journal();
    TestNetwork.Line worker = heldWorker(nodes.get(1), stuck);
    subscribe(nodes.get(1), journal);
    network.settle();

    CompletableFuture<PublishReport> report = publish(nodes.get(0), "a");
    network.advance(Duration.ofSeconds(6));

    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 1, Outcome.TIMEOUT, 1)), now(report));
    worker.held = false;
    network.settle();
    assertEquals(2, publish(nodes.get(0), "b").thenApply(PublishReport::targets).getNow(2));
    network.settle();
    assertEquals(List.of("a", "b"), stuck.texts);
    assertBalanced(nodes);
  }

  @Test // P8
  void aFullWindowOverflowsThatSubscriptionAlone() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    heldWorker(nodes.get(1), new Journal());
    subscribe(nodes.get(1), journal);
    network.settle();
    byte[] large = new byte[PeerMessage.PAYLOAD_LIMIT];

    for (int i = 0; i < 17; i++) {
      assertFalse(publish(nodes.get(0), large).isCompletedExceptionally());
      network.settle();
    }

    assertEquals(17, journal.texts.size());
    Account account = account(nodes.get(0));
    assertEquals(17, account.outcomes().get("delivered"));
    assertTrue(account.outcomes().getOrDefault("overflow", 0L) >= 1, account::toString);
    assertTrue(
        nodes.get(1).told.stream().anyMatch(SubscriberSlow.class::isInstance),
        nodes.get(1).told::toString);
    assertBalanced(nodes);
  }

  @Test // P8
  void noRoomOnTheLinkOverflowsTheTargetsThereAlone() {
    List<TestNode> nodes = network.cluster(2);
    subscribe(nodes.get(0), IGNORES);
    subscribe(nodes.get(1), IGNORES);
    network.settle();
    network.room(nodes.get(0), nodes.get(1), 0);

    CompletableFuture<PublishReport> report = publish(nodes.get(0), "a");
    network.settle();

    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 1, Outcome.OVERFLOW, 1)), now(report));
  }

  @Test // P3
  void outcomesThatFindNoRoomAreToldLater() {
    List<TestNode> nodes = network.cluster(2);
    subscribe(nodes.get(1), IGNORES);
    network.advance(Duration.ofSeconds(1));
    network.room(nodes.get(1), nodes.get(0), 0);
    CompletableFuture<PublishReport> report = publish(nodes.get(0), "a");
    network.settle();

    network.room(nodes.get(1), nodes.get(0), 10);
    network.advance(Duration.ofSeconds(1));

    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 1)), now(report));
  }

  @Test // P8
  void tooMuchWithoutAReportIsRefusedAsBusyAndLaterNot() {
    TestNode node = network.cluster(1).get(0);
    for (int i = 0; i < 8; i++) {
      heldWorker(node, new Journal());
    }
    byte[] large = new byte[PeerMessage.PAYLOAD_LIMIT];
    List<CompletableFuture<PublishReport>> reports =
        IntStream.range(0, 64).mapToObj(i -> publish(node, large)).toList();

    PublishRefusedException refusal = refusal(reports.get(63));
    network.advance(Duration.ofSeconds(6));
    CompletableFuture<PublishReport> later = publish(node, "a");

    assertEquals(Reason.BUSY, refusal.reason());
    assertFalse(later.isCompletedExceptionally());
    reports.subList(0, 63).forEach(CompletableFuture::join);
    assertBalanced(List.of(node));
  }

  @Test // delivery.md 5
  void aPayloadOfTheLimitIsTakenAndOneByteMoreIsNot() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    subscribe(nodes.get(1), journal);
    network.settle();

    for (int bytes : List.of(0, PeerMessage.PAYLOAD_LIMIT - 1, PeerMessage.PAYLOAD_LIMIT)) {
      CompletableFuture<PublishReport> report = publish(nodes.get(0), new byte[bytes]);
      network.settle();
      assertEquals(1, now(report).count(Outcome.DELIVERED));
    }
    PublishRefusedException refusal =
        refusal(publish(nodes.get(0), new byte[PeerMessage.PAYLOAD_LIMIT + 1]));

    assertEquals(Reason.TOO_LARGE, refusal.reason());
    assertEquals(
        "a message of 1048577 bytes on topic news; allowed: 1048576", refusal.getMessage());
  }

  @Test // I10, P7
  void aMemberThatIsLostTakesItsSubscribersAndNobodyElses() {
    List<TestNode> nodes = network.cluster(3);
    nodes.forEach(node -> subscribe(node, IGNORES));
    network.settle();
    network.cut(nodes.get(0), nodes.get(2), true);
    CompletableFuture<PublishReport> underWay = publish(nodes.get(0), "a");
    network.settle();

    nodes.get(2).crash();
    network.settle();

    assertEquals(
        new PublishReport(Map.of(Outcome.DELIVERED, 2, Outcome.NODE_LOST, 1)), now(underWay));
    assertEquals(
        List.of(new TopicStatus(
            NEWS, 2, List.of(nodes.get(0).id(), nodes.get(1).id()), List.of("wait"))),
        nodes.get(0).broker.pubSub("test").topics());
    assertBalanced(nodes.subList(0, 2));
  }

  @Test // I11
  void aMemberThatReturnsHasOnlyItsOwnSubscribersBack() {
    List<TestNode> nodes = network.cluster(2);
    subscribe(nodes.get(0), IGNORES);
    subscribe(nodes.get(1), IGNORES);
    network.settle();
    nodes.get(1).crash();
    network.settle();
    TestNode again = network.node(2, 2);
    network.view(List.of(nodes.get(0), again));
    again.start();
    network.connect(nodes.get(0), again);
    network.settle();

    CompletableFuture<PublishReport> before = publish(nodes.get(0), "a");
    Subscription subscription = subscribe(again, IGNORES);
    network.settle();
    CompletableFuture<PublishReport> after = publish(nodes.get(0), "b");
    network.settle();

    assertEquals(1, now(before).targets());
    assertEquals(List.of(), now(subscription.spread()));
    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 2)), now(after));
  }

  @Test // P4, O5
  void aConnectionThatIsCutAndMendedLosesNothing() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    subscribe(nodes.get(1), journal);
    network.settle();
    network.cut(nodes.get(0), nodes.get(1), true);
    CompletableFuture<PublishReport> report = publish(nodes.get(0), "a");
    network.advance(Duration.ofSeconds(4));

    network.cut(nodes.get(0), nodes.get(1), false);
    network.settle();

    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 1)), now(report));
    assertEquals(List.of("a"), journal.texts);
  }

  @Test // P6
  void aSubscriptionHasSpreadWhenEveryMemberKnowsIt() {
    List<TestNode> nodes = network.cluster(3);
    network.cut(nodes.get(0), nodes.get(2), true);
    Subscription subscription = subscribe(nodes.get(0), IGNORES);
    network.settle();
    boolean early = subscription.spread().toCompletableFuture().isDone();

    network.cut(nodes.get(0), nodes.get(2), false);
    network.settle();

    assertFalse(early);
    assertEquals(List.of(), now(subscription.spread()));
    assertEquals(1, nodes.get(2).broker.pubSub("test").topics().get(0).subscribers());
  }

  @Test // P6
  void aMemberThatDoesNotAcknowledgeIsNamedAfterFiveSeconds() {
    List<TestNode> nodes = network.cluster(3);
    network.cut(nodes.get(0), nodes.get(2), true);
    CompletionStage<List<NodeId>> spread = subscribe(nodes.get(0), IGNORES).spread();

    network.advance(Duration.ofMillis(4_900));
    boolean early = spread.toCompletableFuture().isDone();
    network.advance(Duration.ofMillis(200));

    assertFalse(early);
    assertEquals(List.of(nodes.get(2).id()), now(spread));
  }

  @Test // F1
  void aMemberThatCannotBeReachedIsNamedAtOnce() {
    TestNode node = network.node(1);
    TestNode unreachable = network.node(2);
    network.view(List.of(node, unreachable));
    node.start();

    CompletionStage<List<NodeId>> spread = subscribe(node, IGNORES).spread();
    network.settle();

    assertEquals(List.of(unreachable.id()), now(spread));
  }

  @Test // P6
  void aPeerForWhichThereWasNoRoomGetsTheTableLater() {
    List<TestNode> nodes = network.cluster(2);
    network.room(nodes.get(0), nodes.get(1), 0);
    Subscription subscription = subscribe(nodes.get(0), IGNORES);
    IntStream.range(0, 2_000).forEach(i -> subscribe(nodes.get(0), "t" + i, IGNORES));
    network.advance(Duration.ofSeconds(1));

    network.room(nodes.get(0), nodes.get(1), 100);
    network.advance(Duration.ofSeconds(1));

    assertEquals(List.of(), now(subscription.spread()));
    assertEquals(2_001, nodes.get(1).broker.pubSub("test").topics().size());
  }

  @Test // P6
  void acceptsNothingUntilItKnowsTheTablesOfItsFirstView() {
    TestNode a = network.cluster(1).get(0);
    subscribe(a, IGNORES);
    TestNode b = network.node(2);
    network.view(List.of(a, b));
    b.start();
    PublishRefusedException refusal = refusal(publish(b, "a"));

    network.connect(a, b);
    network.room(a, b, 0);
    network.settle();
    PublishRefusedException refusalWithoutATable = refusal(publish(b, "a"));
    network.room(a, b, 10);
    network.advance(Duration.ofSeconds(1));
    CompletableFuture<PublishReport> report = publish(b, "b");
    network.settle();

    assertEquals(Reason.NOT_JOINED, refusal.reason());
    assertEquals(Reason.NOT_JOINED, refusalWithoutATable.reason());
    assertEquals(
        "the subscriptions of [127.0.0.1:26051#1] are not known yet; topic news",
        refusal.getMessage());
    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 1)), now(report));
    assertEquals(List.of(a.id().authority()), b.dialled);
  }

  @Test // P6
  void goesOnWithoutATableThatDoesNotComeInFiveSeconds() {
    TestNode node = network.node(1);
    network.view(List.of(node, network.node(2)));
    node.start();

    network.advance(Duration.ofMillis(4_900));
    PublishRefusedException refusal = refusal(publish(node, "a"));
    network.advance(Duration.ofMillis(200));
    CompletableFuture<PublishReport> report = publish(node, "b");
    network.settle();

    assertEquals(Reason.NOT_JOINED, refusal.reason());
    assertEquals(0, now(report).targets());
  }

  @Test // F1
  void doesNotWaitForTheTableOfOneThatRefusesToBeReached() {
    TestNode node = network.node(1);
    TestNode unreachable = network.node(2);
    network.view(List.of(node, unreachable));
    node.start();

    node.observer().onRefused(unreachable.id().authority(), false, "no transport");
    CompletableFuture<PublishReport> report = publish(node, "a");
    network.settle();

    assertEquals(0, now(report).targets());
  }

  @Test // E5
  void aGracefulStopFinishesWhatIsOpenOnBothSides() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    subscribe(nodes.get(0), IGNORES);
    subscribe(nodes.get(1), journal);
    network.settle();
    List<CompletableFuture<PublishReport>> to = new ArrayList<>();
    List<CompletableFuture<PublishReport>> from = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      to.add(publish(nodes.get(0), "to" + i));
      from.add(publish(nodes.get(1), "from" + i));
    }

    nodes.get(1).stop(true);
    network.settle();

    PublishReport both = new PublishReport(Map.of(Outcome.DELIVERED, 2));
    to.forEach(report -> assertEquals(both, now(report)));
    from.forEach(report -> assertEquals(both, now(report)));
    assertEquals(200, journal.texts.size());
    assertEquals(
        List.of(new TopicStatus(NEWS, 1, List.of(nodes.get(0).id()), List.of("wait"))),
        nodes.get(0).broker.pubSub("test").topics());
    assertBalanced(nodes);
  }

  @Test // E5
  void aGracefulStopTakesWhatIsUnderWay() {
    List<TestNode> nodes = network.cluster(2);
    subscribe(nodes.get(1), IGNORES);
    network.settle();
    List<CompletableFuture<PublishReport>> reports =
        IntStream.range(0, 100).mapToObj(i -> publish(nodes.get(0), "m" + i)).toList();

    nodes.get(1).stop(true);
    network.settle();

    PublishReport delivered = new PublishReport(Map.of(Outcome.DELIVERED, 1));
    reports.forEach(report -> assertEquals(delivered, report.getNow(new PublishReport(Map.of()))));
  }

  @Test // I5
  void whatComesForASubscriptionWhileItIsClosedEndsAsUnsubscribed() {
    TestNode node = network.cluster(1).get(0);
    LocalSubscription subscription = (LocalSubscription) subscribe(node, IGNORES);
    subscription.close();
    List<Outcome> outcomes = new ArrayList<>();

    subscription.accept(new Delivery(
        (publication, place, outcome, reason) -> outcomes.add(outcome),
        1,
        0,
        Label.bytes(NEWS),
        node.id(),
        new byte[0]));

    assertEquals(List.of(Outcome.UNSUBSCRIBED), outcomes);
  }

  @Test // E5
  void aGracefulStopEndsWhatCannotBeFinished() {
    List<TestNode> nodes = network.cluster(2);
    heldWorker(nodes.get(1), new Journal());
    network.settle();
    CompletableFuture<PublishReport> to = publish(nodes.get(0), "a");
    CompletableFuture<PublishReport> from = publish(nodes.get(1), "b");
    network.settle();

    nodes.get(1).stop(true);
    network.settle();

    assertEquals(new PublishReport(Map.of(Outcome.CLOSING, 1)), now(to));
    assertEquals(new PublishReport(Map.of(Outcome.CLOSING, 1)), now(from));
    assertBalanced(nodes);
  }

  @Test // E5
  void aStopThatIsNotGracefulEndsEverythingAtOnce() {
    List<TestNode> nodes = network.cluster(2);
    subscribe(nodes.get(0), IGNORES);
    network.settle();
    CompletableFuture<PublishReport> report = publish(nodes.get(1), "a");

    nodes.get(1).broker.stop(false);

    assertEquals(new PublishReport(Map.of(Outcome.CLOSING, 1)), now(report));
    assertEquals(Reason.NOT_JOINED, refusal(publish(nodes.get(1), "b")).reason());
  }

  @Test // E6
  void aSecondStartRemembersNothing() {
    List<TestNode> nodes = network.cluster(2);
    subscribe(nodes.get(1), IGNORES);
    publish(nodes.get(1), "a");
    nodes.get(1).stop(true);
    network.settle();

    nodes.get(1).start();
    network.connect(nodes.get(0), nodes.get(1));
    network.settle();
    CompletableFuture<PublishReport> report = publish(nodes.get(1), "b");
    network.settle();

    assertEquals(0, now(report).targets());
    assertEquals(1, account(nodes.get(1)).attempts());
  }

  @Test // P6
  void anOwnerThatGoesTakesAlongWhatItForgot() {
    List<TestNode> nodes = network.cluster(2);
    OwnedPubSub owner = nodes.get(1).broker.pubSub("bundle");
    owner.subscribe(NEWS, new Journal());
    owner.subscribe(new Topic("weather"), new Journal());
    subscribe(nodes.get(1), IGNORES);
    network.settle();

    owner.close();
    network.settle();

    assertEquals(
        List.of(new TopicStatus(NEWS, 1, List.of(nodes.get(1).id()), List.of("wait"))),
        nodes.get(0).broker.pubSub("test").topics());
    assertThrows(NotStartedException.class, () -> owner.subscribe(NEWS, IGNORES));
  }

  @Test // P10
  void aMessageIsValidUntilItsHandlerReturns() {
    TestNode node = network.cluster(1).get(0);
    List<Message> kept = new ArrayList<>();
    subscribe(node, kept::add);

    byte[] payload = {1};
    publish(node, payload);
    payload[0] = 2;
    List<Byte> read = new ArrayList<>();
    subscribe(node, message -> read.add(message.toBytes()[0]));
    publish(node, new byte[] {3});
    network.settle();

    assertThrows(IllegalStateException.class, () -> kept.get(0).toBytes());
    assertEquals(List.of((byte) 3), read);
  }

  @Test // P1
  void bytesThatMakeNoSenseHarmNobody() {
    List<TestNode> nodes = network.cluster(2);
    Journal journal = new Journal();
    subscribe(nodes.get(1), journal);
    network.settle();

    network.forge(nodes.get(0), nodes.get(1), new byte[] {});
    network.forge(nodes.get(0), nodes.get(1), new byte[] {99, 1});
    network.forge(nodes.get(0), nodes.get(1), new byte[] {2, 99});
    network.forge(
        nodes.get(0),
        nodes.get(1),
        bytes(new PeerMessage.Reported(List.of(new PeerMessage.Ended(7, -1, Outcome.DELIVERED)))));
    network.forge(
        nodes.get(0),
        nodes.get(1),
        bytes(new PeerMessage.Published(7, new long[] {1}, new int[] {0}, new byte[0])));
    network.forge(nodes.get(0), nodes.get(1), bytes(new PeerMessage.Acknowledged(Long.MAX_VALUE)));
    CompletableFuture<PublishReport> report = publish(nodes.get(0), "a");
    network.settle();

    assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 1)), now(report));
    assertEquals(List.of("a"), journal.texts);
  }

  @Test // delivery.md 7
  void aPeerSpeaksForItsOwnTargetsAlone() {
    List<TestNode> nodes = network.cluster(3);
    heldWorker(nodes.get(1), new Journal());
    network.settle();
    publish(nodes.get(0), "a");
    network.settle();

    long number = network.sent.stream()
        .filter(PeerMessage.Published.class::isInstance)
        .mapToLong(message -> ((PeerMessage.Published) message).publication())
        .findFirst()
        .orElseThrow();
    network.forge(
        nodes.get(2),
        nodes.get(0),
        bytes(new PeerMessage.Reported(List.of(
            new PeerMessage.Ended(number, 0, Outcome.DELIVERED),
            new PeerMessage.Ended(number, 1, Outcome.DELIVERED)))));
    network.settle();

    assertEquals(1, account(nodes.get(0)).open());
  }

  @Test // delivery.md 5
  void furtherSubscriptionsOfAPeerArePassedOver() {
    List<TestNode> nodes = network.cluster(2);
    for (int i = 0; i <= PeerSession.SUBSCRIPTIONS; i++) {
      network.forge(
          nodes.get(0),
          nodes.get(1),
          bytes(new PeerMessage.Subscribed(i, new PeerMessage.Entry(i, NEWS))));
    }
    network.settle();

    assertEquals(
        List.of(new TopicStatus(
            NEWS, PeerSession.SUBSCRIPTIONS, List.of(nodes.get(0).id()), List.of("wait"))),
        nodes.get(1).broker.pubSub("test").topics());
  }

  @Test // E6
  void nothingTicksWhileNothingIsOpen() {
    List<TestNode> nodes = network.cluster(2);
    subscribe(nodes.get(1), IGNORES);
    publish(nodes.get(0), "a");
    network.advance(Duration.ofSeconds(10));

    assertEquals(0, network.timers());
  }

  /** Subscribes a handler whose worker stands still. */
  private TestNetwork.Line heldWorker(TestNode node, MessageHandler handler) {
    subscribe(node, handler);
    TestNetwork.Line worker = node.lastWorker();
    worker.held = true;
    return worker;
  }

  private static Subscription subscribe(TestNode node, MessageHandler handler) {
    return subscribe(node, "news", handler);
  }

  private static Subscription subscribe(TestNode node, String topic, MessageHandler handler) {
    return node.broker.pubSub("test").subscribe(new Topic(topic), handler);
  }

  private static CompletableFuture<PublishReport> publish(TestNode node, String text) {
    return publish(node, text.getBytes(UTF_8));
  }

  private static CompletableFuture<PublishReport> publish(TestNode node, byte[] payload) {
    return node.broker.pubSub("test").publish(NEWS, payload).toCompletableFuture();
  }

  /** Returns what is there, and does not wait for what never comes. */
  private static <T> T now(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    assertTrue(future.isDone(), "there is no report");
    return future.join();
  }

  private static PublishRefusedException refusal(CompletableFuture<PublishReport> report) {
    CompletionException failure = assertThrows(CompletionException.class, () -> now(report));
    return assertInstanceOf(PublishRefusedException.class, failure.getCause());
  }

  private static Account account(TestNode node) {
    return node.broker.accounts().get(0);
  }

  private static Map<String, Long> none() {
    return Map.of(
        "delivered", 0L,
        "rejected", 0L,
        "overflow", 0L,
        "unsubscribed", 0L,
        "timeout", 0L,
        "nodeLost", 0L,
        "closing", 0L);
  }

  private static byte[] bytes(PeerMessage message) {
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocate(message.encodedBytes());
    message.encode(buffer);
    return buffer.array();
  }

  private static void assertBalanced(List<TestNode> nodes) {
    nodes.stream()
        .flatMap(node -> node.broker.accounts().stream())
        .forEach(account -> assertTrue(account.balanced(), account::toString));
  }

  /** A handler that writes down what it is told. */
  private static final class Journal implements MessageHandler {
    final List<String> texts = new ArrayList<>();
    final List<NodeId> publishers = new ArrayList<>();

    @Override
    public void onMessage(Message message) {
      texts.add(new String(message.toBytes(), UTF_8));
      publishers.add(message.publisher());
    }
  }
}
