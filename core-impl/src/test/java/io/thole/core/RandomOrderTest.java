package io.thole.core;

import static io.thole.core.ManualNode.SELF;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.nodes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.ClusterState;
import io.thole.api.PartKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever comes, in whichever order: the node ends in one state, and what it tells adds up. */
class RandomOrderTest {
  private static final int SEEDS = 300;
  private static final int STEPS = 60;

  @Test
  void endsInOneStateWhateverTheOrder() { // M2, O6
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        new Run(seed).check();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** One node, and everything that can happen to it. */
  private static final class Run {
    private final Random random;
    private final ManualNode node = new ManualNode();
    private final List<ManualNode.Scripted> all = new ArrayList<>();
    private final List<ManualNode.Scripted> present = new ArrayList<>();
    private final Map<ManualNode.Recorded<?>, String> asked = new LinkedHashMap<>();
    private final Map<ManualNode.Scripted, ManualNode.Recorded<Void>> departures =
        new LinkedHashMap<>();
    private final TreeSet<Authority> composed = new TreeSet<>();
    private long version;

    Run(long seed) {
      random = new Random(seed);
      for (PartKind kind : PartKind.values()) {
        all.add(node.add(kind, kind.label() + "-1", 1));
        all.add(node.add(kind, kind.label() + "-2", 2));
      }
      present.addAll(all);
      all.stream()
          .filter(part -> part.part.kind() == PartKind.PROVIDER)
          .forEach(part -> part.onStart = context -> context.topology().view(nodes("b:1")));
    }

    void check() {
      for (int i = 0; i < STEPS; i++) {
        step();
        verify();
      }
      bringBack();
      verify();
      assertEquals(ClusterState.RUNNING, node.state());
      assertEquals(List.of(SELF, at("b:1")), node.members());
      assertEquals(
          List.of(1, 1, 1, 1, 1),
          all.stream().map(part -> part.running).filter(count -> count != 0).toList());
      asked.forEach((ending, what) -> assertEquals(1, ending.ends().size(), what));
      node.shutdown();
      assertEquals(0, node.loop.timers());
      assertEquals(ManualNode.WORKERS, node.loop.openWorkers());
    }

    private void step() {
      ManualNode.Scripted any = all.get(random.nextInt(all.size()));
      String worker = any.part.toString();
      switch (random.nextInt(12)) {
        case 0, 1 -> asked.put(node.start(), "start");
        case 2 -> asked.put(node.shutdown(), "shutdown");
        case 3, 4 -> {
          if (present.contains(any)) {
            takeOut(any);
          } else {
            putBack(any);
          }
        }
        case 5 -> node.loop.hold(worker, true);
        case 6 -> node.loop.hold(worker, false);
        case 7 -> any.startFails = any.startFails == null ? new ClusterException("scripted") : null;
        case 8 -> asked.put(node.swap("provider-" + (1 + random.nextInt(2))), "swap");
        case 9 -> asked.put(node.block("b:1"), "block");
        case 10 -> asked.put(node.unblock("b:1"), "unblock");
        case 11 -> node.pass(Duration.ofMillis(random.nextInt(8_000)));
        default -> throw new AssertionError("no such step");
      }
      node.loop.run();
    }

    private void takeOut(ManualNode.Scripted part) {
      present.remove(part);
      departures.put(part, node.remove(part));
      asked.put(departures.get(part), "remove " + part.part);
    }

    /** Its bundle comes back only after the node has let go of it. */
    private void putBack(ManualNode.Scripted part) {
      ManualNode.Recorded<Void> departure = departures.get(part);
      if (departure != null && !departure.ends().isEmpty()) {
        present.add(part);
        node.core.add(part.part);
      }
    }

    /** Whatever was taken out, held or broken is put right, and time passes: then the order must not matter any more. */
    private void bringBack() {
      for (ManualNode.Scripted part : all) {
        part.startFails = null;
        node.loop.hold(part.part.toString(), false);
      }
      node.pass(Duration.ofSeconds(70));
      all.stream().filter(part -> !present.contains(part)).forEach(this::putBack);
      node.pass(Duration.ofSeconds(70));
      node.start();
      node.unblock("b:1");
      node.pass(Duration.ofSeconds(70));
    }

    private void verify() {
      node.told().forEach(this::compose);
      NodeStatus shown = node.shown();
      if (shown.state()
          != ClusterState.STOPPING) { // the member list goes before the transport (E4)
        assertEquals(List.copyOf(composed), others(shown.topology().view().authorities()));
      }
      if (shown.state() == ClusterState.RUNNING) {
        assertTrue(shown.topology().view().contains(SELF), "self is a member");
      }
      for (PartKind kind : PartKind.values()) {
        long running = all.stream()
            .filter(part -> part.part.kind() == kind)
            .mapToLong(part -> part.running)
            .sum();
        boolean held = all.stream().anyMatch(part -> part.running > 0 && isHeld(part));
        assertTrue(
            running <= 1 || held || (kind == PartKind.PROVIDER && running == 2), kind::label);
      }
      all.forEach(part -> assertTrue(part.running <= 1, part.part + " runs twice"));
    }

    private boolean isHeld(ManualNode.Scripted part) {
      return node.loop.isHeld(part.part.toString());
    }

    private void compose(ClusterEvent event) {
      if (event instanceof TopologyUpdated update) {
        assertTrue(update.topology().version() > version, () -> event + " after " + version);
        version = update.topology().version();
        assertTrue(composed.containsAll(others(update.left())), event::toString);
        update.joined().forEach(address -> assertTrue(composed.add(address), event::toString));
        composed.removeAll(update.left());
        assertEquals(List.copyOf(composed), others(update.view().authorities()));
      } else if (event instanceof Shutdown
          || event instanceof ShutdownFailed
          || event instanceof StartupFailed) {
        composed.clear();
        version = 0;
      }
    }

    private static List<Authority> others(List<Authority> addresses) {
      return addresses.stream().filter(address -> !address.equals(SELF)).toList();
    }
  }
}
