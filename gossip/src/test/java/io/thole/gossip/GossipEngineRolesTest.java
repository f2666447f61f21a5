package io.thole.gossip;

import static io.thole.gossip.SoleEngine.SELF;
import static io.thole.gossip.SoleEngine.accused;
import static io.thole.gossip.SoleEngine.alive;
import static io.thole.gossip.SoleEngine.gone;
import static io.thole.gossip.SoleEngine.left;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine.Link;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipNote.Kind;
import io.thole.gossip.Update.Claim;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Clients, those who leave, and those whom somebody who decides lets in or takes out. */
class GossipEngineRolesTest {
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId ONE = EngineNetwork.node(1);
  private static final NodeId TWO = EngineNetwork.node(2);
  private static final NodeId THREE = EngineNetwork.node(3);
  private static final NodeId FOUR = EngineNetwork.node(4);

  private final SoleEngine self = SoleEngine.among(6);
  private final SoleEngine client =
      new SoleEngine(GossipSettings.thole(), false, EngineNetwork.nodes(7).subList(1, 7));

  @Test // E3
  void isNoMemberAsAClient() {
    client.say(ONE, new Digest(Collections.nCopies(Digests.BUCKETS, 0L)));
    client.link(EngineNetwork.node(20), Link.UP);
    client.run(10 * SECOND);

    assertEquals(6, client.engine.size());
    assertFalse(client.engine.members().contains(SELF));
    assertTrue(client.said().stream().noneMatch(update -> update.node().equals(SELF)));
    assertEquals(List.of(), client.engine.watched());
  }

  @Test // E3
  void accusesNobodyAsAClient() {
    client.silent.add(ONE);
    client.link(TWO, Link.LOST);
    client.link(THREE, Link.REFUSED);
    client.nowNanos += SECOND;
    client.link(THREE, Link.REFUSED);

    client.run(60 * SECOND);

    assertEquals(List.of(), client.notes);
    client.say(FOUR, accused(Claim.DEAD, ONE, 0, TWO, THREE, FOUR));
    assertFalse(client.knows(ONE), "it follows");
  }

  @Test // E3: and has nothing to leave
  void saysNoFarewellAsAClient() {
    assertEquals(GossipOutcome.NOTHING, client.engine.leave(client.nowNanos));
  }

  @Test // G3, E5
  void tellsOthersThatItLeavesAndNothingMore() {
    List<GossipOutcome.Send> farewells = self.engine.leave(self.nowNanos).sends();

    Set<NodeId> told = new HashSet<>();
    farewells.forEach(send -> {
      told.add(send.to());
      assertTrue(send.message().updates().contains(left(SELF, 0)));
    });
    assertEquals(new HashSet<>(EngineNetwork.nodes(7).subList(1, 7)), told);
    self.say(ONE, new Ping(1), accused(Claim.SUSPECT, SELF, 0, ONE));
    self.link(ONE, Link.LOST);
    self.run(60 * SECOND);
    assertEquals(GossipOutcome.NOTHING, self.engine.leave(self.nowNanos));
    assertEquals(List.of(), self.sends);
    assertEquals(List.of(), self.notes);
    assertEquals(Long.MAX_VALUE, self.engine.nextDeadlineNanos());
  }

  @Test // J2: the rest hear it from these
  void saysFarewellToSome() {
    SoleEngine large = SoleEngine.among(200);

    List<GossipOutcome.Send> farewells = large.engine.leave(large.nowNanos).sends();

    assertEquals(32, farewells.stream().map(GossipOutcome.Send::to).distinct().count());
    assertEquals(32, farewells.size());
  }

  @Test // G3
  void removesWhoeverSaysThatItLeaves() {
    GossipOutcome outcome = self.engine.onLeaving(ONE, self.nowNanos);
    assertEquals(Kind.LEFT, outcome.notes().get(0).kind());

    self.run(SECOND);

    assertFalse(self.knows(ONE));
    assertEquals(List.of(ONE), self.left);
    assertFalse(self.said().contains(left(ONE, 0))); // it alone knows how often it has refuted
  }

  @Test // J4
  void passesOnTheFarewellOfOneWhoHasSaidThatItLeavesAndLetsNoOlderWordBringItBack() {
    self.engine.onLeaving(ONE, self.nowNanos);
    self.say(TWO, alive(ONE, 3));
    assertFalse(self.knows(ONE));

    self.say(TWO, left(ONE, 4));
    self.run(SECOND);

    assertTrue(self.said().contains(left(ONE, 4)));
    assertFalse(self.knows(ONE));
  }

  @Test // B6: what a provider has shown is published, whoever was going to say it
  void saysThatOneHasLeftWhomAProviderHasShownFirst() {
    NodeId guest = EngineNetwork.node(20);
    self.say(TWO, SoleEngine.alive(guest, 0));
    self.engine.onProposed(List.of(guest), self.nowNanos);
    self.say(TWO, left(guest, 0));
    self.run(SECOND);

    assertEquals(List.of(guest), self.left);
  }

  @Test // F6, H3: nobody's word brings them back
  void keepsOutWhoWasTakenOutUntilItIsProposed() {
    self.engine.onWithdrawn(List.of(ONE), self.nowNanos);
    assertFalse(self.knows(ONE));

    self.say(TWO, alive(ONE, 5));
    self.say(TWO, alive(new NodeId(ONE.authority(), ONE.incarnation() + 1), 0));
    self.say(ONE, new GossipMessage(6, 0, new GossipMessage.Rumors(), List.of(alive(ONE, 6))));
    self.link(ONE, Link.UP);
    self.say(ONE, new GossipMessage.Buckets(-1, true), alive(ONE, 6));
    assertTrue(self.engine.memberAt(ONE.authority()).isEmpty());

    self.engine.onProposed(List.of(ONE), self.nowNanos);
    assertTrue(self.knows(ONE));
    self.run(SECOND);
    assertEquals(List.of(), self.joined, "whoever decides publishes it");
    assertEquals(List.of(), self.left);
  }

  @Test // H7: one start that is blocked does not block another
  void keepsAnotherStartIn() {
    NodeId before = new NodeId(ONE.authority(), ONE.incarnation() - 1);

    self.engine.onWithdrawn(List.of(before), self.nowNanos);
    assertTrue(self.knows(ONE));

    self.engine.onWithdrawn(List.of(NodeId.at(ONE.authority())), self.nowNanos);
    assertFalse(self.knows(ONE), "an address stands for each start");
  }

  @Test // H3: nor is one who never was there let in
  void keepsOutAnAddressThatItNeverMet() {
    NodeId guest = EngineNetwork.node(20);
    self.engine.onWithdrawn(List.of(NodeId.at(guest.authority())), self.nowNanos);

    self.say(TWO, alive(guest, 0));

    assertFalse(self.knows(guest));
  }

  @Test // J4
  void asksWhoIsProposedAndWasRemovedToRefuteFirst() {
    self.say(TWO, accused(Claim.DEAD, ONE, 0, TWO, THREE, FOUR));

    GossipOutcome outcome = self.engine.onProposed(List.of(ONE), self.nowNanos);

    assertFalse(self.knows(ONE));
    assertEquals(List.of(ONE), outcome.left());
    assertEquals(ONE, outcome.sends().get(0).to());
    assertEquals(
        List.of(accused(Claim.DEAD, ONE, 0, TWO, THREE, FOUR)),
        outcome.sends().get(0).message().updates());
    self.say(TWO, alive(ONE, 1));
    assertTrue(self.knows(ONE));
  }

  @Test
  void takesNoUnknownStartAndNotItself() {
    self.engine.onProposed(
        List.of(
            NodeId.at(EngineNetwork.address(20)),
            new NodeId(SELF.authority(), SELF.incarnation() + 1)),
        self.nowNanos);
    self.say(TWO, alive(NodeId.at(EngineNetwork.address(21)), 0));
    self.say(TWO, alive(new NodeId(SELF.authority(), SELF.incarnation() + 1), 0));

    assertEquals(7, self.engine.size());
    assertTrue(self.knows(SELF));
  }

  @Test // membership.md 1.5: for ever, so that partitions heal
  void looksForWhoShouldBeThere() {
    NodeId missing = EngineNetwork.node(20);
    self.engine.onConfigured(List.of(missing.authority(), ONE.authority(), SELF.authority()));
    self.say(TWO, gone(THREE, TWO, FOUR));
    assertFalse(self.knows(THREE));

    self.run(600 * SECOND);

    assertEquals(Set.of(missing.authority(), THREE.authority()), new HashSet<>(self.dials));
    assertTrue(self.dials.size() > 200 && self.dials.size() < 600, "each about every 4 s");
  }
}
