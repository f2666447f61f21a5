package io.thole.gossip;

import static io.thole.gossip.SoleEngine.accused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.GossipNote.Kind;
import io.thole.gossip.Update.Claim;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a handful of engines come to together: membership.md 1. */
class GossipEngineNetworkTest {
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId ONE = EngineNetwork.node(1);
  private static final NodeId TWO = EngineNetwork.node(2);

  private static void assertSame(
      EngineNetwork network, List<NodeId> at, Set<NodeId> expected, long seed) {
    at.forEach(node -> assertEquals(expected, network.view(node), "seed " + seed + ", " + node));
  }

  @Test
  void suspectsNobodyWhereAllIsWell() {
    EngineNetwork network = EngineNetwork.of(8, 1);

    network.run(120 * SECOND);

    assertTrue(
        network.events.stream().allMatch(event -> event.note().kind() == Kind.JOINED),
        network.events.toString());
  }

  @Test // membership.md 1.5: digests find what nobody announced
  void comparesViewsUntilAllAreTheSame() {
    for (long seed = 1; seed <= 10; seed++) {
      EngineNetwork network = new EngineNetwork(GossipSettings.thole(), seed);
      List<NodeId> nodes = EngineNetwork.nodes(10);
      nodes.forEach(node -> network.start(node, true));
      nodes.forEach(node -> network.propose(node, nodes.subList(0, 5)));
      nodes.subList(5, 10).forEach(node -> network.propose(nodes.get(0), List.of(node)));

      network.run(10 * SECOND);

      assertSame(network, nodes, new TreeSet<>(nodes), seed);
    }
  }

  @Test // J2: what is lost is sent again, or found by digests
  void tellsAllOfAJoinAndALeaveThoughMuchIsLost() {
    for (long seed = 1; seed <= 10; seed++) {
      EngineNetwork network = EngineNetwork.of(8, seed);
      network.lose(0.25);
      network.run(2 * SECOND);
      NodeId come = EngineNetwork.node(20);
      network.start(come, true).onConfigured(List.of(ONE.authority())); // tried again and again
      network.leave(TWO);
      network.run(20 * SECOND);
      network.lose(0);
      network.run(10 * SECOND);

      Set<NodeId> expected = new TreeSet<>(EngineNetwork.nodes(8));
      expected.add(come);
      expected.remove(TWO);
      assertSame(network, List.copyOf(expected), expected, seed);
    }
  }

  @Test // G3's silent host: rows 1 to 3
  void findsACrashWithinSeconds() {
    for (long seed = 1; seed <= 10; seed++) {
      EngineNetwork network = EngineNetwork.of(10, seed);
      network.run(3 * SECOND);

      network.crash(ONE);
      network.run(5 * SECOND);

      Set<NodeId> expected = new TreeSet<>(EngineNetwork.nodes(10));
      expected.remove(ONE);
      assertSame(network, List.copyOf(expected), expected, seed);
      assertEquals(9, network.noted(Kind.DIED, ONE).size(), "seed " + seed);
      assertTrue(network.noted(Kind.DIED, TWO).isEmpty(), "seed " + seed);
    }
  }

  @Test // J5
  void refutesAFalseSuspicionBeforeAnybodyDies() {
    for (long seed = 1; seed <= 10; seed++) {
      EngineNetwork network = EngineNetwork.of(8, seed);
      network.run(2 * SECOND);

      network.say(
          EngineNetwork.node(3),
          EngineNetwork.node(4),
          accused(Claim.SUSPECT, ONE, 0, TWO, EngineNetwork.node(3), EngineNetwork.node(5)));
      network.run(5 * SECOND);

      assertSame(network, EngineNetwork.nodes(8), new TreeSet<>(EngineNetwork.nodes(8)), seed);
      List<NodeId> suspected = network.noted(Kind.SUSPECTED, ONE);
      List<NodeId> recovered = network.noted(Kind.RECOVERED, ONE);
      assertEquals(new HashSet<>(suspected), new HashSet<>(recovered), "seed " + seed);
      assertEquals(suspected.size(), new HashSet<>(suspected).size(), "once at each");
      assertEquals(1, network.engine(ONE).refutation(), "seed " + seed);
      assertEquals(List.of(ONE), network.noted(Kind.REFUTED, ONE), "seed " + seed);
    }
  }

  @Test // J4, membership.md 1.4: the denial tells the subject, which refutes
  void takesBackWhoWasDeclaredDeadByMistake() {
    for (long seed = 1; seed <= 10; seed++) {
      EngineNetwork network = EngineNetwork.of(8, seed);
      network.run(2 * SECOND);

      network.say(
          EngineNetwork.node(3),
          EngineNetwork.node(4),
          accused(Claim.DEAD, ONE, 0, TWO, EngineNetwork.node(3), EngineNetwork.node(5)));
      assertEquals(7, network.view(EngineNetwork.node(4)).size());
      network.run(10 * SECOND);

      assertSame(network, EngineNetwork.nodes(8), new TreeSet<>(EngineNetwork.nodes(8)), seed);
      assertTrue(network.engine(ONE).refutation() >= 1, "seed " + seed);
    }
  }

  @Test // G9, row 12
  void healsAPartition() {
    for (long seed = 1; seed <= 5; seed++) {
      EngineNetwork network = EngineNetwork.of(8, seed);
      List<NodeId> all = EngineNetwork.nodes(8);
      network.run(2 * SECOND);
      network.cut(all.subList(0, 4), all.subList(4, 8));
      network.run(60 * SECOND);
      assertSame(network, all.subList(0, 4), new TreeSet<>(all.subList(0, 4)), seed);
      assertSame(network, all.subList(4, 8), new TreeSet<>(all.subList(4, 8)), seed);

      network.heal();
      network.run(15 * SECOND);

      assertSame(network, all, new TreeSet<>(all), seed);
    }
  }

  @Test // membership.md 1.2: the one that is cut off is to blame
  void losesOnlyTheOneThatIsCutOff() {
    for (long seed = 1; seed <= 5; seed++) {
      EngineNetwork network = EngineNetwork.of(8, seed);
      List<NodeId> all = EngineNetwork.nodes(8);
      network.run(2 * SECOND);

      network.cut(all.subList(0, 1), all.subList(1, 8));
      network.run(60 * SECOND);
      assertSame(network, all.subList(0, 1), new TreeSet<>(all), seed);
      assertSame(network, all.subList(1, 8), new TreeSet<>(all.subList(1, 8)), seed);
      network.heal();
      network.run(15 * SECOND);

      assertSame(network, all, new TreeSet<>(all), seed);
    }
  }

  @Test // row 17
  void knowsWhenAllHaveTheSameView() {
    EngineNetwork network = EngineNetwork.of(8, 1);
    network.run(3 * SECOND);
    network.leave(ONE);
    network.run(3 * SECOND);

    network.view(TWO).forEach(node -> assertEquals(7, network.engine(node).agreeing()));
  }

  @Test // D10, G5
  void knowsARestartAsAnotherStart() {
    EngineNetwork network = EngineNetwork.of(6, 1);
    network.run(2 * SECOND);
    NodeId next = new NodeId(ONE.authority(), ONE.incarnation() + 1);
    network.crash(ONE);
    network.start(next, true);
    network.connect(next, TWO);

    network.run(3 * SECOND);

    Set<NodeId> expected = new TreeSet<>(EngineNetwork.nodes(6));
    expected.remove(ONE);
    expected.add(next);
    assertSame(network, List.copyOf(expected), expected, 1);
    assertTrue(network.noted(Kind.DIED, ONE).isEmpty());
    assertEquals(5, network.noted(Kind.LEFT, ONE).size());
  }

  @Test // E3: a client follows, and is nobody's member
  void letsAClientFollow() {
    EngineNetwork network = EngineNetwork.of(6, 1);
    NodeId client = EngineNetwork.node(30);
    network.start(client, false);
    network.connect(client, TWO);
    network.run(5 * SECOND);
    assertEquals(new TreeSet<>(EngineNetwork.nodes(6)), network.view(client));

    network.leave(ONE);
    network.crash(EngineNetwork.node(3));
    network.run(20 * SECOND);

    assertEquals(network.view(TWO), network.view(client));
    assertEquals(4, network.view(TWO).size());
    assertTrue(network.events.stream()
        .filter(event -> !event.at().equals(client))
        .noneMatch(event -> event.note().about().equals(client)));
  }

  @Test
  void runsAlikeFromTheSameSeed() {
    assertEquals(story(3), story(3));
    assertTrue(!story(3).equals(story(4)));
  }

  private static List<EngineNetwork.Event> story(long seed) {
    EngineNetwork network = EngineNetwork.of(8, seed);
    network.lose(0.3);
    network.run(10 * SECOND);
    network.crash(ONE);
    network.run(10 * SECOND);
    return network.events;
  }
}
