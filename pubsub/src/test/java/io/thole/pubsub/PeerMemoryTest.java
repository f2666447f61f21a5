package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Topic;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node keeps for those who publish to it, however many of them take no answer: delivery.md 7. Node 0 is the one attacked. */
@Timeout(60)
class PeerMemoryTest {
  private static final Topic NEWS = new Topic("news");

  /** Of which a floor is so much that a stream fits, and where it ends does not. */
  private static final long LIMIT = 1L << 20;

  private final TestNetwork network = new TestNetwork(1);
  private final List<TestNode> nodes = new ArrayList<>();
  private PeerBudget budget = new PeerBudget(LIMIT);

  private void cluster(int count) {
    IntStream.range(0, count).forEach(i -> nodes.add(network.node(i + 1)));
    nodes.get(0).broker = new PubSubBroker(PubSubSettings.DEFAULTS, budget);
    network.view(nodes);
    nodes.forEach(TestNode::start);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        network.connect(nodes.get(j), nodes.get(i));
      }
    }
    network.settle();
  }

  @AfterEach
  void addsUp() {
    network.advance(Duration.ofSeconds(7));
    nodes.stream()
        .flatMap(node -> node.broker.accounts().stream())
        .forEach(
            account -> assertTrue(account.balanced() && account.open() == 0, account::toString));
    assertEquals(0, budget.heldBytes(), "something was not given back");
  }

  private TestNetwork.Line subscribe() {
    nodes.get(0).broker.pubSub("test").subscribe(NEWS, Backlog.WAIT, message -> {});
    network.settleSoon();
    return nodes.get(0).lastWorker();
  }

  private Publisher publisher(int node) {
    return nodes.get(node).broker.pubSub("test").publisher(NEWS);
  }

  private CompletableFuture<PublishReport> publish(int node) {
    return nodes.get(node).broker.pubSub("test").publish(NEWS, new byte[1]).toCompletableFuture();
  }

  private static <T> List<T> times(int count, Supplier<T> what) {
    return IntStream.range(0, count).mapToObj(i -> what.get()).toList();
  }

  private void forge(int node, PeerMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    network.forge(nodes.get(node), nodes.get(0), bytes.array());
  }

  /** Opens a stream to many places, has something to be said of each, and ends it. */
  private void openAndEnd(int node, int stream) {
    List<Long> places = LongStream.range(0, 200).boxed().toList();
    forge(node, new PeerMessage.Streaming(stream, 1, Label.bytes(NEWS), places));
    ByteBuffer item = ByteBuffer.allocate(PeerMessage.Streamed.ITEM_BYTES);
    forge(node, new PeerMessage.Streamed(stream, item, 1));
    forge(node, new PeerMessage.StreamEnded(stream));
    network.settle();
  }

  private void attack(int from, int to, IntConsumer attack) {
    for (int node = from; node <= to; node++) {
      network.room(nodes.get(0), nodes.get(node), 0);
      attack.accept(node);
    }
    assertTrue(budget.heldBytes() <= LIMIT, budget.heldBytes() + " of " + LIMIT);
    assertTrue(budget.heldBytes() > LIMIT / 3, "an attack that takes " + budget.heldBytes());
  }

  private void leave(int from, int to) {
    for (int node = from; node <= to; node++) {
      network.end(nodes.get(0), nodes.get(node));
    }
    network.settle();
  }

  @Test // delivery.md 7, P1
  void manyWhoTakeNoOutcomesHoldNoMoreThanThereIsAndAHealthyOneIsServed() {
    cluster(12);
    subscribe();

    attack(
        1,
        10,
        node -> times(100, () -> {
          List<CompletableFuture<PublishReport>> reports = times(100, () -> publish(node));
          network.settle();
          return reports;
        }));
    int count = (int) budget.floorBytes() / Outcomes.BYTES;
    for (int i = 0; i < 1_000; i++) {
      List<CompletableFuture<PublishReport>> healthy = times(count, () -> publish(11));
      network.settleSoon();

      healthy.forEach(report -> assertEquals(all(Outcome.DELIVERED), report.join()));
    }
    leave(1, 10);
  }

  @Test // delivery.md 7, P1
  void manyWhoOpenStreamsAndEndThemAndHearNothingHoldNoMoreThanThereIs() {
    budget = new PeerBudget(4 * LIMIT); // with a floor of two kibibytes a stream has room
    cluster(12);
    subscribe();
    for (int node = 1; node <= 10; node++) {
      network.room(nodes.get(0), nodes.get(node), 0);
      for (int stream = 0; stream < 40; stream++) {
        openAndEnd(node, stream);
      }
    }
    assertTrue(budget.heldBytes() <= 4 * LIMIT, budget.heldBytes() + " of " + 4 * LIMIT);
    assertTrue(budget.heldBytes() > LIMIT, "an attack that takes " + budget.heldBytes());

    try (Publisher healthy = publisher(11)) {
      for (int i = 0; i < 10_000; i++) {
        healthy.publish(new byte[1]);
        network.settle();
      }
      network.settleSoon();

      assertEquals(Map.of(Outcome.DELIVERED, 10_000L), healthy.report().outcomes());
    }

    long before = network.sent.size();
    for (int node = 1; node <= 10; node++) {
      network.room(nodes.get(0), nodes.get(node), Integer.MAX_VALUE);
    }
    network.advance(Duration.ofSeconds(1));
    long said = network.sent.size() - before;
    assertTrue(said > 0 && said <= 4 * LIMIT / Inlet.BYTES, said + " places were kept");
  }

  @Test // P3: certain, and at once
  void aMessageWhoseOutcomeHasNoRoomIsToldAsOverflowBeforeItIsHandled() {
    cluster(2);
    TestNetwork.Line worker = subscribe();
    worker.held = true;

    List<CompletableFuture<PublishReport>> reports = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      reports.addAll(times(100, () -> publish(1)));
      network.settle();
    }

    int kept = (int) (budget.heldBytes() / Outcomes.BYTES);
    assertTrue(kept > 5_000 && kept < reports.size(), kept + " kept");
    assertFalse(reports.get(kept - 1).isDone());
    for (int i = kept; i < reports.size(); i++) {
      assertEquals(all(Outcome.OVERFLOW), reports.get(i).join());
    }
    worker.held = false;
    network.settleSoon();
    for (int i = 0; i < kept; i++) {
      assertEquals(all(Outcome.DELIVERED), reports.get(i).join());
    }
  }

  private PeerBudget.Share others() {
    PeerBudget.Share others = budget.share(new NodeId(new Authority("127.0.0.1", 9), 1));
    while (others.take(Outcomes.BYTES)) {
      assertTrue(others.heldBytes() <= LIMIT, "one peer has more than there is");
    }
    return others;
  }

  /** Has all of the rest of the memory taken, so that floors are left. */
  private List<PeerBudget.Share> allOthers() {
    return times(100, this::others);
  }

  @Test // P3, P8
  void aStreamThatHasNoRoomIsToldAsOverflowAtOnceAndDeliveredAsSoonAsThereIs() {
    cluster(2);
    subscribe();
    List<PeerBudget.Share> others = allOthers();
    Publisher publisher = publisher(1);

    stream(publisher, 200);
    network.settleSoon();
    stream(publisher, 100); // beyond the credit at the beginning: nobody waits
    network.settleSoon();
    assertEquals(report(300, Map.of(Outcome.OVERFLOW, 300L), overflow(1, 300)), publisher.report());

    others.forEach(PeerBudget.Share::close);
    stream(publisher, 200);
    network.settleSoon();
    assertEquals(
        report(500, Map.of(Outcome.OVERFLOW, 300L, Outcome.DELIVERED, 200L), overflow(1, 300)),
        publisher.report());
    publisher.close();
  }

  @Test // P3
  void whatCouldNotBeToldOfAStreamWithoutRoomIsToldOnceThereIs() {
    cluster(2);
    subscribe();
    List<PeerBudget.Share> others = allOthers();
    Publisher publisher = publisher(1);
    stream(publisher, 10);
    network.settleSoon();
    network.room(nodes.get(0), nodes.get(1), 0);
    stream(publisher, 10);
    network.settleSoon();
    network.room(nodes.get(0), nodes.get(1), Integer.MAX_VALUE);
    assertEquals(10, publisher.report().settled());

    others.forEach(PeerBudget.Share::close);
    stream(publisher, 10);
    network.settleSoon();

    assertEquals(
        report(30, Map.of(Outcome.OVERFLOW, 20L, Outcome.DELIVERED, 10L), overflow(1, 20)),
        publisher.report());
    publisher.close();
  }

  @Test // P3
  void aStreamOfWhichNotEvenThatCanBeKeptIsLeftToTheTimeoutOfItsPublisher() {
    budget = new PeerBudget(LIMIT / 2);
    cluster(2);
    subscribe();
    List<PeerBudget.Share> others = allOthers();
    Publisher publisher = publisher(1);

    stream(publisher, 10);
    network.advance(Duration.ofSeconds(6));

    assertEquals(Map.of(Outcome.TIMEOUT, 10L), publisher.report().outcomes());
    publisher.close();
    others.forEach(PeerBudget.Share::close);
  }

  private static void stream(Publisher publisher, int count) {
    for (int i = 0; i < count; i++) {
      assertTrue(publisher.tryPublish(new byte[1]).isPresent());
    }
  }

  private static PublishReport all(Outcome outcome) {
    return new PublishReport(Map.of(outcome, 1));
  }

  private PublisherReport.Missed overflow(int from, int to) {
    return new PublisherReport.Missed(from, to, nodes.get(0).id(), Outcome.OVERFLOW);
  }

  private static PublisherReport report(
      long published, Map<Outcome, Long> outcomes, PublisherReport.Missed missed) {
    return new PublisherReport(published, published, published, outcomes, List.of(missed));
  }

  // What is counted is no less than what is taken.

  private static final int MANY = 10_000;

  private static long allocatedBytes(Runnable what) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    what.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    what.run();
    return (threads.getCurrentThreadAllocatedBytes() - before) / MANY;
  }

  @Test
  void anOutcomeTakesNoMoreThanIsCountedForIt() {
    long bytes = allocatedBytes(() -> {
      Outcomes outcomes = new Outcomes();
      for (int i = 0; i < MANY; i++) {
        outcomes.add(i, i, Outcome.DELIVERED, "", true);
      }
    });

    assertTrue(bytes <= Outcomes.BYTES, bytes + " bytes");
  }

  @Test
  void aReasonTakesNoMoreThanIsCountedForIt() {
    String reason = "type harbour/ship: ends early";
    long bytes = allocatedBytes(() -> {
      Outcomes outcomes = new Outcomes();
      for (int i = 0; i < MANY; i++) {
        outcomes.add(i, i, Outcome.REJECTED, reason.concat("!"), true);
      }
    });

    assertTrue(bytes <= Outcomes.BYTES + Outcomes.bytes(reason + "!"), bytes + " bytes");
  }

  @Test
  void anEndOfAStreamTakesNoMoreThanIsCountedForIt() {
    DeafOutlet outlet = new DeafOutlet();
    Inlet[] inlets = new Inlet[MANY];
    long bytes = allocatedBytes(() -> {
      for (int i = 0; i < MANY; i++) {
        inlets[i] = new Inlet(1, i, null, 0, outlet);
      }
    });

    assertTrue(bytes <= Inlet.BYTES, bytes + " bytes");
  }
}
