package io.thole.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.Diagnosis;
import io.thole.api.PartKind;
import io.thole.api.grain.GrainKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Grains as a part that comes, drains and goes. */
class GrainsPartTest {
  private final ManualNode node = new ManualNode();
  private final ManualNode.Scripted grains = node.add(PartKind.GRAINS, "v", 0);
  private final List<Runnable> drains = new ArrayList<>();

  GrainsPartTest() {
    node.provider("p");
    node.start();
    node.calls.clear();
    node.told();
  }

  @Test
  void drainsBeforeItStopsAndBeforeTheGoodbye() { // E4, E5
    grains.onDrain = drains::add;
    node.shutdown();
    assertEquals(List.of("drain grains v"), node.calls);

    drains.get(0).run();
    node.loop.run();

    assertEquals(
        List.of("drain grains v", "stop grains v", "stop provider p gracefully"), node.calls);
  }

  @Test
  void isStoppedAfterTwoSecondsThoughItHasNotDrained() { // E5
    grains.onDrain = drains::add;
    node.shutdown();

    node.pass(Duration.ofMillis(1_999));
    assertEquals(List.of("drain grains v"), node.calls);
    node.pass(Duration.ofMillis(1));
    assertEquals("stop grains v", node.calls.get(1));

    drains.get(0).run(); // too late
    node.loop.run();
    assertEquals(3, node.calls.size());
    assertEquals(0, node.loop.timers());
  }

  @Test
  void doesNotDrainWhereNobodyWantsToWait() { // E4
    node.core.shutdown(false, Ending.either(() -> {}));
    node.loop.run();

    assertEquals(List.of("stop grains v", "stop provider p"), node.calls);
  }

  @Test
  void comesAndGoesWhileTheNodeRuns() { // M2
    node.core.remove(grains.part, () -> {});
    node.loop.run();
    assertEquals(List.of("drain grains v", "stop grains v"), node.calls);
    assertEquals(Optional.empty(), node.shown().grains());
    assertEquals(0, node.shown().metrics().activations());

    node.add(PartKind.GRAINS, "w", 0);
    node.loop.run();

    assertEquals("start grains w", node.calls.get(2));
    assertEquals(7, node.shown().metrics().activations());
  }

  @Test
  void isHandedTheKindThatCameFirst() { // C3
    GrainKind second = ManualNode.counter();
    node.core.addKind("counter", ManualNode.COUNTER);
    node.core.addKind("counter", second);
    assertEquals(Optional.of(ManualNode.COUNTER), grains.context().kind("counter"));

    node.core.removeKind("counter", ManualNode.COUNTER, () -> {});

    assertEquals(Optional.of(second), grains.context().kind("counter"));
    assertEquals(Optional.empty(), grains.context().kind(GrainKind.TOPIC));
  }

  @Test
  void letsAKindGoOnceItsGrainsHaveEnded() { // K12
    List<String> told = new ArrayList<>();
    node.core.addKind("counter", ManualNode.COUNTER);
    grains.onRemove = (kind, gone) -> {
      told.add("asked, the kind known: " + grains.context().kind("counter").isPresent());
      drains.add(gone);
    };

    node.core.removeKind("counter", ManualNode.COUNTER, () -> told.add("gone"));
    assertEquals(List.of("asked, the kind known: false"), told);
    drains.get(0).run();
    node.loop.run();

    assertEquals("gone", told.get(1));
  }

  @Test
  void letsAKindGoThoughThePartNeverSaysSo() {
    List<String> told = new ArrayList<>();
    node.core.addKind("counter", ManualNode.COUNTER);
    grains.onRemove = (kind, gone) -> {};

    node.core.removeKind("counter", ManualNode.COUNTER, () -> told.add("gone"));
    node.pass(Duration.ofMillis(4_999));
    assertEquals(List.of(), told);
    node.pass(Duration.ofMillis(1));

    assertEquals(List.of("gone"), told);
  }

  @Test
  void tellsAlsoAPartThatIsStartingThatAKindGoes() { // M2, K12
    node.core.remove(grains.part, () -> {});
    node.loop.run();
    node.core.addKind("counter", ManualNode.COUNTER);
    List<GrainKind> asked = new ArrayList<>();
    ManualNode.Scripted next = node.add(PartKind.GRAINS, "w", 0);
    next.onStart = context ->
        node.core.removeKind("counter", ManualNode.COUNTER, () -> {}); // and it serves already
    next.onRemove = (kind, gone) -> asked.add(kind);
    node.loop.run();

    assertEquals(List.of(ManualNode.COUNTER), asked);
  }

  @Test
  void tellsKindsApartThatAreEqual() { // C3
    record Equal(String name) implements GrainKind {
      @Override
      public io.thole.api.grain.Grain activate(
          io.thole.api.grain.GrainId id, io.thole.api.NodeId on) {
        throw new UnsupportedOperationException("nobody hosts it");
      }
    }
    GrainKind first = new Equal("counter");
    GrainKind second = new Equal("counter");
    node.core.addKind("counter", first);
    node.core.addKind("counter", second);

    node.core.removeKind("counter", second, () -> {});

    assertSame(first, grains.context().kind("counter").orElseThrow());
  }

  @Test
  void letsAKindGoThoughThePartFails() {
    List<String> told = new ArrayList<>();
    node.core.addKind("counter", ManualNode.COUNTER);
    grains.onRemove = (kind, gone) -> {
      throw new IllegalStateException("no");
    };

    node.core.removeKind("counter", ManualNode.COUNTER, () -> told.add("gone"));
    node.loop.run();

    assertEquals(List.of("gone"), told);
    assertEquals(List.of(new PartFailed("grains v", "IllegalStateException: no")), node.told());
  }

  @Test
  void saysThatNobodyHostsWhatIsThere() {
    node.core.addKind("counter", ManualNode.COUNTER);
    assertEquals(List.of(), odd());

    node.core.remove(grains.part, () -> {});
    node.loop.run();

    assertEquals(List.of("nobody hosts the grains of kinds [counter]"), odd());
  }

  private List<String> odd() {
    return Checkup.of(node.shown()).stream()
        .filter(check -> check.check().equals("grains"))
        .map(Diagnosis::detail)
        .toList();
  }
}
