package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.ClusterEvent.Startup;
import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Topic;
import io.thole.testkit.ManualNode;
import io.thole.testkit.swarm.Fault;
import io.thole.testkit.swarm.Faults;
import io.thole.testkit.swarm.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedHarbourTest {
  private static final Topic ARRIVALS = new Topic("harbour/arrivals");

  private final Map<ManualNode, PubSub> pubSubs = new HashMap<>();
  private final List<String> heard = new ArrayList<>();
  private final List<CallReport> reports = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void servesEveryoneOnceTheStormIsOver(long seed) {
    Simulation.of(seed)
        .nodes(4)
        .with(this::equip)
        .faults(Faults.of(Fault.PARTITION, Fault.PAUSE, Fault.RESTART))
        .at(Duration.ofSeconds(58), cluster -> {
          ManualNode first = cluster.running().get(0);
          Objects.requireNonNull(pubSubs.get(first)).publish(ARRIVALS, "Argo".getBytes(UTF_8));
          first
              .grains()
              .call(new GrainId("berth", "7"), "Argo".getBytes(UTF_8), Duration.ofSeconds(1))
              .thenAccept(reports::add);
        })
        .run(Duration.ofSeconds(60));

    assertEquals(List.of("Argo", "Argo", "Argo", "Argo"), heard);
    assertEquals("Argo at 7", new String(((CallReport.Ok) reports.get(0)).reply(), UTF_8));
  }

  private void equip(ManualNode node) {
    PubSubBroker broker = new PubSubBroker();
    PubSub pubSub = broker.pubSub("harbour");
    pubSubs.put(node, pubSub);
    node.add(new Berth()).add(broker);
    node.stream()
        .subscribe(
            Startup.class,
            started -> pubSub.subscribe(
                ARRIVALS, message -> heard.add(new String(message.toBytes(), UTF_8))));
  }

  /** Where a ship lies. */
  private static final class Berth implements GrainKind {
    @Override
    public String name() {
      return "berth";
    }

    @Override
    public Grain activate(GrainId berth, NodeId node) {
      return ship -> (new String(ship, UTF_8) + " at " + berth.key()).getBytes(UTF_8);
    }
  }
}
