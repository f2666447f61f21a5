package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is taken of the memory for peers comes back, and what there is no room for is told as it is, in whatever order. */
@Timeout(120)
class PeerMemoryScheduleTest {
  private static final int SEEDS = 100;
  private static final int ACTIONS = 600;
  private static final Topic NEWS = new Topic("news");

  @Test // P1, P3, I12
  void addsUpAndAgreesWithTheHandlers() {
    long denied = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      denied += new Trial(seed).run();
    }
    assertTrue(denied > SEEDS, "nothing was ever denied");
  }

  private static final class Trial {
    private final Random random;
    private final TestNetwork network;
    private final PeerBudget budget = new PeerBudget(1 << 20);
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<TestNetwork.Line> workers = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<PeerBudget.Share> others = new ArrayList<>();
    private final AtomicLong handled = new AtomicLong();

    Trial(long seed) {
      random = new Random(seed);
      network = new TestNetwork(seed);
      IntStream.rangeClosed(1, 3).forEach(i -> nodes.add(network.node(i)));
      nodes.get(0).broker = new PubSubBroker(PubSubSettings.DEFAULTS, budget);
      network.view(nodes);
      nodes.forEach(TestNode::start);
      network.connect(nodes.get(0), nodes.get(1));
      network.connect(nodes.get(0), nodes.get(2));
      network.connect(nodes.get(1), nodes.get(2));
      network.settle();
      List.of(Backlog.WAIT, Backlog.dropNewest(2), Backlog.dropOldest(2)).forEach(this::subscribe);
    }

    private void subscribe(Backlog backlog) {
      nodes.get(0).broker.pubSub("test").subscribe(NEWS, backlog, message -> {
        if (handled.incrementAndGet() % 3 == 0) {
          throw new IllegalStateException("as agreed");
        }
      });
      network.settleSoon();
      workers.add(nodes.get(0).lastWorker());
    }

    long run() {
      for (int i = 0; i < ACTIONS; i++) {
        act(random.nextInt(100), 1 + random.nextInt(2));
      }
      workers.forEach(worker -> worker.held = false);
      network.room(nodes.get(0), nodes.get(1), Integer.MAX_VALUE);
      network.room(nodes.get(0), nodes.get(2), Integer.MAX_VALUE);
      publishers.forEach(Publisher::close);
      network.advance(Duration.ofSeconds(7));
      long denied = budget.complaint(0).isPresent() ? 1 : 0;
      others.forEach(PeerBudget.Share::close);
      check();
      return denied + others.size();
    }

    private void act(int what, int node) {
      if (what < 15) {
        nodes.get(node).broker.pubSub("test").publish(NEWS, new byte[random.nextInt(100)]);
      } else if (what < 50 && !publishers.isEmpty()) {
        publishers.get(random.nextInt(publishers.size())).tryPublish(new byte[random.nextInt(100)]);
      } else if (what < 55) {
        publishers.add(nodes.get(node).broker.pubSub("test").publisher(NEWS));
      } else if (what < 60 && !publishers.isEmpty()) {
        publishers.remove(random.nextInt(publishers.size())).close();
      } else if (what < 80) {
        IntStream.range(0, random.nextInt(20)).forEach(i -> network.step());
      } else if (what < 84) {
        network.advance(Duration.ofMillis(random.nextInt(1_000)));
      } else if (what < 90) {
        workers.get(random.nextInt(workers.size())).held = random.nextBoolean();
      } else if (what < 93) {
        network.room(nodes.get(0), nodes.get(node), random.nextInt(3));
      } else if (what < 94) {
        network.end(nodes.get(0), nodes.get(node));
        network.settle();
        network.connect(nodes.get(0), nodes.get(node));
      } else if (what < 97) {
        PeerBudget.Share other = budget.share(new NodeId(new Authority("127.0.0.1", 9), 1));
        IntStream.range(0, 20).forEach(i -> other.take(random.nextInt(100_000)));
        others.add(other);
      } else if (!others.isEmpty()) {
        others.remove(random.nextInt(others.size())).close();
      }
    }

    private static long count(Account account, String outcome) {
      return account.outcomes().getOrDefault(outcome, 0L);
    }

    private void check() {
      long least = 0;
      long unknown = 0;
      for (TestNode node : nodes) {
        for (Account account : node.broker.accounts()) {
          assertTrue(account.balanced() && account.open() == 0, () -> account + " " + network);
          least += count(account, "delivered") + count(account, "rejected");
          unknown +=
              count(account, "timeout") + count(account, "nodeLost") + count(account, "closing");
        }
      }
      assertTrue(
          least <= handled.get() && handled.get() <= least + unknown,
          handled + " handled; " + least + " are said to be, of " + unknown + " nobody knows; "
              + network);
      assertEquals(0, budget.heldBytes(), () -> "not given back; " + network);
    }
  }
}
