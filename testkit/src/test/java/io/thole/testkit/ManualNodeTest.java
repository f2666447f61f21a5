package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ClusterTopology;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.StartupFailedException;
import io.thole.api.StartupMode;
import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManualNodeTest {
  private static final Authority SELF = Authority.parse("127.0.0.1:26050");
  private static final Authority OTHER = Authority.parse("127.0.0.1:26051");
  private static final int TELLERS = 4;
  private static final int TIMES = 250;

  private final ScriptedProvider provider = new ScriptedProvider();
  private final ManualNode node = ManualNode.create(ClusterSettings.DEFAULTS);

  @Test // the example of the package, kept compiling
  void keepsTheExampleOfThePackage() {
    provider.list(List.of(OTHER));

    try (ManualNode node = ManualNode.create(ClusterSettings.DEFAULTS).add(provider)) {
      node.start();
      node.advance(Duration.ofSeconds(30));
      assertTrue(
          node.view().contains(Authority.parse("127.0.0.1:26051")),
          () -> "events: " + node.events());
    }
  }

  @Test // F2
  void recordsEveryEventInOrder() {
    provider.list(List.of(OTHER));

    node.add(provider).start();

    NodeId self = new NodeId(SELF, 1);
    assertEquals(self, node.self());
    assertEquals(
        List.of(
            new TopologyUpdated(
                new ClusterTopology(List.of(OTHER), List.of(), 1),
                List.of(),
                List.of(self, NodeId.at(OTHER))),
            new Startup(SELF, StartupMode.MEMBER)),
        node.events());
  }

  @Test
  void waitsForAPartThatIsMissingAndGoesOnWhenItComes() {
    node.start();
    ClusterState before = node.state();

    node.add(provider);

    assertEquals(
        List.of(ClusterState.WAITING, ClusterState.RUNNING), List.of(before, node.state()));
  }

  @Test // E2
  void throwsWhatAStartFailedWith() {
    provider.breakIt();
    node.add(provider);

    StartupFailedException failure = assertThrows(StartupFailedException.class, node::start);

    assertEquals("provider scripted: the source is broken", failure.getMessage());
    assertEquals(ClusterState.STOPPED, node.state());
  }

  @Test // O4
  void keepsItsViewWhenItsLastProviderIsTakenOut() {
    provider.list(List.of(OTHER));
    node.add(provider).start();

    node.remove(provider);

    assertEquals(List.of(SELF, OTHER), node.view().authorities());
    assertThrows(IllegalArgumentException.class, () -> node.remove(provider));
  }

  @Test
  void runsATransportOnAMemoryNetwork() {
    MemoryNetwork network = new MemoryNetwork();
    ManualNode bound = ManualNode.create(ClusterSettings.DEFAULTS
            .with("bind", "127.0.0.1:0")
            .with("startWhen", PartKind.TRANSPORT.label()))
        .add(network.transport());

    bound.start();

    assertEquals(new NodeId(Authority.parse("127.0.0.1:49152"), 1), bound.self());
  }

  @Test // B3, A12
  void takesFactsFromAnyThreadAndIgnoresThemAfterItsStop() throws InterruptedException {
    List<PartContext> contexts = new ArrayList<>();
    node.add(new ScriptedProvider() {
          @Override
          public void startMember(PartContext given) {
            contexts.add(given);
          }
        })
        .start();

    tellAtOnce(contexts.get(0));
    List<Authority> running = node.view().authorities();
    node.stop(true);
    int events = node.events().size();
    tellAtOnce(contexts.get(0));

    assertEquals(List.of(SELF, OTHER), running);
    assertEquals(events, node.events().size());
    assertEquals(ClusterView.EMPTY, node.view());
  }

  /** Tells the same from several threads while the node runs. */
  private void tellAtOnce(PartContext context) throws InterruptedException {
    List<Thread> tellers = IntStream.range(0, TELLERS)
        .mapToObj(i -> new Thread(() -> {
          for (int n = 0; n < TIMES; n++) {
            context.topology().view(List.of(NodeId.at(OTHER)));
          }
        }))
        .toList();
    tellers.forEach(Thread::start);
    for (Thread teller : tellers) {
      while (teller.isAlive()) {
        node.advance(Duration.ofMillis(10));
      }
      teller.join();
    }
    node.advance(Duration.ofSeconds(1));
  }
}
