package io.thole.gossip;

import static io.thole.gossip.EngineNetwork.node;
import static io.thole.gossip.SoleEngine.SELF;
import static io.thole.gossip.SoleEngine.accused;
import static io.thole.gossip.SoleEngine.alive;
import static io.thole.gossip.SoleEngine.gone;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine.Link;
import io.thole.gossip.GossipNote.Kind;
import io.thole.gossip.Update.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How one node suspects, is suspected, and finds others dead: membership.md 1.1 to 1.4. */
class GossipEngineSuspicionTest {
  private static final long MS = EngineNetwork.MS;
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId ONE = EngineNetwork.node(1);
  private static final NodeId TWO = EngineNetwork.node(2);
  private static final NodeId THREE = EngineNetwork.node(3);
  private static final NodeId FOUR = EngineNetwork.node(4);
  private static final NodeId FIVE = EngineNetwork.node(5);
  private static final NodeId STRANGER = EngineNetwork.node(100);

  private final SoleEngine self = SoleEngine.among(6);

  @Test // J5
  void tellsASuspicionOnceAndTheRecoveryOnce() {
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO));
    self.say(THREE, accused(Claim.SUSPECT, ONE, 0, TWO));
    self.say(THREE, accused(Claim.SUSPECT, ONE, 0, THREE));
    assertTrue(self.engine.suspects(ONE));
    assertEquals(List.of(Kind.SUSPECTED), self.noted(ONE));

    self.say(THREE, alive(ONE, 1));
    self.say(FOUR, alive(ONE, 1));
    self.run(10 * SECOND);

    assertFalse(self.engine.suspects(ONE));
    assertEquals(List.of(Kind.SUSPECTED, Kind.RECOVERED), self.noted(ONE));
    assertTrue(self.knows(ONE));
  }

  @Test // J5: confirmed by others
  void passesOnWhoAccusesAndAddsItsOwnWord() {
    self.silent.add(ONE);
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO));
    self.run(SECOND);

    assertTrue(self.said().contains(accused(Claim.SUSPECT, ONE, 0, TWO)));
    assertTrue(self.said().contains(accused(Claim.SUSPECT, ONE, 0, TWO, SELF)));
  }

  @Test // J5
  void refutesWhatIsSaidOfItselfByWhatIsLarger() {
    self.say(TWO, accused(Claim.SUSPECT, SELF, 0, ONE));
    self.say(THREE, accused(Claim.SUSPECT, SELF, 0, TWO));
    assertEquals(1, self.engine.refutation());
    assertEquals(List.of(Kind.REFUTED), self.noted(SELF));

    self.say(THREE, accused(Claim.DEAD, SELF, 5, ONE, TWO));
    self.run(SECOND);

    assertEquals(6, self.engine.refutation());
    assertTrue(self.said().contains(alive(SELF, 6)));
    assertTrue(self.knows(SELF));
  }

  @Test
  void isNotTroubledByWhatIsSaidOfAnotherStartAtItsAddress() {
    self.say(TWO, accused(Claim.DEAD, new NodeId(SELF.authority(), 1), 7, ONE, TWO, THREE));
    self.say(TWO, alive(SELF, 0));

    assertEquals(0, self.engine.refutation());
  }

  @Test // J3
  void takesNoWordThatTheSubjectHasRefuted() {
    self.say(ONE, alive(ONE, 3));
    self.say(TWO, accused(Claim.SUSPECT, ONE, 2, TWO));
    self.say(TWO, accused(Claim.DEAD, ONE, 2, TWO, THREE, FOUR));
    self.say(TWO, SoleEngine.left(ONE, 2));

    assertFalse(self.engine.suspects(ONE));
    assertEquals(3, self.known().get(ONE));
  }

  @Test // J5: one that is suspected again at once is told once, and recovers when it refutes again
  void takesANewSuspicionOfOneThatHasRefuted() {
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO));
    self.say(ONE, alive(ONE, 1));
    self.say(TWO, accused(Claim.SUSPECT, ONE, 1, TWO));
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO, THREE, FOUR));
    assertTrue(self.engine.suspects(ONE));

    self.say(
        ONE, new GossipMessage(2, self.engine.viewHash(), new GossipMessage.Rumors(), List.of()));

    assertFalse(self.engine.suspects(ONE));
    assertEquals(
        List.of(Kind.SUSPECTED, Kind.RECOVERED, Kind.SUSPECTED, Kind.RECOVERED), self.noted(ONE));
  }

  @Test // after a restart of many, those who accused before are known to nobody
  void hearsAccusersWhoCountWhereTheListIsFullOfSuchAsDoNot() {
    NodeId[] gone = {node(101), node(102), node(103), node(104), node(105), node(106)};
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, gone));
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO));
    self.say(THREE, accused(Claim.SUSPECT, ONE, 0, THREE));
    self.say(FOUR, accused(Claim.SUSPECT, ONE, 0, FOUR));
    self.run(3 * SECOND);

    assertFalse(self.knows(ONE));
  }

  @Test // membership.md 1.4: a death certificate
  void takesADeathThatNamesEnoughAccusers() {
    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE, FOUR));
    self.run(SECOND);

    assertFalse(self.knows(ONE));
    assertEquals(List.of(Kind.DIED), self.noted(ONE));
    assertEquals(List.of(ONE), self.left);
    assertTrue(self.said().contains(accused(Claim.DEAD, ONE, 0, TWO, THREE, FOUR)));
  }

  @Test // membership.md 1.4: without it a death is a suspicion
  void onlySuspectsWhereADeathNamesTooFew() {
    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE));
    assertTrue(self.engine.suspects(ONE));

    self.run(60 * SECOND);

    assertTrue(self.knows(ONE), "two of three, and it answers this node");
  }

  @Test // membership.md 1.4
  void countsNoStrangerNoSuspectAndNotTheSubjectAsAccuser() {
    self.say(TWO, accused(Claim.SUSPECT, FIVE, 0, TWO));

    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE, STRANGER));
    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE, FIVE));
    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE, ONE));
    self.say(
        TWO,
        accused(
            Claim.DEAD, ONE, 0, TWO, THREE, new NodeId(FOUR.authority(), FOUR.incarnation() - 1)));
    assertTrue(self.knows(ONE));

    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE, FOUR));
    assertFalse(self.knows(ONE));
  }

  @Test // membership.md 1.3: the more accuse, the sooner; K distinct ones are needed
  void letsASuspicionExpireTheSoonerTheMoreAccuse() {
    long three = deathSeconds(TWO, THREE, FOUR);
    long two = deathSeconds(TWO, THREE);
    long one = deathSeconds(TWO);

    assertEquals(1, three);
    assertTrue(two >= 60 && one >= 60, "it answers this node: " + two + ", " + one);
  }

  private static long deathSeconds(NodeId... accusers) {
    SoleEngine sole = SoleEngine.among(6);
    sole.say(TWO, accused(Claim.SUSPECT, ONE, 0, accusers));
    long begin = sole.nowNanos;
    while (sole.knows(ONE) && sole.nowNanos - begin <= 60 * SECOND) {
      sole.run(100 * MS);
    }
    return (sole.nowNanos - begin) / SECOND;
  }

  @Test // membership.md 1.1 (b), 1.3: this node is the third
  void accusesWhomItCannotReachItself() {
    self.silent.add(ONE);
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO, THREE));

    self.run(5 * SECOND);

    assertFalse(self.knows(ONE));
    assertTrue(self.said().contains(accused(Claim.DEAD, ONE, 0, TWO, THREE, SELF)));
  }

  @Test // Lifeguard's buddy system, membership.md 1.3
  void tellsASuspectWithTheNextMessageToIt() {
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO));
    self.run(2 * SECOND); // until nobody else would be told
    self.run(2 * SECOND);
    self.sends.clear();

    self.say(ONE, new GossipMessage.Ping(1));

    assertEquals(ONE, self.sends.get(0).to());
    assertEquals(accused(Claim.SUSPECT, ONE, 0, TWO), self.said().get(0));
  }

  @Test // D3, membership.md 1.1 (c)
  void suspectsWhoseConnectionIsLost() {
    self.link(ONE, Link.LOST);
    self.link(STRANGER, Link.LOST);

    assertTrue(self.engine.suspects(ONE));
    assertFalse(self.engine.suspects(STRANGER));
    assertTrue(self.knows(ONE));
  }

  @Test // G4, membership.md 1.1 (c): two refusals, two accusers
  void findsDeadWhosePortIsClosedForTwo() {
    self.link(ONE, Link.REFUSED);
    self.link(ONE, Link.REFUSED);
    assertFalse(self.engine.suspects(ONE), "at one moment they are one refusal");

    self.nowNanos += 50 * MS;
    self.link(ONE, Link.REFUSED);
    assertTrue(self.engine.suspects(ONE));
    assertTrue(self.knows(ONE));

    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO));
    assertTrue(self.knows(ONE), "silence is not a closed port");
    self.say(TWO, gone(ONE, TWO));
    assertFalse(self.knows(ONE));
  }

  @Test // membership.md 1.1 (c)
  void countsNoClosedPortThatAStrangerOrASuspectSaw() {
    self.say(TWO, accused(Claim.SUSPECT, FIVE, 0, TWO));

    self.say(TWO, gone(ONE, STRANGER, FIVE, ONE));
    self.say(TWO, gone(ONE, TWO));
    assertTrue(self.knows(ONE));

    self.say(THREE, gone(ONE, THREE));
    assertFalse(self.knows(ONE));
  }

  @Test // membership.md 1.1 (c): a connection that stands again clears the first refusal
  void forgetsARefusalOnceAConnectionStands() {
    self.link(ONE, Link.REFUSED);
    self.nowNanos += 50 * MS;
    self.link(ONE, Link.UP);
    self.nowNanos += 50 * MS;
    self.link(ONE, Link.REFUSED);

    assertFalse(self.engine.suspects(ONE));
  }

  @Test // G4: one accuser where there are only two nodes
  void findsDeadWhosePortIsClosedWhereNobodyElseIsLeft() {
    SoleEngine pair = SoleEngine.among(1);

    pair.link(ONE, Link.REFUSED);
    assertTrue(pair.knows(ONE));
    pair.nowNanos += 50 * MS;
    pair.link(ONE, Link.REFUSED);

    assertFalse(pair.knows(ONE));
  }

  @Test // D3: who had said that its connection would go
  void holdsNothingAgainstWhoAnnouncedItsPause() {
    self.silent.add(ONE);
    self.link(ONE, Link.PAUSED);
    self.link(ONE, Link.REFUSED);
    self.nowNanos += 50 * MS;
    self.link(ONE, Link.REFUSED);
    self.run(25 * SECOND);
    assertFalse(self.engine.suspects(ONE));

    self.run(10 * SECOND);

    assertTrue(self.engine.suspects(ONE), "a pause does not last for ever");
  }

  @Test // D3
  void endsAPauseWhenTheConnectionIsBack() {
    self.silent.add(ONE);
    self.link(ONE, Link.PAUSED);
    self.link(ONE, Link.UP);

    self.run(3 * SECOND);

    assertTrue(self.engine.suspects(ONE));
  }
}
