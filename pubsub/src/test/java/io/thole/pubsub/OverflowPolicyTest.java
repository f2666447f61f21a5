package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent.SubscriberSlow;
import io.thole.api.ClusterException;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.OverflowPolicy;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
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
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of messages that a subscriber does not keep up with: its own choice, which harms it alone (delivery.md 1, P8). No test
 * waits: a publisher that did would be found by its timeout.
 */
@Timeout(60)
class OverflowPolicyTest {
  private static final Topic NEWS = new Topic("news");

  /** Several times the credit of a stream, so that whoever needs any would wait. */
  private static final int MANY = 4 * Credit.FIRST.messages();

  private final TestNetwork network = new TestNetwork(1);
  private List<TestNode> nodes = List.of();

  @AfterEach
  void addsUp() {
    network.settleSoon();
    nodes.stream()
        .flatMap(node -> node.broker.accounts().stream())
        .forEach(
            account -> assertTrue(account.balanced() && account.open() == 0, account::toString));
  }

  private TestNetwork.Line subscribe(int node, Backlog backlog, MessageHandler handler) {
    return subscribe(node, NEWS, backlog, handler);
  }

  private TestNetwork.Line subscribe(
      int node, TopicFilter topics, Backlog backlog, MessageHandler handler) {
    Subscription subscription =
        nodes.get(node).broker.pubSub("test").subscribe(topics, backlog, handler);
    assertEquals(topics, subscription.topic());
    network.settleSoon();
    return nodes.get(node).lastWorker();
  }

  private Publisher publisher() {
    return nodes.get(0).broker.pubSub("test").publisher(NEWS);
  }

  private List<CompletableFuture<PublishReport>> publish(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(i -> nodes.get(0).broker.pubSub("test").publish(NEWS, payload(i)))
        .map(stage -> stage.toCompletableFuture())
        .toList();
  }

  private static void stream(Publisher publisher, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(i -> assertEquals(i, publisher.publish(payload(i))));
  }

  private static byte[] payload(int number) {
    return Integer.toString(number).getBytes(UTF_8);
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
  }

  private static PublishReport all(Outcome outcome) {
    return new PublishReport(Map.of(outcome, 1));
  }

  private PublisherReport.Missed overflow(int from, int to, int node) {
    return new PublisherReport.Missed(from, to, nodes.get(node).id(), Outcome.OVERFLOW);
  }

  // Single messages, here (0) and there (1).

  @ParameterizedTest // P8
  @ValueSource(ints = {0, 1})
  void ofSingleMessagesTheNewestIsDroppedAtOnce(int node) {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(node, Backlog.dropNewest(3), journal);
    worker.held = true;

    List<CompletableFuture<PublishReport>> reports = publish(1, 5);
    network.settle();

    assertEquals(List.of(false, false, false, true, true), done(reports));
    worker.held = false;
    network.settle();
    assertEquals(numbers(1, 3), journal.texts);
    assertEquals(List.of(3, 4), withOutcome(reports, Outcome.OVERFLOW));
  }

  @ParameterizedTest // P8
  @ValueSource(ints = {0, 1})
  void ofSingleMessagesTheOldestIsDroppedAtOnce(int node) {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(node, Backlog.dropOldest(3), journal);
    worker.held = true;

    List<CompletableFuture<PublishReport>> reports = publish(1, 5);
    network.settle();

    assertEquals(List.of(true, true, false, false, false), done(reports));
    worker.held = false;
    network.settle();
    assertEquals(numbers(3, 5), journal.texts);
    assertEquals(List.of(0, 1), withOutcome(reports, Outcome.OVERFLOW));
  }

  @ParameterizedTest // P8: as ever
  @ValueSource(ints = {0, 1})
  void ofSingleMessagesThatCanWaitNoneIsDropped(int node) {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(node, Backlog.WAIT, journal);
    worker.held = true;

    List<CompletableFuture<PublishReport>> reports = publish(1, 5);
    network.settle();
    worker.held = false;
    network.settle();

    assertEquals(numbers(1, 5), journal.texts);
    reports.forEach(report -> assertEquals(all(Outcome.DELIVERED), report.join()));
  }

  @ParameterizedTest // P8, delivery.md 5: the publishing node's credit is not in the way of the
  // newest
  @ValueSource(ints = {0, 1})
  void beyondTheCreditOfANodeThePolicyIsTheSame(int node) {
    for (OverflowPolicy policy : OverflowPolicy.values()) {
      TestNetwork drawn = new TestNetwork(2);
      nodes = drawn.cluster(2);
      int[] count = new int[1];
      Subscription subscription = nodes
          .get(node)
          .broker
          .pubSub("test")
          .subscribe(NEWS, new Backlog(policy, Backlog.LIMIT), message -> count[0]++);
      drawn.settle();
      nodes.get(node).lastWorker().held = true;

      List<CompletableFuture<PublishReport>> reports = new ArrayList<>();
      for (int from = 1; from <= Target.MESSAGES; from += 512) {
        reports.addAll(publish(from, from + 511));
        drawn.settle();
      }
      reports.addAll(publish(Target.MESSAGES + 1, Target.MESSAGES + 2));
      drawn.settle();

      boolean oldest = policy == OverflowPolicy.DROP_OLDEST;
      assertEquals(
          oldest ? List.of(0, 1) : List.of(Target.MESSAGES, Target.MESSAGES + 1),
          withOutcome(reports, Outcome.OVERFLOW),
          policy::toString);
      nodes.get(node).lastWorker().held = false;
      drawn.settle();
      assertEquals(Target.MESSAGES, count[0]);
      subscription.close();
    }
  }

  private static List<Boolean> done(List<CompletableFuture<PublishReport>> reports) {
    return reports.stream().map(CompletableFuture::isDone).toList();
  }

  private static List<Integer> withOutcome(
      List<CompletableFuture<PublishReport>> reports, Outcome outcome) {
    return IntStream.range(0, reports.size())
        .filter(i -> reports.get(i).isDone() && reports.get(i).join().equals(all(outcome)))
        .boxed()
        .toList();
  }

  // Streams.

  @ParameterizedTest // P8
  @ValueSource(ints = {0, 1})
  void aStreamIsNeverHeldUpByWhoeverDropsTheOldestAndThatOneSeesTheNewest(int node) {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(node, Backlog.dropOldest(10), journal);
    worker.held = true;
    Publisher publisher = publisher();

    stream(publisher, 1, MANY);
    network.settleSoon();

    assertEquals(Map.of(Outcome.OVERFLOW, MANY - 10L), publisher.report().outcomes());
    assertEquals(MANY - 10, publisher.report().settled());
    worker.held = false;
    network.settleSoon();
    assertEquals(numbers(MANY - 9, MANY), journal.texts);
    assertEquals(
        new PublisherReport(
            MANY,
            MANY,
            MANY,
            Map.of(Outcome.OVERFLOW, MANY - 10L, Outcome.DELIVERED, 10L),
            List.of(overflow(1, MANY - 10, node))),
        publisher.report());
  }

  @ParameterizedTest // P8
  @ValueSource(ints = {0, 1})
  void aStreamIsNeverHeldUpByWhoeverDropsTheNewestAndThatOneSeesTheOldest(int node) {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(node, Backlog.dropNewest(10), journal);
    worker.held = true;
    Publisher publisher = publisher();

    for (int i = 1; i <= MANY; i++) {
      assertEquals(OptionalLong.of(i), publisher.tryPublish(payload(i)));
    }
    network.settleSoon();
    worker.held = false;
    network.settleSoon();

    assertEquals(numbers(1, 10), journal.texts);
    assertEquals(
        new PublisherReport(
            MANY,
            MANY,
            MANY,
            Map.of(Outcome.OVERFLOW, MANY - 10L, Outcome.DELIVERED, 10L),
            List.of(overflow(11, MANY, node))),
        publisher.report());
  }

  @Test // P8: the slow one does not hold up the others, on its own node or another
  void oneThatDropsHarmsNobodyBesideIt() {
    nodes = network.cluster(3);
    Journal waitedFor = new Journal();
    Journal beside = new Journal();
    Journal oldest = new Journal();
    Journal newest = new Journal();
    subscribe(1, Backlog.WAIT, beside);
    subscribe(2, Backlog.WAIT, waitedFor);
    TestNetwork.Line one = subscribe(1, Backlog.dropOldest(7), oldest);
    TestNetwork.Line other = subscribe(2, Backlog.dropNewest(7), newest);
    one.held = true;
    other.held = true;
    Publisher publisher = publisher();

    for (int from = 1; from < MANY; from += 100) {
      stream(publisher, from, from + 99); // within the credit of those that are waited for
      network.settleSoon();
    }
    int last = (int) publisher.report().published();

    assertEquals(numbers(1, last), beside.texts);
    assertEquals(numbers(1, last), waitedFor.texts);
    one.held = false;
    other.held = false;
    network.settleSoon();
    assertEquals(numbers(last - 6, last), oldest.texts);
    assertEquals(numbers(1, 7), newest.texts);
    assertEquals(
        Map.of(Outcome.DELIVERED, 2L * last + 14, Outcome.OVERFLOW, 2L * (last - 7)),
        publisher.report().outcomes());
  }

  @Test // P8
  void aPatternHasAPolicyToo() {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(1, new TopicPattern("*"), Backlog.dropOldest(2), journal);
    worker.held = true;
    Publisher publisher = publisher();

    stream(publisher, 1, MANY);
    publish(MANY + 1, MANY + 1);
    network.settleSoon();
    worker.held = false;
    network.settleSoon();

    assertEquals(numbers(MANY, MANY + 1), journal.texts);
  }

  @Test // P8, 1.P7: a full link of a node that stands still
  void whoeverStreamsWaitsForNoLinkThatLeadsToThoseAloneThatDrop() {
    nodes = network.cluster(3);
    Journal here = new Journal();
    Journal there = new Journal();
    subscribe(0, Backlog.WAIT, here);
    subscribe(1, Backlog.dropOldest(MANY), there);
    Publisher publisher = publisher();
    stream(publisher, 1, 2);
    network.settleSoon();
    network.room(nodes.get(0), nodes.get(1), 0);

    stream(publisher, 3, 100);
    network.settleSoon();

    assertEquals(numbers(1, 100), here.texts);
    assertEquals(
        Map.of(Outcome.DELIVERED, 102L, Outcome.OVERFLOW, 98L),
        publisher.report().outcomes());
    assertEquals(List.of(overflow(3, 100, 1)), publisher.report().exceptions());
    network.room(nodes.get(0), nodes.get(1), Integer.MAX_VALUE);
    stream(publisher, 101, 110);
    network.settleSoon();
    assertEquals(10, there.texts.size() - 2);
    assertEquals(numbers(101, 110), there.texts.subList(2, 12));
  }

  @Test // delivery.md 5: a stream whose end found no room is not forgotten, or a peer would keep
  // ever more
  void aLinkThatIsFullAgainAndAgainLeavesNoStreamsBehind() {
    nodes = network.cluster(2);
    subscribe(1, Backlog.dropNewest(10), message -> {});
    Publisher publisher = publisher();
    int number = 0;

    for (int i = 0; i < 50; i++) {
      network.room(nodes.get(0), nodes.get(1), Integer.MAX_VALUE);
      stream(publisher, ++number, number);
      network.settleSoon();
      network.room(nodes.get(0), nodes.get(1), 0);
      stream(publisher, ++number, number);
      network.settleSoon();
    }
    network.room(nodes.get(0), nodes.get(1), Integer.MAX_VALUE);
    publisher.close();
    network.advance(Duration.ofSeconds(1));

    int streams = 0;
    for (PeerMessage message : network.sent) {
      streams += message instanceof PeerMessage.Streaming ? 1 : 0;
      streams -= message instanceof PeerMessage.StreamEnded ? 1 : 0;
      assertTrue(streams <= 1, () -> "another stream began before the end of one: " + message);
    }
    assertEquals(50, sent(PeerMessage.Streaming.class));
    assertEquals(50, sent(PeerMessage.StreamEnded.class));
    assertEquals(Outcome.OVERFLOW, publisher.report().exceptions().get(0).outcome());
    assertEquals(50, publisher.report().count(Outcome.DELIVERED));
    assertEquals(0, network.timers(), "something is still looked for");
  }

  private long sent(Class<? extends PeerMessage> type) {
    return network.sent.stream().filter(type::isInstance).count();
  }

  @Test // P8: what has filled a link is passed over until it was handled, or each gap would cost a
  // stream
  void aFullLinkIsNotTriedAgainBeforeWhatIsInItWasHandled() {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(1, Backlog.dropOldest(10), journal);
    worker.held = true;
    network.room(nodes.get(0), nodes.get(1), 3); // where it goes, and two messages
    Publisher publisher = publisher();
    stream(publisher, 1, 3);
    network.settle();

    stream(publisher, 4, 4); // there is room again
    worker.held = false;
    network.settleSoon();
    network.room(nodes.get(0), nodes.get(1), Integer.MAX_VALUE);
    stream(publisher, 5, 6);
    network.settleSoon();

    assertEquals(List.of("1", "2", "5", "6"), journal.texts);
    assertEquals(List.of(overflow(3, 4, 1)), publisher.report().exceptions());
  }

  // What others know.

  @Test // P6, P7
  void aPolicyIsToldAgainWithTheTable() {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(1, Backlog.dropOldest(10), journal);
    worker.held = true;

    network.end(nodes.get(0), nodes.get(1));
    network.settle();
    network.connect(nodes.get(0), nodes.get(1));
    network.settleSoon();
    Publisher publisher = publisher();
    stream(publisher, 1, MANY);
    network.settleSoon();

    assertEquals(MANY - 10L, publisher.report().count(Outcome.OVERFLOW));
    worker.held = false;
    network.settleSoon();
    assertEquals(numbers(MANY - 9, MANY), journal.texts);
  }

  @Test // O3: the next broker of the node, where the application subscribes again
  void aPolicyOutlivesTheBrokerWithWhoeverSubscribesAgain() {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    subscribe(1, Backlog.dropOldest(10), journal);
    Publisher publisher = publisher();
    stream(publisher, 1, 5);
    network.settleSoon();

    nodes.get(1).stop(true);
    network.settle();
    nodes.get(1).broker = new PubSubBroker();
    nodes.get(1).start();
    network.connect(nodes.get(0), nodes.get(1));
    network.settle();
    TestNetwork.Line worker = subscribe(1, Backlog.dropOldest(10), journal);
    worker.held = true;
    stream(publisher, 6, MANY);
    network.settleSoon();
    worker.held = false;
    network.settleSoon();

    assertEquals(numbers(MANY - 9, MANY), journal.texts.subList(5, journal.texts.size()));
    assertEquals(15, publisher.report().count(Outcome.DELIVERED));
    assertEquals(MANY - 15L, publisher.report().count(Outcome.OVERFLOW));
  }

  @Test // delivery.md 7: refused, since no broker says so
  void aPolicyThatIsUnknownIsNoMessage() {
    nodes = network.cluster(2);
    for (long policy = 0; policy < 4; policy++) {
      long id = policy << 62 | 77;
      network.forge(
          nodes.get(1),
          nodes.get(0),
          bytes(new PeerMessage.Subscribed(policy, new PeerMessage.Entry(id, NEWS))));
    }
    network.settle();

    assertEquals(3, nodes.get(0).broker.pubSub("test").topics().get(0).subscribers());
  }

  private static byte[] bytes(PeerMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    return bytes.array();
  }

  // Whoever subscribes.

  @Test // one handler on a topic is one subscription
  void theSameHandlerWithAnotherBacklogIsRefused() {
    nodes = network.cluster(1);
    OwnedPubSub pubSub = nodes.get(0).broker.pubSub("test");
    Journal journal = new Journal();
    Subscription subscription = pubSub.subscribe(NEWS, Backlog.dropOldest(3), journal);

    ClusterException other = assertThrows(
        ClusterException.class, () -> pubSub.subscribe(NEWS, Backlog.dropOldest(4), journal));
    assertThrows(ClusterException.class, () -> pubSub.subscribe(NEWS, journal));

    assertEquals(
        Journal.class.getName() + " of test is subscribed to topic news with "
            + Backlog.dropOldest(3) + "; close that subscription before it takes "
            + Backlog.dropOldest(4),
        other.getMessage());
    assertSame(subscription, pubSub.subscribe(NEWS, Backlog.dropOldest(3), journal));
    subscription.close();
    assertNotSame(subscription, pubSub.subscribe(NEWS, Backlog.dropOldest(4), journal));
  }

  @Test // P8: typed as well
  void valuesHaveABacklogToo() {
    nodes = network.cluster(1);
    List<String> texts = new ArrayList<>();
    nodes
        .get(0)
        .broker
        .pubSub("test")
        .typed(String.class)
        .subscribe(NEWS, Backlog.dropOldest(1), (text, message) -> texts.add(text));
    nodes.get(0).lastWorker().held = true;
    Publisher publisher = publisher();
    try (var typed = nodes.get(0).broker.pubSub("test").typed(String.class).publisher(NEWS)) {
      IntStream.rangeClosed(1, MANY).forEach(i -> typed.publish(Integer.toString(i)));
    }
    nodes.get(0).lastWorker().held = false;
    network.settleSoon();

    assertEquals(numbers(MANY, MANY), texts);
    assertEquals(0, publisher.report().published());
  }

  @ParameterizedTest // P3: what was dropped is known to be, also where the handler takes longer
  // than an outcome may
  @ValueSource(ints = {0, 1})
  void whatIsDroppedBehindASlowHandlerIsNoTimeout(int node) {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(node, Backlog.dropNewest(2), journal);
    worker.held = true;
    Publisher publisher = publisher();

    stream(publisher, 1, 10);
    network.settleSoon();
    assertEquals(Map.of(Outcome.OVERFLOW, 8L), publisher.report().outcomes());
    network.advance(Duration.ofSeconds(6));

    PublisherReport report = publisher.report();
    assertEquals(Map.of(Outcome.OVERFLOW, 8L, Outcome.TIMEOUT, 2L), report.outcomes());
    assertEquals(10, report.settled());
    worker.held = false;
    network.settleSoon();
    assertEquals(numbers(1, 2), journal.texts);
    assertEquals(report, publisher.report());
  }

  @ParameterizedTest // P3
  @ValueSource(ints = {0, 1})
  void whatIsDroppedWhileAHandlerIsAtAMessageForTooLongIsNoTimeout(int node) {
    nodes = network.cluster(2);
    List<String> texts = new ArrayList<>();
    Publisher publisher = publisher();
    subscribe(node, Backlog.dropOldest(2), message -> {
      texts.add(new String(message.toBytes(), UTF_8));
      if (texts.size() == 1) {
        stream(publisher, 2, 10);
        network.advance(Duration.ofSeconds(6));
      }
    });

    stream(publisher, 1, 1);
    network.settleSoon();

    assertEquals(List.of("1", "9", "10"), texts);
    assertEquals(
        Map.of(Outcome.OVERFLOW, 7L, Outcome.TIMEOUT, 3L), publisher.report().outcomes());
    assertEquals(overflow(2, 8, node), publisher.report().exceptions().get(0));
  }

  @Test // P3
  void whatIsDroppedAndCouldNotBeToldIsToldOnceThereIsRoom() {
    nodes = network.cluster(2);
    TestNetwork.Line worker = subscribe(1, Backlog.dropNewest(2), new Journal());
    worker.held = true;
    Publisher publisher = publisher();
    network.room(nodes.get(1), nodes.get(0), 0);
    stream(publisher, 1, 10);
    network.settleSoon();
    stream(publisher, 11, 20);
    network.advance(Duration.ofSeconds(1));
    assertEquals(Map.of(), publisher.report().outcomes());

    network.room(nodes.get(1), nodes.get(0), Integer.MAX_VALUE);
    network.advance(Duration.ofSeconds(1));

    assertEquals(Map.of(Outcome.OVERFLOW, 18L), publisher.report().outcomes());
    assertEquals(List.of(overflow(3, 20, 1)), publisher.report().exceptions());
    worker.held = false;
    network.settleSoon();
    assertEquals(
        Map.of(Outcome.OVERFLOW, 18L, Outcome.DELIVERED, 2L), publisher.report().outcomes());
  }

  @Test // delivery.md 7: a node that says of every other item that it dropped it, and then says
  // nothing more
  void whatIsKnownOutOfTurnHasALimitAndTheBooksAddUp() {
    nodes = network.cluster(2);
    TestNetwork.Line worker = subscribe(1, Backlog.dropNewest(Backlog.LIMIT), new Journal());
    worker.held = true;
    Publisher publisher = publisher();
    int count = 4 * TopicPublisher.EARLY;
    stream(publisher, 1, count);
    network.settleSoon();
    PeerMessage.Streaming streaming = network.sent.stream()
        .filter(PeerMessage.Streaming.class::isInstance)
        .map(PeerMessage.Streaming.class::cast)
        .findFirst()
        .orElseThrow();
    for (int from : new int[] {2, 2, count / 2, count - 2
    }) { // also what is said already, and what was never published
      List<PeerMessage.Gap> gaps = IntStream.range(0, TopicPublisher.EARLY)
          .mapToObj(i -> new PeerMessage.Gap(from + 2L * i, from + 2L * i, Outcome.OVERFLOW))
          .toList();
      PeerMessage dropped =
          new PeerMessage.Dropped(streaming.stream(), streaming.targets().get(0), gaps);
      ByteBuffer bytes = ByteBuffer.allocate(dropped.encodedBytes());
      dropped.encode(bytes);
      network.forge(nodes.get(1), nodes.get(0), bytes.array());
    }
    network.settle();
    assertEquals(
        Map.of(Outcome.OVERFLOW, (long) TopicPublisher.EARLY),
        publisher.report().outcomes());

    network.advance(Duration.ofSeconds(6));

    assertEquals(
        Map.of(
            Outcome.OVERFLOW,
            (long) TopicPublisher.EARLY,
            Outcome.TIMEOUT,
            (long) count - TopicPublisher.EARLY),
        publisher.report().outcomes());
    worker.held = false;
  }

  @Test // P8: how much may wait is known where it does
  void theTopicsSayWhatBecomesOfWhatSubscribersDoNotKeepUpWith() {
    nodes = network.cluster(2);
    subscribe(0, Backlog.dropOldest(3), new Journal());
    subscribe(0, Backlog.WAIT, new Journal());
    subscribe(1, Backlog.dropNewest(2), new Journal());

    assertEquals(List.of(topic("dropNewest", "dropOldest(3)", "wait")), topics(0));
    assertEquals(List.of(topic("dropNewest(2)", "dropOldest", "wait")), topics(1));
  }

  private TopicStatus topic(String... backlogs) {
    return new TopicStatus(NEWS, 3, nodes.stream().map(TestNode::id).toList(), List.of(backlogs));
  }

  private List<TopicStatus> topics(int node) {
    return nodes.get(node).broker.pubSub("test").topics();
  }

  // P9.

  @ParameterizedTest // P9: once in 10 s, with its name, its bundle and its backlog
  @ValueSource(strings = {"DROP_NEWEST", "DROP_OLDEST"})
  void oneThatDropsIsCalledSlow(String policy) {
    nodes = network.cluster(2);
    nodes
        .get(1)
        .broker
        .pubSub("bundle com.example.ticker")
        .subscribe(NEWS, new Backlog(OverflowPolicy.valueOf(policy), 3), new Journal());
    network.settleSoon();
    TestNetwork.Line worker = nodes.get(1).lastWorker();
    worker.held = true;
    SubscriberSlow slow =
        new SubscriberSlow("news", Journal.class.getName() + " of bundle com.example.ticker", 3);

    publish(1, 3);
    network.settle();
    assertEquals(List.of(), slow(1));
    publish(4, 10);
    network.advance(Duration.ofMillis(9_999));
    publish(11, 11);
    network.settle();
    assertEquals(List.of(slow), slow(1));
    network.advance(Duration.ofMillis(1));
    publish(12, 20);
    network.settle();

    assertEquals(List.of(slow, slow), slow(1));
    worker.held = false;
  }

  @Test // P9: also where its publisher waits, so that nothing is dropped
  void oneThatPublishersWaitForIsCalledSlowOnceItHasThemWaitForASecond() {
    nodes = network.cluster(2);
    nodes.get(1).broker.pubSub("bundle com.example.ledger").subscribe(NEWS, message -> {});
    network.settleSoon();
    TestNetwork.Line worker = nodes.get(1).lastWorker();
    worker.held = true;
    Publisher publisher = publisher();
    stream(publisher, 1, Credit.FIRST.messages());

    network.advance(Duration.ofMillis(990));
    assertEquals(List.of(), slow(1));
    network.advance(Duration.ofMillis(220));
    assertEquals(1, slow(1).size());
    network.advance(Duration.ofMillis(9_700));
    assertEquals(1, slow(1).size());
    network.advance(Duration.ofMillis(400));

    assertEquals(2, slow(1).size());
    SubscriberSlow slow = slow(1).get(1);
    assertEquals(Credit.FIRST.messages(), slow.backlog());
    assertTrue(slow.subscriber().endsWith(" of bundle com.example.ledger"), slow::subscriber);
    worker.held = false;
    network.advance(Duration.ofSeconds(1));
    assertEquals(0, network.timers(), "something is still looked for");
  }

  @Test // P9: whoever is busy, and keeps up, is not slow
  void oneThatHandlesAllWithinASecondIsNotCalledSlow() {
    nodes = network.cluster(2);
    Journal journal = new Journal();
    TestNetwork.Line worker = subscribe(1, Backlog.WAIT, journal);

    for (int second = 0; second < 30; second++) {
      worker.held = true;
      publish(3 * second + 1, 3 * second + 3);
      network.advance(Duration.ofMillis(900));
      worker.held = false;
      network.settle();
      network.advance(Duration.ofMillis(10));
    }

    assertEquals(numbers(1, 90), journal.texts);
    assertEquals(List.of(), slow(1));
  }

  private List<SubscriberSlow> slow(int node) {
    return nodes.get(node).told.stream()
        .filter(SubscriberSlow.class::isInstance)
        .map(SubscriberSlow.class::cast)
        .toList();
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
