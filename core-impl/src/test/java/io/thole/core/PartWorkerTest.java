package io.thole.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.spi.Peer;
import io.thole.spi.Peers.PeerObserver;
import io.thole.spi.SerialWorker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartWorkerTest {
  private final ManualNode node = ManualNode.waitingForNothing();
  private final ManualNode.Scripted part = node.add(PartKind.PUBSUB, "broker", 0);
  private final List<String> ran = new ArrayList<>();

  @BeforeEach
  void start() {
    node.start();
  }

  @Test // I9
  void oneThatStandsStillHoldsUpNeitherAnotherNorThePart() {
    SerialWorker slow = part.context().worker("slow", 2);
    SerialWorker quick = part.context().worker("quick", 2);
    node.loop.hold("pubsub broker slow", true);

    slow.offer(() -> ran.add("slow"));
    quick.offer(() -> ran.add("quick"));
    part.context().execute(() -> ran.add("part"));
    node.loop.run();

    assertEquals(List.of("part", "quick"), ran.stream().sorted().toList());
  }

  @Test // D9: a start that waits for a seed learns that it is refused
  void tellsOfConnectionsWhileThePartIsBusy() {
    List<Authority> refused = new ArrayList<>();
    Authority seed = ManualNode.at("seed:1");
    part.context().peers().watch(new Refusals(refused));
    node.loop.hold("pubsub broker", true);

    part.context().peers().dial(seed);
    node.loop.run();

    assertEquals(List.of(seed), refused);
  }

  @Test
  void whatATaskThrowsIsThePartsFailure() {
    SerialWorker worker = part.context().worker("odd", 2);
    node.told();

    worker.offer(() -> {
      throw new IllegalStateException("odd");
    });

    assertEquals(
        List.of(new PartFailed("pubsub broker", "IllegalStateException: odd")),
        node.told(PartFailed.class));
  }

  @Test // E6
  void closesWithItsPartAlsoWhereThatForgotIt() {
    int before = node.loop.openWorkers();
    SerialWorker forgotten = part.context().worker("forgotten", 2);
    part.context().worker("closed", 2).close();
    node.loop.run();
    assertEquals(before + 1, node.loop.openWorkers());

    node.shutdown();
    SerialWorker late = part.context().worker("late", 2);
    node.loop.run();

    assertFalse(forgotten.offer(() -> ran.add("forgotten")));
    assertFalse(late.offer(() -> ran.add("late")));
    assertEquals(List.of(), ran);
  }

  private record Refusals(List<Authority> refused) implements PeerObserver {
    @Override
    public void onUp(Peer peer) {}

    @Override
    public void onLost(NodeId peer, boolean announced, String reason) {}

    @Override
    public void onRefused(Authority address, boolean nobodyListens, String reason) {
      refused.add(address);
    }
  }
}
