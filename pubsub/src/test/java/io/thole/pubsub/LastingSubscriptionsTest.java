package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent.ProviderSwapped;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Topic;
import io.thole.testkit.ManualNode;
import io.thole.testkit.swarm.Fault;
import io.thole.testkit.swarm.Faults;
import io.thole.testkit.swarm.SimulatedCluster;
import io.thole.testkit.swarm.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions are made once, by the application, and last for as long as its node does. */
class LastingSubscriptionsTest {
  private static final Topic NEWS = new Topic("news");
  private static final int NODES = 3;

  private final Map<ManualNode, PubSub> pubSubs = new HashMap<>();
  private final List<Integer> targets = new ArrayList<>();

  @Test // O1: a message has the same targets before, while and after everyone changes its provider
  void surviveAChangeOfProviderOnEveryNode() {
    Simulation simulation = Simulation.of(1)
        .nodes(NODES)
        .with(this::equip)
        .at(Duration.ofSeconds(5), this::publish)
        .at(Duration.ofSeconds(6), cluster -> {
          for (ManualNode node : cluster.running()) {
            node.swap("two");
            publish(cluster);
          }
        })
        .at(Duration.ofSeconds(8), this::publish)
        .at(
            Duration.ofSeconds(9),
            cluster -> cluster
                .running()
                .forEach(
                    node -> assertEquals(1, node.events(ProviderSwapped.class).size())));

    simulation.run(Duration.ofSeconds(40));

    assertEquals(Collections.nCopies(5 * NODES, NODES), targets);
  }

  @ParameterizedTest // P7: whoever was taken for lost is told again what is subscribed
  @ValueSource(longs = {1, 2, 3})
  void areAnnouncedAgainAfterAPartition(long seed) {
    List<ManualNode> parted = new ArrayList<>();

    Simulation.of(seed)
        .nodes(NODES)
        .with(this::equip)
        .faults(Faults.of(Fault.PARTITION))
        .at(Duration.ofSeconds(75), cluster -> {
          cluster.running().stream().filter(node -> left(node) > 0).forEach(parted::add);
          publish(cluster);
        })
        .run(Duration.ofSeconds(80));

    assertTrue(parted.size() > 1, "nobody was taken for lost with seed " + seed);
    assertEquals(Collections.nCopies(NODES, NODES), targets, () -> "seed " + seed);
  }

  private static long left(ManualNode node) {
    return node.events(TopologyUpdated.class).stream()
        .filter(event -> !event.left().isEmpty())
        .count();
  }

  private void equip(ManualNode node) {
    PubSubBroker broker = new PubSubBroker();
    PubSub pubSub = broker.pubSub("test");
    pubSubs.put(node, pubSub);
    node.add(broker);
    node.stream().subscribe(Startup.class, started -> pubSub.subscribe(NEWS, message -> {}));
  }

  /** Has every node publish, and notes how many targets each message has. */
  private void publish(SimulatedCluster cluster) {
    for (ManualNode node : cluster.running()) {
      Objects.requireNonNull(pubSubs.get(node))
          .publish(NEWS, new byte[1])
          .thenAccept(report -> targets.add(report.targets()));
    }
  }
}
