package io.thole.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.gossip.GossipNote;
import io.thole.gossip.GossipSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final long SEED = 3;

  private final Simulation simulation = new Simulation(GossipSettings.thole(), SEED);

  @Test
  void hasTheSameTraceWithTheSameSeedAndAnotherWithAnother() {
    List<Long> traces = new ArrayList<>();
    for (long seed : new long[] {7, 7, 8}) {
      Simulation run = new Simulation(GossipSettings.thole(), seed);
      run.cluster(20);
      run.network().lose(0.1);
      run.run(5 * Span.SECOND);
      run.crash(3);
      run.join(20, 0, 1);
      run.pause(4);
      run.block(5);
      run.run(10 * Span.SECOND);
      run.resume(4);
      run.unblock(5);
      run.run(10 * Span.SECOND);
      traces.add(run.trace());
    }

    assertEquals(traces.get(0), traces.get(1));
    assertNotEquals(traces.get(0), traces.get(2));
  }

  @Test
  void countsForHowLongNodesLive() {
    simulation.cluster(10);
    simulation.run(2 * Span.SECOND);

    simulation.crash(0);
    simulation.run(2 * Span.SECOND);

    assertEquals(10 * 2 + 9 * 2, simulation.nodeSeconds(), 1e-6);
  }

  @Test
  void countsMessagesWithTheirHeaders() {
    simulation.cluster(2);

    simulation.run(10 * Span.SECOND);

    long messages = simulation.messages();
    assertTrue(messages > 20, messages + " messages");
    assertTrue(simulation.bytes() > messages * (Simulation.HEADER_BYTES + 10));
  }

  @Test
  void crashesWithoutAWord() {
    simulation.cluster(8);
    simulation.run(5 * Span.SECOND);

    simulation.crash(2);
    simulation.run(500 * Span.MILLI);
    assertEquals(7, simulation.views().wrong());

    assertTrue(simulation.runUntilAllRight(30 * Span.SECOND), "seed " + SEED);
    assertEquals(7, simulation.engine(0).size());
  }

  @Test // row 4: a closed port is evidence
  void killsSoThatConnectionsAreResetAndRefused() {
    simulation.cluster(8);
    simulation.run(5 * Span.SECOND);

    simulation.kill(2);

    assertTrue(simulation.runUntilAllRight(Span.SECOND), "seed " + SEED);
  }

  @Test
  void letsWhoJoinsDialItsSeedsUntilOneIsThere() {
    int early = simulation.join(0, 1);
    simulation.run(3 * Span.SECOND);
    assertEquals(1, simulation.engine(early).size());

    int late = simulation.join(1, 0);

    assertTrue(simulation.runUntilAllRight(5 * Span.SECOND), "seed " + SEED);
    assertEquals(2, simulation.engine(late).size());
  }

  @Test
  void letsAnotherStartTakeTheAddressOfOneThatIsGone() {
    simulation.cluster(5);
    simulation.run(5 * Span.SECOND);

    simulation.kill(4);
    int again = simulation.join(4, 0);

    assertTrue(simulation.runUntilAllRight(10 * Span.SECOND), "seed " + SEED);
    assertNotEquals(simulation.id(4), simulation.id(again));
    assertEquals(simulation.id(4).authority(), simulation.id(again).authority());
    assertTrue(simulation.engine(0).members().contains(simulation.id(again)));
  }

  @Test
  void keepsWhatABlockedNodeSendsAndReceivesUntilItIsNotBlockedAnyMore() {
    simulation.cluster(2);
    simulation.run(5 * Span.SECOND);
    simulation.countFromHere();
    Map<GossipNote.Kind, Integer> notes = countAbout(1);

    simulation.block(1);
    simulation.run(2 * Span.SECOND);
    assertTrue(notes.containsKey(GossipNote.Kind.SUSPECTED), notes + ", seed " + SEED);
    assertFalse(notes.containsKey(GossipNote.Kind.REFUTED), notes + ", seed " + SEED);

    simulation.unblock(1);
    simulation.run(100 * Span.MILLI);
    assertEquals(1, notes.get(GossipNote.Kind.REFUTED), notes + ", seed " + SEED);
    assertEquals(1, notes.get(GossipNote.Kind.RECOVERED), notes + ", seed " + SEED);
  }

  @Test
  void doesNothingAtANodeThatIsPaused() {
    simulation.cluster(3);
    simulation.run(5 * Span.SECOND);
    simulation.pause(0);
    simulation.pause(1);
    simulation.pause(2);
    simulation.run(10 * Span.MILLI); // what is under way arrives and waits
    simulation.countFromHere();

    simulation.run(60 * Span.SECOND);
    assertEquals(0, simulation.messages());

    simulation.resume(0);
    simulation.resume(1);
    simulation.resume(2);
    simulation.run(2 * Span.SECOND);
    assertTrue(simulation.messages() > 0);
  }

  private Map<GossipNote.Kind, Integer> countAbout(int subject) {
    Map<GossipNote.Kind, Integer> notes = new EnumMap<>(GossipNote.Kind.class);
    simulation.watch(new Watcher() {
      @Override
      public void onNote(int node, GossipNote note, int about, long nowNanos) {
        if (about == subject) {
          notes.merge(note.kind(), 1, Integer::sum);
        }
      }
    });
    return notes;
  }
}
