package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order, the accounts add up and agree with what the handlers saw (delivery.md, section 4). */
@Timeout(120)
class RandomScheduleTest {
  private static final List<Topic> TOPICS = List.of(new Topic("a"), new Topic("b"), new Topic("c"));
  private static final int SEEDS = 60;
  private static final int ACTIONS = 400;

  @ParameterizedTest // I12, P3, P4, P5
  @ValueSource(ints = {2, 3, 5})
  void theAccountsAgreeWithTheJournals(int nodes) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new Trial(seed * 10 + nodes, nodes, true).run();
    }
  }

  @ParameterizedTest // O2: nothing is unknown where nobody is lost and nobody is slow
  @ValueSource(ints = {2, 3, 5})
  void everyOutcomeIsCertainWhereNothingBreaks(int nodes) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Trial trial = new Trial(seed * 10 + nodes, nodes, false);
      trial.run();
      trial.assertCertain();
    }
  }

  /** One schedule. */
  private static final class Trial {
    private final Random random;
    private final boolean breaking;
    private final TestNetwork network;
    private final List<TestNode> nodes;
    private final List<Journal> journals = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Map<String, CompletableFuture<PublishReport>> reports = new HashMap<>();
    private final List<TestNode> gone = new ArrayList<>();
    private int sequence;

    Trial(long seed, int count, boolean breaking) {
      this.breaking = breaking;
      random = new Random(seed);
      network = new TestNetwork(seed);
      nodes = new ArrayList<>(network.cluster(count));
    }

    void run() {
      for (int i = 0; i < ACTIONS; i++) {
        act(random.nextInt(breaking ? 100 : 80));
      }
      nodes.forEach(a -> nodes.stream().filter(b -> a != b).forEach(b -> {
        network.cut(a, b, false);
        network.room(a, b, Integer.MAX_VALUE);
      }));
      network.advance(Duration.ofSeconds(7));
      check();
    }

    private void act(int what) {
      TestNode node = any(nodes);
      TestNode other = any(nodes);
      if (what < 35) {
        publish(node);
      } else if (what < 45) {
        subscribe(node);
      } else if (what < 48 && !subscriptions.isEmpty()) {
        subscriptions.remove(random.nextInt(subscriptions.size())).close();
      } else if (what < 80) {
        IntStream.range(0, random.nextInt(20)).forEach(i -> network.step());
      } else if (what < 85) {
        network.advance(Duration.ofMillis(random.nextInt(3_000)));
      } else if (node != other) {
        trouble(what, node, other);
      }
    }

    private void trouble(int what, TestNode node, TestNode other) {
      if (what < 90) {
        network.cut(node, other, random.nextBoolean());
      } else if (what < 94) {
        network.room(node, other, random.nextInt(4));
      } else if (what < 97) {
        network.end(node, other);
        network.settle();
        network.connect(node, other);
      } else if (what < 98) {
        restart(node);
      }
    }

    private void restart(TestNode node) {
      node.crash();
      gone.add(node);
      network.settle();
      TestNode next =
          network.node(node.id().authority().port() - 26_050, node.id().incarnation() + 1);
      nodes.set(nodes.indexOf(node), next);
      network.view(nodes);
      next.start();
      nodes.stream().filter(a -> a != next).forEach(a -> network.connect(a, next));
    }

    private void subscribe(TestNode node) {
      Journal journal = new Journal(random.nextInt(5) == 0);
      journals.add(journal);
      subscriptions.add(node.broker.pubSub("test").subscribe(any(TOPICS), journal));
    }

    private void publish(TestNode node) {
      Topic topic = any(TOPICS);
      String text = node.id() + " " + topic + " " + ++sequence;
      CompletableFuture<PublishReport> report =
          node.broker.pubSub("test").publish(topic, text.getBytes(UTF_8)).toCompletableFuture();
      if (!report.isCompletedExceptionally()) {
        reports.put(text, report);
      }
    }

    private void check() {
      for (TestNode node : nodes) {
        for (Account account : node.broker.accounts()) {
          assertTrue(account.balanced() && account.open() == 0, () -> account + " " + network);
        }
      }
      Map<String, Integer> handled = new HashMap<>();
      journals.forEach(journal -> {
        journal.assertInOrder(network);
        journal.texts.forEach(text -> handled.merge(text, 1, Integer::sum));
      });
      reports.forEach((text, report) -> check(text, report, handled.getOrDefault(text, 0)));
    }

    private void check(String text, CompletableFuture<PublishReport> report, int handled) {
      if (gone.stream().anyMatch(node -> text.startsWith(node.id() + " "))) {
        return; // who asked is gone
      }
      assertTrue(report.isDone(), () -> text + " is open; " + network);
      PublishReport said = report.join();
      int least = said.count(Outcome.DELIVERED) + said.count(Outcome.REJECTED);
      int unknown = said.outcomes().entrySet().stream()
          .filter(outcome -> !outcome.getKey().certain())
          .mapToInt(Map.Entry::getValue)
          .sum();
      assertTrue(
          least <= handled && handled <= least + unknown,
          () -> text + " was handled " + handled + " times, and the report says " + said + "; "
              + network);
    }

    void assertCertain() {
      reports.forEach((text, report) -> report
          .join()
          .outcomes()
          .keySet()
          .forEach(outcome ->
              assertTrue(outcome.certain(), () -> text + " " + outcome + " " + network)));
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }

  /** What one subscription saw. */
  private static final class Journal implements MessageHandler {
    private final boolean throwing;
    final List<String> texts = new ArrayList<>();

    Journal(boolean throwing) {
      this.throwing = throwing;
    }

    @Override
    public void onMessage(Message message) {
      texts.add(new String(message.toBytes(), UTF_8));
      if (throwing) {
        throw new IllegalStateException("as agreed");
      }
    }

    void assertInOrder(TestNetwork network) {
      assertEquals(texts.size(), new HashSet<>(texts).size(), () -> "twice: " + texts + network);
      Map<String, Integer> last = new HashMap<>();
      for (String text : texts) {
        int cut = text.lastIndexOf(' ');
        int number = Integer.parseInt(text.substring(cut + 1));
        Integer before = last.put(text.substring(0, cut), number);
        assertTrue(before == null || before < number, () -> "order: " + texts + network);
      }
    }
  }
}
