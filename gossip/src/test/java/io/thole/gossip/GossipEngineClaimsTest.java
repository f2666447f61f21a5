package io.thole.gossip;

import static io.thole.gossip.SoleEngine.accused;
import static io.thole.gossip.SoleEngine.alive;
import static io.thole.gossip.SoleEngine.left;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.GossipNote.Kind;
import io.thole.gossip.Update.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A member that names the address of another one with a later start, as delivery.md 7 has it: the victim stays. */
class GossipEngineClaimsTest {
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId VICTIM = EngineNetwork.node(1);
  private static final NodeId ATTACKER = EngineNetwork.node(2);
  private static final NodeId THREE = EngineNetwork.node(3);
  private static final NodeId FOUR = EngineNetwork.node(4);
  private static final NodeId NEXT = new NodeId(VICTIM.authority(), VICTIM.incarnation() + 1);
  private static final NodeId LAST = new NodeId(VICTIM.authority(), Long.MAX_VALUE);

  private final SoleEngine self = SoleEngine.among(6);

  /** Returns everything that may be said of a start. */
  private static List<Update> claims(NodeId start) {
    return List.of(
        alive(start, 0),
        accused(Claim.SUSPECT, start, 0, ATTACKER, THREE, FOUR),
        accused(Claim.DEAD, start, 0, ATTACKER, THREE, FOUR),
        left(start, 0));
  }

  @Test // J4
  void believesInNoLaterStartThatOthersNameWhileTheMemberAnswers() {
    for (Update claim : claims(NEXT)) {
      self.say(ATTACKER, claim);
      self.say(ATTACKER, new GossipMessage.Buckets(-1, false), claim);
      self.run(SECOND);
    }
    self.run(60 * SECOND);
    self.say(THREE, alive(VICTIM, 1));

    assertEquals(1, self.known().get(VICTIM));
    assertEquals(List.of(), self.noted(VICTIM));
    assertEquals(List.of(), self.left);
    assertEquals(List.of(), self.joined);
    assertTrue(
        self.said().stream().noneMatch(update -> update.node().equals(NEXT)), "it is passed on");
  }

  @Test // J4
  void asksTheMemberAndItsAddressInstead() {
    self.say(ATTACKER, alive(NEXT, 0));

    assertEquals(List.of(VICTIM.authority()), self.dials);
    assertEquals(VICTIM, self.sends.get(0).to());
    assertTrue(self.sends.get(0).message().body() instanceof GossipMessage.Ping);
  }

  @Test // J2: who is said to be there need not be; the usual verdict decides of who was
  void givesTheMemberTheUsualTimeToAnswer() {
    self.silent.add(VICTIM);

    self.say(ATTACKER, alive(NEXT, 0));
    self.run(2 * SECOND);
    assertTrue(self.knows(VICTIM), "it may have stood still");
    assertTrue(self.noted(VICTIM).contains(Kind.SUSPECTED));
    self.say(THREE, accused(Claim.DEAD, VICTIM, 0, ATTACKER, THREE, FOUR));
    self.say(ATTACKER, alive(NEXT, 0));

    assertTrue(self.knows(NEXT));
  }

  @Test // D10, G5
  void believesALaterStartThatSaysSoItself() {
    self.say(ATTACKER, alive(NEXT, 0));
    self.say(NEXT, alive(NEXT, 0));
    self.run(SECOND);

    assertTrue(self.knows(NEXT));
    assertEquals(List.of(VICTIM), self.left);
    assertEquals(List.of(NEXT), self.joined);
  }

  @Test // whoever lies must not have others work more than it does itself
  void asksFewAtOnceHoweverManyAreNamed() {
    SoleEngine many = SoleEngine.among(200);
    many.silent.addAll(EngineNetwork.nodes(201));
    many.sends.clear();
    Update[] claims = EngineNetwork.nodes(201).subList(1, 201).stream()
        .map(node -> alive(new NodeId(node.authority(), Long.MAX_VALUE), 0))
        .toArray(Update[]::new);

    for (int i = 0; i < 10; i++) {
      many.say(ATTACKER, claims);
    }

    assertEquals(16, many.sends.size());
    assertEquals(16, many.dials.size());
  }

  @Test // J4: a start that nobody has met keeps no other out, neither there nor gone
  void letsInWhoeverIsThereInThePlaceOfOneThatNobodyHasMet() {
    for (List<Update> said : List.of(
        List.of(alive(LAST, 0)),
        List.of(left(LAST, 0)),
        List.of(accused(Claim.DEAD, LAST, 0, ATTACKER, THREE, FOUR)),
        List.of(alive(LAST, 0), left(LAST, 0)))) {
      SoleEngine reader = SoleEngine.among(6);
      reader.silent.add(LAST); // nobody is there
      reader.say(THREE, left(VICTIM, 0));
      said.forEach(update -> reader.say(ATTACKER, update));
      reader.run(SECOND);
      reader.joined.clear();

      reader.say(THREE, alive(NEXT, 0));
      assertFalse(reader.knows(NEXT), "by hearsay");
      reader.say(NEXT, new GossipMessage.Buckets(-1, false), alive(NEXT, 0));
      reader.say(ATTACKER, said.toArray(Update[]::new));
      reader.run(60 * SECOND);

      assertTrue(reader.knows(NEXT), () -> "after " + said);
      assertEquals(List.of(NEXT), reader.joined);
      assertEquals(NEXT, reader.engine.memberAt(VICTIM.authority()).orElseThrow());
    }
  }

  @Test // J4
  void letsInWhoeverIsProposedThoughOthersSayThatALaterStartHasGone() {
    self.say(THREE, left(VICTIM, 0));
    self.say(ATTACKER, left(LAST, 0));

    GossipOutcome outcome = self.engine.onProposed(List.of(NEXT), self.nowNanos);

    assertTrue(self.knows(NEXT));
    assertEquals(List.of(), outcome.left());
  }

  @Test // J4: what was met is no hearsay
  void keepsOutAnEarlierStartOfOneThatItHasMet() {
    self.say(NEXT, alive(NEXT, 0));
    self.say(VICTIM, alive(VICTIM, 7));
    assertTrue(self.knows(NEXT));

    self.say(THREE, accused(Claim.DEAD, NEXT, 0, ATTACKER, THREE, FOUR));
    self.say(VICTIM, alive(VICTIM, 8));
    self.engine.onProposed(List.of(VICTIM), self.nowNanos);

    assertTrue(self.engine.memberAt(VICTIM.authority()).isEmpty());
  }

  @Test // J4: nor does a later start that one has heard of bring back who was removed before it
  void keepsOutWhoWasRemovedBeforeOneThatItHasNotMet() {
    self.say(THREE, accused(Claim.DEAD, VICTIM, 3, ATTACKER, THREE, FOUR));
    self.say(THREE, alive(NEXT, 0));

    self.say(VICTIM, new GossipMessage.Buckets(-1, false), alive(VICTIM, 3));

    assertTrue(self.knows(NEXT));
  }

  @Test // delivery.md 7
  void keepsAllViewsHoweverOftenAMemberForgesALaterStart() {
    for (long seed = 1; seed <= 20; seed++) {
      EngineNetwork network = EngineNetwork.of(6, seed);
      network.run(2 * SECOND);

      for (int second = 0; second < 60; second++) {
        forge(network, EngineNetwork.nodes(6));
        network.run(SECOND);
      }

      for (NodeId node : EngineNetwork.nodes(6)) {
        assertEquals(new TreeSet<>(EngineNetwork.nodes(6)), network.view(node), "seed " + seed);
      }
      assertEquals(List.of(), network.noted(Kind.DIED, VICTIM), "seed " + seed);
      assertEquals(List.of(), network.noted(Kind.LEFT, VICTIM), "seed " + seed);
      assertEquals(List.of(), network.noted(Kind.SUSPECTED, VICTIM), "seed " + seed);
    }
  }

  @Test // D10, G5, delivery.md 7
  void letsTheRestartedInThoughAMemberForgesALaterStart() {
    for (long seed = 1; seed <= 20; seed++) {
      EngineNetwork network = EngineNetwork.of(6, seed);
      network.run(2 * SECOND);
      List<NodeId> others = new ArrayList<>(EngineNetwork.nodes(6));
      others.remove(VICTIM);

      network.crash(VICTIM);
      for (int second = 0; second < 20; second++) {
        forge(network, others);
        network.run(SECOND);
      }
      network.start(NEXT, true);
      others.forEach(other -> network.connect(NEXT, other)); // as links do
      for (int second = 0; second < 20; second++) {
        forge(network, others);
        network.run(SECOND);
      }

      others.add(NEXT);
      for (NodeId node : others) {
        assertEquals(new TreeSet<>(others), network.view(node), "seed " + seed + ", at " + node);
      }
    }
  }

  private static void forge(EngineNetwork network, List<NodeId> listeners) {
    for (NodeId listener : listeners) {
      if (!listener.equals(ATTACKER)) {
        claims(LAST).forEach(claim -> network.say(ATTACKER, listener, claim));
      }
    }
  }
}
