package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.ClusterSettings;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Topic;
import io.thole.core.Part;
import io.thole.core.run.LocalCluster;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import io.thole.testkit.MemoryNetwork;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes of the real core with threads of their own, on a network in memory. */
@Timeout(120)
class PubSubThreadsTest {
  private static final Topic NEWS = new Topic("news");
  private static final int PUBLISHERS = 3;
  private static final int MESSAGES = 2_000;
  private static final int STREAMED = 20_000;

  /** How many messages of one publisher may be without a report. */
  private static final int OPEN = 256;

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<LocalCluster> nodes = List.of(node(26_061), node(26_062));
  private final Queue<CompletableFuture<PublishReport>> reports = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> refusals = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    nodes.forEach(node -> await(node.shutdown(false).toCompletableFuture()));
  }

  @Test // P3, P5, O2
  void manyPublishersAndSubscribersOnTwoNodesLoseNothing() {
    start();
    List<Journal> journals = IntStream.range(0, 4).mapToObj(i -> new Journal()).toList();
    IntStream.range(0, 4)
        .mapToObj(i -> nodes.get(i % 2).service(PubSub.class).subscribe(NEWS, journals.get(i)))
        .forEach(subscription ->
            assertEquals(List.of(), await(subscription.spread().toCompletableFuture())));

    List<Thread> publishers = publishers();
    until(() -> publishers.stream().noneMatch(Thread::isAlive));
    reports.forEach(
        report -> assertEquals(new PublishReport(Map.of(Outcome.DELIVERED, 4)), await(report)));

    int all = 2 * PUBLISHERS * MESSAGES;
    assertEquals(List.of(), List.copyOf(refusals));
    assertEquals(all, reports.size());
    journals.forEach(journal -> journal.assertComplete(all));
    assertAtRest();
  }

  @Test // P3, P5, P8
  void manyThatStreamToManyLoseNothing() {
    start();
    List<Journal> journals = IntStream.range(0, 4).mapToObj(i -> new Journal()).toList();
    IntStream.range(0, 4)
        .mapToObj(i -> nodes.get(i % 2).service(PubSub.class).subscribe(NEWS, journals.get(i)))
        .forEach(subscription ->
            assertEquals(List.of(), await(subscription.spread().toCompletableFuture())));
    List<Publisher> publishers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (LocalCluster node : nodes) {
      for (int i = 0; i < PUBLISHERS; i++) {
        Publisher publisher = node.service(PubSub.class).publisher(NEWS);
        String name = node.self() + "/" + i;
        publishers.add(publisher);
        threads.add(new Thread(
            () -> IntStream.range(0, STREAMED)
                .forEach(number -> publisher.publish((name + " " + number).getBytes(UTF_8))),
            name));
      }
    }

    threads.forEach(Thread::start);
    until(() -> threads.stream().noneMatch(Thread::isAlive));

    for (Publisher publisher : publishers) {
      PublisherReport report = await(publisher.settled().toCompletableFuture());
      assertEquals(
          new PublisherReport(
              STREAMED,
              STREAMED,
              4L * STREAMED,
              Map.of(Outcome.DELIVERED, 4L * STREAMED),
              List.of()),
          report);
      publisher.close();
    }
    journals.forEach(journal -> journal.assertComplete(2 * PUBLISHERS * STREAMED));
    assertAtRest();
  }

  @Test // P8: nobody waits for another publisher, whose lock it needs to know whether anything is
  // open
  void manyThatStreamToNobodyOrToOneThatDropsDoNotWaitForEachOther() {
    start();
    PubSub pubSub = nodes.get(0).service(PubSub.class);
    pubSub.subscribe(NEWS, Backlog.dropOldest(1), message -> {});
    List<Thread> threads = IntStream.range(0, 2 * PUBLISHERS)
        .mapToObj(i -> pubSub.publisher(i % 2 == 0 ? NEWS : new Topic("nobody" + i)))
        .map(publisher -> new Thread(
            () -> IntStream.range(0, STREAMED).forEach(number -> publisher.publish(new byte[1]))))
        .toList();

    threads.forEach(Thread::start);
    until(() -> threads.stream().noneMatch(Thread::isAlive));

    until(() -> nodes.get(0).accounts().stream().allMatch(account -> account.open() == 0));
    assertAtRest();
  }

  @Test // E5
  void aNodeThatStopsUnderLoadLeavesNoReportOpen() {
    start();
    nodes.forEach(node -> node.service(PubSub.class).subscribe(NEWS, new Journal()));
    List<Thread> publishers = publishers();
    until(() -> reports.size() > MESSAGES);

    await(nodes.get(1).shutdown(true).toCompletableFuture());
    until(() -> publishers.stream().noneMatch(Thread::isAlive));
    reports.forEach(this::await);

    assertTrue(
        reports.stream()
            .flatMap(report -> report.join().outcomes().keySet().stream())
            .noneMatch(outcome -> outcome == Outcome.TIMEOUT),
        "a stop took part in a timeout");
    assertAtRest();
  }

  private void start() {
    nodes.forEach(node -> await(node.start().toCompletableFuture()));
    until(() -> nodes.stream()
        .allMatch(node -> node.view().members().stream()
            .allMatch(member -> member.incarnation() != NodeId.UNKNOWN)));
    nodes.forEach(node -> until(() -> !node.service(PubSub.class)
        .publish(NEWS, new byte[0])
        .toCompletableFuture()
        .isCompletedExceptionally()));
  }

  private List<Thread> publishers() {
    List<Thread> threads = new ArrayList<>();
    for (LocalCluster node : nodes) {
      PubSub pubSub = node.service(PubSub.class);
      for (int i = 0; i < PUBLISHERS; i++) {
        String name = node.self() + "/" + i;
        threads.add(new Thread(() -> publish(pubSub, name), name));
      }
    }
    threads.forEach(Thread::start);
    return threads;
  }

  private void publish(PubSub pubSub, String name) {
    Semaphore open = new Semaphore(OPEN);
    for (int i = 0; i < MESSAGES; i++) {
      open.acquireUninterruptibly();
      CompletableFuture<PublishReport> report =
          pubSub.publish(NEWS, (name + " " + i).getBytes(UTF_8)).toCompletableFuture();
      if (report.isCompletedExceptionally()) {
        report.exceptionally(refusal -> {
          refusals.add(refusal);
          return new PublishReport(Map.of());
        });
      } else {
        reports.add(report);
      }
      report.whenComplete((ok, failure) -> open.release());
    }
  }

  private void assertAtRest() {
    for (LocalCluster node : nodes) {
      for (Account account : node.accounts()) {
        assertTrue(account.balanced() && account.open() == 0, account::toString);
      }
    }
  }

  private LocalCluster node(int port) {
    LocalCluster node = new LocalCluster(ClusterSettings.DEFAULTS
        .with("bind", "127.0.0.1:" + port)
        .with("startWhen", "transport,pubsub,provider"));
    Part.Origin origin = new Part.Origin("a test", 0, 0);
    node.add(Part.of(network.transport(), origin));
    node.add(Part.of(new PubSubBroker(), origin));
    node.add(Part.of(new Both(), origin));
    return node;
  }

  private <T> T await(CompletableFuture<T> future) {
    until(future::isDone);
    return future.join();
  }

  private void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      network.run();
      Thread.onSpinWait();
    }
  }

  /** Says that both nodes are members. */
  private static final class Both implements ClusterProvider {
    @Override
    public String name() {
      return "both";
    }

    @Override
    public void startMember(PartContext context) {
      context.topology().viewOf(List.of("127.0.0.1:26061", "127.0.0.1:26062"));
    }

    @Override
    public void startClient(PartContext context) {
      startMember(context);
    }

    @Override
    public void shutdown(boolean graceful) {}
  }

  /** A handler that writes down what it is told; it is called once at a time. */
  private static final class Journal implements MessageHandler {
    private final List<String> texts = new ArrayList<>();

    @Override
    public void onMessage(Message message) {
      if (message.toBytes().length > 0) {
        texts.add(new String(message.toBytes(), UTF_8));
      }
    }

    void assertComplete(int count) {
      Map<String, Integer> last = new HashMap<>();
      for (String text : texts) {
        String[] parts = text.split(" ");
        assertEquals(
            last.merge(parts[0], 0, (before, none) -> before + 1),
            Integer.parseInt(parts[1]),
            text);
      }
      assertEquals(count, texts.size());
    }
  }
}
