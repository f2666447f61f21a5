package io.thole.gossip;

import static io.thole.gossip.SoleEngine.SELF;
import static io.thole.gossip.SoleEngine.accused;
import static io.thole.gossip.SoleEngine.alive;
import static io.thole.gossip.SoleEngine.left;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.Update.Claim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What statements add up to, whatever their order: J3, J4. */
class GossipEngineMergeTest {
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId ONE = EngineNetwork.node(1);
  private static final NodeId TWO = EngineNetwork.node(2);
  private static final NodeId THREE = EngineNetwork.node(3);
  private static final NodeId FOUR = EngineNetwork.node(4);
  private static final NodeId FIVE = EngineNetwork.node(5);
  private static final NodeId NEXT = new NodeId(ONE.authority(), ONE.incarnation() + 1);

  private final SoleEngine self = SoleEngine.among(6);

  /**
   * Some histories: each subject, who is known everywhere, has refuted a few times, has been suspected, and died or left once at
   * most. Whoever says something of a refutation had it from the subject, so its own word of each goes round, too. The accusers are
   * members of whom nothing is said: a certificate counts for as much as its accusers do in the view of whoever reads it.
   */
  private static List<Update> histories(Random random) {
    List<Update> said = new ArrayList<>();
    for (int number = 5; number <= 12; number++) {
      NodeId subject = EngineNetwork.node(number);
      int refutations = random.nextInt(4);
      for (int refutation = 0; refutation <= refutations; refutation++) {
        said.add(alive(subject, refutation));
        if (random.nextBoolean()) {
          NodeId accuser = EngineNetwork.node(1 + random.nextInt(4));
          said.add(accused(Claim.SUSPECT, subject, refutation, accuser));
        }
      }
      int last = random.nextInt(refutations + 1);
      switch (random.nextInt(3)) {
        case 0 -> said.add(accused(Claim.DEAD, subject, last, ONE, TWO, THREE));
        case 1 -> said.add(left(subject, last));
        default -> {}
      }
    }
    return said;
  }

  /** Returns the members that the histories leave, with their refutations. */
  private static Map<NodeId, Integer> remaining(List<Update> said) {
    Map<NodeId, Integer> remaining = new TreeMap<>();
    remaining.put(SELF, 0);
    EngineNetwork.nodes(13).subList(1, 13).forEach(node -> remaining.put(node, 0));
    said.forEach(update -> remaining.merge(update.node(), update.refutation(), Math::max));
    said.stream()
        .filter(update -> update.claim() == Claim.DEAD || update.claim() == Claim.LEFT)
        .forEach(update -> remaining.remove(update.node(), update.refutation()));
    return remaining;
  }

  private static void assertMerges(GossipSettings settings) {
    for (long seed = 1; seed <= 100; seed++) {
      Random random = new Random(seed);
      List<Update> said = histories(random);
      Map<NodeId, Integer> expected = remaining(said);

      for (int run = 0; run < 8; run++) {
        List<Update> order = new ArrayList<>(said);
        order.addAll(said.subList(0, random.nextInt(said.size())));
        Collections.shuffle(order, random);
        SoleEngine reader =
            new SoleEngine(settings, true, EngineNetwork.nodes(13).subList(1, 13));
        order.forEach(update -> reader.say(EngineNetwork.node(1 + random.nextInt(4)), update));

        assertEquals(expected, reader.known(), settings.name() + ", seed " + seed + ", run " + run);
      }
    }
  }

  @Test // J3
  void readsStatementsInAnyOrderAndAnyNumberAlike() {
    assertMerges(GossipSettings.swim());
    assertMerges(GossipSettings.thole());
  }

  @Test // J3: concurrent changes on two nodes both survive
  void keepsBothOfTwoChangesThatTwoHaveSeen() {
    for (long seed = 1; seed <= 20; seed++) {
      EngineNetwork network = EngineNetwork.of(5, seed);
      network.run(2 * SECOND);
      NodeId come = EngineNetwork.node(10);
      network.start(come, true);
      network.propose(come, List.of(EngineNetwork.node(1)));

      network.connect(come, EngineNetwork.node(1));
      network.leave(EngineNetwork.node(4));
      network.run(2 * SECOND);

      List<NodeId> expected = new ArrayList<>(EngineNetwork.nodes(4));
      expected.add(come);
      for (NodeId node : expected) {
        assertEquals(new TreeSet<>(expected), network.view(node), "seed " + seed + ", at " + node);
      }
    }
  }

  @Test // J4
  void bringsNobodyBackByHearsay() {
    self.say(ONE, alive(FIVE, 2));
    self.say(ONE, accused(Claim.DEAD, FIVE, 2, ONE, TWO, THREE));
    assertFalse(self.knows(FIVE));

    for (int refutation = 0; refutation <= 2; refutation++) {
      self.say(TWO, alive(FIVE, refutation));
      self.say(TWO, accused(Claim.SUSPECT, FIVE, refutation, TWO));
      self.say(TWO, new GossipMessage.Buckets(-1, false), alive(FIVE, refutation));
      self.say(FIVE, new GossipMessage(refutation, 0, new GossipMessage.Rumors(), List.of()));
    }
    self.run(3_600 * SECOND);
    self.say(TWO, alive(FIVE, 2));

    assertFalse(self.knows(FIVE));
  }

  @Test // J4: whoever was taken for dead comes back by refuting
  void takesBackWhoeverRefutes() {
    self.say(ONE, accused(Claim.DEAD, FIVE, 2, ONE, TWO, THREE));
    self.say(TWO, alive(FIVE, 3));
    assertEquals(3, self.known().get(FIVE));

    self.say(ONE, left(FOUR, 0));
    self.say(FOUR, new GossipMessage(1, 0, new GossipMessage.Rumors(), List.of()));

    assertEquals(1, self.known().get(FOUR));
  }

  @Test // J4: and is told what is said of it
  void tellsTheRemovedThatTheyAre() {
    self.say(ONE, accused(Claim.DEAD, FIVE, 0, ONE, TWO, THREE));
    self.sends.clear();

    self.say(FIVE, new GossipMessage.Rumors());
    assertEquals(List.of(), self.sends, "else two that do not refute would answer for ever");
    self.say(FIVE, new GossipMessage.Ping(1));

    assertEquals(FIVE, self.sends.get(0).to());
    assertEquals(
        List.of(accused(Claim.DEAD, FIVE, 0, ONE, TWO, THREE)),
        self.sends.get(0).message().updates());
  }

  @Test // D10: old left, new joined; never two at one address
  void replacesAStartByALaterOne() {
    self.say(NEXT, alive(NEXT, 0));
    self.run(SECOND);

    assertEquals(List.of(NEXT), self.joined);
    assertEquals(List.of(ONE), self.left);
    assertFalse(self.knows(ONE));
    assertEquals(NEXT, self.engine.memberAt(ONE.authority()).orElseThrow());
    assertEquals(7, self.engine.size());
  }

  @Test // J4
  void neverReplacesAStartByAnEarlierOne() {
    self.say(NEXT, alive(NEXT, 0));

    self.say(TWO, alive(ONE, 1_000_000));
    self.say(TWO, accused(Claim.DEAD, ONE, 1_000_000, TWO, THREE, FOUR));
    assertTrue(self.knows(NEXT));

    self.say(TWO, accused(Claim.DEAD, NEXT, 0, TWO, THREE, FOUR));
    self.say(TWO, alive(ONE, 1_000_000));
    assertTrue(self.engine.memberAt(ONE.authority()).isEmpty());
  }

  @Test // membership.md 1.4: once at once, then later and later
  void letsOneThatFlapsInLater() {
    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE, FOUR));
    self.say(TWO, alive(ONE, 1));
    assertTrue(self.knows(ONE));

    self.say(TWO, accused(Claim.DEAD, ONE, 1, TWO, THREE, FOUR));
    self.say(TWO, alive(ONE, 2));
    assertFalse(self.knows(ONE));
    self.run(2 * SECOND);
    self.say(TWO, alive(ONE, 2));

    assertTrue(self.knows(ONE));
  }

  @Test // B6
  void publishesNothingOfWhoCameAndWent() {
    NodeId guest = EngineNetwork.node(20);
    self.say(TWO, alive(guest, 0));
    self.say(TWO, left(guest, 0));
    self.say(TWO, left(ONE, 0));
    self.run(SECOND);

    assertEquals(List.of(), self.joined);
    assertEquals(List.of(ONE), self.left);
  }
}
