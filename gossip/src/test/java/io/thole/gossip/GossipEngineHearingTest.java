package io.thole.gossip;

import static io.thole.gossip.SoleEngine.accused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipNote.Kind;
import io.thole.gossip.Update.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who hears nobody blames nobody, and who stood still blames nobody for that time: membership.md 1.2. */
class GossipEngineHearingTest {
  private static final long MS = EngineNetwork.MS;
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId ONE = EngineNetwork.node(1);
  private static final NodeId TWO = EngineNetwork.node(2);
  private static final NodeId THREE = EngineNetwork.node(3);
  private static final NodeId FOUR = EngineNetwork.node(4);

  private final SoleEngine self = SoleEngine.among(6);

  private void silence() {
    self.silent.addAll(EngineNetwork.nodes(7));
  }

  @Test
  void accusesNobodyWhereItHearsNobody() {
    silence();

    self.run(120 * SECOND);

    assertEquals(0, self.count(Kind.SUSPECTED));
    assertEquals(7, self.engine.size());
  }

  @Test
  void letsNobodyDieWhereItHearsNobody() {
    SoleEngine large =
        SoleEngine.among(120); // where a suspicion takes longer than it may hear nothing
    large.silent.addAll(EngineNetwork.nodes(121));
    large.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO, THREE, FOUR));

    large.run(60 * SECOND);

    assertTrue(large.engine.suspects(ONE));
    assertTrue(large.knows(ONE));
  }

  @Test // both a lone survivor and two that wait for each other
  void accusesAllTheSameWhereNobodyElseIsLeft() {
    SoleEngine pair = SoleEngine.among(1);
    pair.silent.add(ONE);

    pair.run(15 * SECOND);

    assertFalse(pair.knows(ONE));
    assertEquals(List.of(Kind.SUSPECTED, Kind.DIED), pair.noted(ONE));
  }

  @Test
  void saysOnceThatItIsCutOff() {
    silence();
    self.run(9 * SECOND);
    assertFalse(self.engine.isolated());

    self.run(60 * SECOND);

    assertTrue(self.engine.isolated());
    assertEquals(1, self.count(Kind.ISOLATED));
    assertEquals(0, self.count(Kind.REJOINED));
  }

  @Test
  void asksTwoWhatItHasMissedOnceItHearsAgain() {
    silence();
    self.run(20 * SECOND);
    self.sends.clear();

    self.say(ONE);
    self.say(ONE);

    assertFalse(self.engine.isolated());
    assertEquals(1, self.count(Kind.REJOINED));
    assertEquals(
        2,
        self.sends.stream()
            .filter(send -> send.message().body() instanceof Digest)
            .count());
  }

  @Test
  void looksAgainAfterASilenceBeforeAnybodyDies() {
    SoleEngine large = SoleEngine.among(120);
    large.silent.addAll(EngineNetwork.nodes(121));
    large.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO, THREE, FOUR));
    large.run(5 * SECOND);

    large.silent.clear();
    large.say(TWO);
    large.run(2 * SECOND);
    assertTrue(large.knows(ONE), "it may have refuted meanwhile");
    large.run(SECOND);

    assertFalse(large.knows(ONE));
  }

  @Test
  void blamesNobodyForATimeInWhichItStoodStill() {
    self.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO, THREE, FOUR));
    self.run(SECOND);
    assertTrue(self.knows(ONE));

    self.standStill(30 * SECOND);
    assertTrue(self.knows(ONE));
    self.run(SECOND);
    assertTrue(self.knows(ONE), "it has the least time of a suspicion to refute, once more");
    self.run(SECOND);

    assertFalse(self.knows(ONE));
  }

  @Test
  void failsNoProbeThatRanOutWhileItStoodStill() {
    self.silent.add(ONE);
    while (self.sends.stream().noneMatch(send -> send.to().equals(ONE))) {
      self.run(MS);
    }

    self.standStill(30 * SECOND);
    self.standStill(MS);

    assertFalse(self.engine.suspects(ONE));
    self.run(5 * SECOND);
    assertTrue(self.engine.suspects(ONE));
  }

  @Test
  void isNotCutOffWhereItOnlyStoodStill() {
    self.standStill(30 * SECOND);

    assertFalse(self.engine.isolated());
  }

  @Test
  void asksTwoDifferentOnesOnceItHearsAgain() {
    for (int others = 2; others < 12; others++) {
      SoleEngine lone = SoleEngine.among(others);
      lone.silent.addAll(EngineNetwork.nodes(20));
      lone.run(20 * SECOND);
      lone.sends.clear();

      lone.say(ONE);

      assertEquals(
          2,
          lone.sends.stream()
              .filter(send -> send.message().body() instanceof Digest)
              .map(GossipOutcome.Send::to)
              .distinct()
              .count(),
          others + " others");
    }
  }
}
