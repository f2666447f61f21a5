package io.thole.gossip;

import static io.thole.gossip.SoleEngine.SELF;
import static io.thole.gossip.SoleEngine.accused;
import static io.thole.gossip.SoleEngine.alive;
import static io.thole.gossip.SoleEngine.left;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Agreed;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipNote.Kind;
import io.thole.gossip.Update.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine once got wrong, each in a corner of its own. */
class GossipEngineHardCasesTest {
  private static final long MS = EngineNetwork.MS;
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId ONE = EngineNetwork.node(1);
  private static final NodeId TWO = EngineNetwork.node(2);
  private static final NodeId THREE = EngineNetwork.node(3);
  private static final NodeId FOUR = EngineNetwork.node(4);
  private static final NodeId FIVE = EngineNetwork.node(5);
  private final SoleEngine self = SoleEngine.among(6);

  @Test // J6
  void staysHeardWhateverRefutationIsSaidOfIt() {
    self.say(TWO, accused(Claim.SUSPECT, SELF, Integer.MAX_VALUE, TWO));
    self.say(TWO, alive(SELF, Integer.MAX_VALUE));
    assertTrue(self.engine.refutation() >= 0);
  }

  @Test // J3, J4
  void removesForTheLargestRefutationThatWasDeclaredDead() {
    self.say(ONE, accused(Claim.DEAD, FIVE, 0, ONE, TWO, THREE));
    self.say(ONE, accused(Claim.DEAD, FIVE, 1, ONE, TWO, THREE));
    self.say(TWO, alive(FIVE, 1));
    assertFalse(self.knows(FIVE));
  }

  @Test // G3, E5
  void saysFarewellInAStorm() {
    for (int i = 0; i < 1_000; i++) {
      self.say(TWO, alive(EngineNetwork.node(100 + i), 0));
    }
    self.engine
        .leave(self.nowNanos)
        .sends()
        .forEach(send -> assertTrue(send.message().updates().contains(left(SELF, 0))));
  }

  @Test // J2
  void passesOnWhatIsLongerThanAMessage() {
    RumorQueue rumors = new RumorQueue();
    NodeId[] accusers = new NodeId[6];
    String host =
        "x".repeat(60) + "." + "y".repeat(60) + "." + "z".repeat(60) + "." + "w".repeat(30);
    for (int i = 0; i < 6; i++) {
      accusers[i] = new NodeId(new Authority(host, 1 + i), 1);
    }
    rumors.add(accused(Claim.SUSPECT, new NodeId(new Authority(host, 9), 1), 0, accusers));
    rumors.add(alive(ONE, 0));
    assertFalse(rumors.take(1_400, 1, 10).isEmpty());
  }

  @Test // E3
  void isDoneAsAClientThoughASuspicionIsDue() {
    SoleEngine client =
        new SoleEngine(GossipSettings.thole(), false, EngineNetwork.nodes(7).subList(1, 7));
    client.say(TWO, accused(Claim.SUSPECT, ONE, 0, TWO, THREE, FOUR));
    for (int i = 0; i < 1_000; i++) {
      client.nowNanos += 10 * MS;
      client.say(TWO, new Ping(i));
      client.tick();
      client.tick();
      client.tick();
      assertTrue(client.engine.nextDeadlineNanos() > client.nowNanos, "after " + i * 10 + " ms");
    }
  }

  @Test // membership.md 1.2, the inbox is drained before timers
  void accusesNobodyWhereItHearsNobodyAfterItStoodStill() {
    self.run(SECOND);
    self.silent.addAll(EngineNetwork.nodes(7));
    self.nowNanos += 60 * SECOND;
    self.say(TWO);
    self.tick();
    self.run(50 * SECOND);
    assertEquals(0, self.count(Kind.SUSPECTED));
  }

  @Test // J2, J4
  void asksNoMoreAndMoreWhereItHearsNobody() {
    self.silent.addAll(EngineNetwork.nodes(7));
    self.run(120 * SECOND);
    self.sends.clear();
    self.run(60 * SECOND);
    int first = self.sends.size();
    self.run(3_600 * SECOND);
    self.sends.clear();
    self.run(60 * SECOND);
    assertTrue(self.sends.size() <= 2 * first, first + " a minute, then " + self.sends.size());
  }

  @Test // J6
  void countsNobodyWhoIsNoMember() {
    self.say(TWO, new Agreed(self.engine.viewHash(), List.of(-1L)));
    assertTrue(self.engine.agreeing() <= self.engine.size(), self.engine.agreeing() + " of 7");
  }
}
