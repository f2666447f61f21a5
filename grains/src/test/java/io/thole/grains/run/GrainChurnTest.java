package io.thole.grains.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Account;
import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.run.GrainNodes.Node;
import io.thole.grains.run.RecordingKind.Served;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Calls while nodes come, leave and are killed, each learning of it in its own time; then the books are checked. */
class GrainChurnTest {
  private static final int RUNS = 60;
  private static final int STEPS = 400;
  private static final int GRAINS = 12;

  @Test
  void everyCallHasOneOutcomeThatIsTrue() { // K5, delivery 4
    long seed = System.nanoTime();
    for (int run = 0; run < RUNS; run++) {
      Churn churn = new Churn(seed + run);
      try {
        churn.run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + (seed + run), e);
      }
    }
  }

  /** One run of one seed. */
  private static final class Churn {
    private final Random random;
    private final GrainNodes cluster;
    private final List<Served> journal = new ArrayList<>();
    private final RecordingKind kind = new RecordingKind("rec", journal);
    private final Map<String, CompletableFuture<CallReport>> calls = new HashMap<>();
    private final List<Node> all = new ArrayList<>();
    private int started;

    Churn(long seed) {
      random = new Random(seed);
      cluster = new GrainNodes(seed);
    }

    void run() {
      start();
      start();
      start();
      cluster.agree();
      for (int step = 0; step < STEPS; step++) {
        step(step);
        oneLifeWhereAllAgree();
      }
      cluster.agree();
      cluster.advance(Duration.ofSeconds(12));
      check();
    }

    private void step(int step) {
      int dice = random.nextInt(100);
      if (dice < 60) {
        call(step);
      } else if (dice < 85) {
        cluster.advance(Duration.ofMillis(random.nextInt(30)));
      } else if (dice < 94) {
        any().sees(List.copyOf(cluster.nodes.values()));
      } else if (dice < 96 && cluster.nodes.size() < 6) {
        start();
      } else if (dice < 98 && cluster.nodes.size() > 2) {
        cluster.kill(any());
      } else if (cluster.nodes.size() > 2) {
        leave(any());
      }
    }

    private void call(int step) {
      String text = "c" + step;
      GrainId id = new GrainId("rec", "" + random.nextInt(GRAINS));
      Duration timeout = Duration.ofMillis(1 + random.nextInt(5_000));
      calls.put(text, any().call(id, text, timeout));
    }

    private void start() {
      started++;
      all.add(cluster.start(
          1 + random.nextInt(3) * 7 + started * 20, started, new RendezvousLookup(), kind));
    }

    private void leave(Node node) {
      node.grains.drain(() -> {});
      cluster.advance(Duration.ofMillis(random.nextInt(2_100)));
      cluster.loop.execute(node.grains::stop);
      cluster.run();
      cluster.kill(node);
    }

    private Node any() {
      List<Node> nodes = List.copyOf(cluster.nodes.values());
      return nodes.get(random.nextInt(nodes.size()));
    }

    /** At one view no grain lives twice, once everyone had the time to act on it. */
    private void oneLifeWhereAllAgree() {
      if (random.nextInt(20) > 0) {
        return;
      }
      cluster.agree();
      cluster.advance(Duration.ofMillis(200));
      CompletableFuture<List<GrainStatus>> asked =
          any().grains.activations(Duration.ofSeconds(1)).toCompletableFuture();
      cluster.advance(Duration.ofMillis(10));
      Map<GrainId, List<NodeId>> homes = GrainNodes.now(asked).stream()
          .collect(Collectors.groupingBy(
              GrainStatus::id, Collectors.mapping(GrainStatus::node, Collectors.toList())));
      homes.forEach((id, nodes) -> assertEquals(1, nodes.size(), id + " lives on " + nodes));
    }

    private void check() {
      Map<String, Long> times =
          journal.stream().collect(Collectors.groupingBy(Served::text, Collectors.counting()));
      times.forEach((text, count) -> assertEquals(1, count, text));
      Map<String, Long> outcomes = new HashMap<>();
      calls.forEach((text, call) -> {
        CallReport report = call.getNow(new Unknown(CallReport.UnknownReason.TIMEOUT));
        boolean killed = !call.isDone();
        assertTrue(!killed || all.stream().anyMatch(node -> !cluster.nodes.containsKey(node.id)));
        assertTrue(!(report instanceof Ok) || times.containsKey(text), text + " was not executed");
        assertTrue(
            !(report instanceof NotSent) || !times.containsKey(text),
            text + " was executed: " + report);
        outcomes.merge(report.getClass().getSimpleName(), 1L, Long::sum);
      });
      assertTrue(outcomes.getOrDefault("Ok", 0L) > calls.size() / 3, outcomes::toString);
      cluster.nodes.values().forEach(node -> node.grains.accounts().forEach(this::checkAccount));
      assertEquals(0, cluster.loop.timers());
    }

    private void checkAccount(Account account) {
      assertTrue(account.balanced(), account::toString);
      assertEquals(0, account.open(), account::toString);
    }
  }
}
