package io.thole.testkit.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent.TopologyUpdated;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private final List<Integer> sizes = new ArrayList<>();

  @Test
  void showsTheNodesAtEachMoment() { // G8, G4
    Simulation.of(1)
        .nodes(3)
        .at(
            Duration.ofSeconds(3),
            cluster -> sizes.add(cluster.node(0).orElseThrow().view().members().size()))
        .at(Duration.ofSeconds(4), cluster -> cluster.crash(2))
        .at(
            Duration.ofSeconds(9),
            cluster -> sizes.add(cluster.node(0).orElseThrow().view().members().size()))
        .at(Duration.ofSeconds(10), cluster -> cluster.start(2))
        .at(
            Duration.ofSeconds(13),
            cluster -> sizes.add(cluster.node(2).orElseThrow().view().members().size()))
        .run(Duration.ofSeconds(40));

    assertEquals(List.of(3, 2, 3), sizes);
  }

  @Test
  void givesEveryStartOfANodeWhatItIsGiven() {
    List<String> seen = new ArrayList<>();

    Simulation.of(2)
        .nodes(3)
        .with(node -> node.stream()
            .subscribe(TopologyUpdated.class, event -> seen.add(event.joined().toString())))
        .at(Duration.ofSeconds(5), cluster -> cluster.crash(1))
        .at(Duration.ofSeconds(12), cluster -> cluster.start(1))
        .run(Duration.ofSeconds(40));

    assertTrue(seen.size() >= 8, () -> "too few: " + seen);
  }

  @Test
  void isTheSameEveryTime() {
    Simulation simulation =
        Simulation.of(3).nodes(4).faults(Faults.of(Fault.PARTITION, Fault.CRASH));

    SimulationReport once = simulation.run(Duration.ofSeconds(60));
    SimulationReport again = simulation.run(Duration.ofSeconds(60));

    assertEquals(once, again);
    assertTrue(once.faults().size() > 0);
  }

  @Test
  void saysWhatWasBrokenAndHowToRepeatIt() {
    Simulation simulation = Simulation.of(4)
        .at(Duration.ofSeconds(5), cluster -> assertEquals(4, cluster.running().size()));

    AssertionError failure =
        assertThrows(AssertionError.class, () -> simulation.run(Duration.ofSeconds(40)));

    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("seed 4 breaks no-exception at step "));
    assertTrue(failure.getCause() instanceof AssertionError, "the failure of the action is kept");
  }

  @Test
  void refusesANumberOfNodesThatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> Simulation.of(5).nodes(0));
  }
}
