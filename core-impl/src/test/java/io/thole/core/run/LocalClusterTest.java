package io.thole.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ClusterTopology;
import io.thole.api.EventSubscription;
import io.thole.api.MetricsDisabledException;
import io.thole.api.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalClusterTest {
  private static final Duration GENEROUS = Duration.ofSeconds(30);
  private static final Logger EVENT_LOG = Logger.getLogger("io.thole.events");
  private static final NodeId B = NodeId.at(new Authority("b", 1));

  private final LocalCluster cluster =
      new LocalCluster(ClusterSettings.DEFAULTS.with("startWhen", ""));

  @BeforeAll
  static void writeNoThousandLines() {
    EVENT_LOG.setLevel(Level.OFF);
  }

  private TopologyUpdated alternating(long version) {
    boolean joins = version % 2 == 1;
    List<Authority> change = List.of(B.authority());
    return new TopologyUpdated(
        new ClusterTopology(joins ? change : List.of(), joins ? List.of() : change, version),
        List.of(),
        joins ? List.of(cluster.self(), B) : List.of(cluster.self()));
  }

  @Test
  void callsNobodyAfterCloseHoweverManyComeAndGo() { // A10
    assertTimeoutPreemptively(GENEROUS, () -> {
      cluster.start().toCompletableFuture().get();
      AtomicBoolean done = new AtomicBoolean();
      AtomicInteger late = new AtomicInteger();
      Thread publisher = new Thread(() -> {
        for (long version = 1; !done.get(); version++) {
          cluster.events().publish(alternating(version));
        }
      });
      publisher.start();

      for (int round = 0; round < 1_000; round++) {
        AtomicBoolean closed = new AtomicBoolean();
        EventSubscription subscription = cluster
            .events()
            .subscribe(TopologyUpdated.class, event -> {
              if (closed.get()) {
                late.incrementAndGet();
              }
            });
        subscription.close();
        closed.set(true);
      }
      done.set(true);
      publisher.join();

      assertEquals(0, late.get());
      cluster.shutdown(true).toCompletableFuture().get();
      assertEquals(ClusterState.STOPPED, cluster.state());
    });
  }

  @Test
  void keepsTheOrderOfAnObserverThatPublishes() { // A11
    assertTimeoutPreemptively(GENEROUS, () -> {
      cluster.start().toCompletableFuture().get();
      List<Long> versions = new ArrayList<>();
      CountDownLatch all = new CountDownLatch(1_000);
      cluster.events().subscribe(TopologyUpdated.class, event -> {
        versions.add(event.topology().version());
        all.countDown();
        if (all.getCount() > 0) {
          cluster.events().publish(alternating(event.topology().version() + 1));
        }
      });

      cluster.events().publish(alternating(1));
      assertTrue(all.await(20, TimeUnit.SECONDS));
      cluster.shutdown(true).toCompletableFuture().get();

      assertEquals(versions.stream().sorted().distinct().toList(), versions);
    });
  }

  @Test
  void goesOnBesideAnObserverThatBlocks() { // A9
    assertTimeoutPreemptively(GENEROUS, () -> {
      cluster.start().toCompletableFuture().get();
      CompletableFuture<Void> release = new CompletableFuture<>();
      CountDownLatch told = new CountDownLatch(10);
      cluster.events().subscribe(TopologyUpdated.class, event -> release.join());
      cluster.events().subscribe(TopologyUpdated.class, event -> told.countDown());

      for (long version = 1; version <= 10; version++) {
        cluster.events().publish(alternating(version));
      }

      assertTrue(told.await(10, TimeUnit.SECONDS));
      release.complete(null);
      cluster.shutdown(true).toCompletableFuture().get();
    });
  }

  @Test
  void leavesNoThreadBehind() { // E6
    assertTimeoutPreemptively(GENEROUS, () -> {
      cluster.start().toCompletableFuture().get();
      cluster.shutdown(true).toCompletableFuture().get();

      while (!threads().isEmpty()) { // each rests for a second before it ends
        for (Thread thread : threads()) {
          thread.join(1_000);
        }
      }
    });
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("thole-"))
        .toList();
  }

  @Test
  void refusesMetricsWhereTheyAreSwitchedOff() { // L1
    assertTimeoutPreemptively(GENEROUS, () -> {
      LocalCluster silent =
          new LocalCluster(ClusterSettings.DEFAULTS.with("startWhen", "").with("metrics", false));
      CountDownLatch told = new CountDownLatch(1);
      silent.events().subscribe(io.thole.api.ClusterEvent.class, event -> told.countDown());

      silent.start().toCompletableFuture().get();

      assertThrows(MetricsDisabledException.class, silent::metrics);
      assertTrue(told.await(10, TimeUnit.SECONDS));
      silent.shutdown(true).toCompletableFuture().get();
    });
  }
}
