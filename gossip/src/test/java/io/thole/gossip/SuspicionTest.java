package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.Update.Accuser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** membership.md 1.3. */
class SuspicionTest {
  private static final NodeId SUSPECT = EngineNetwork.node(9);

  private final Suspicion suspicion = new Suspicion(SUSPECT, 4, 100);

  @Test // J3
  void mergesItsAccusersByUnionAndStrongerEvidenceReplacesWeaker() {
    assertTrue(suspicion.accuse(new Accuser(EngineNetwork.node(1), false)));
    assertFalse(suspicion.accuse(new Accuser(EngineNetwork.node(1), false)));
    assertTrue(suspicion.accuse(new Accuser(EngineNetwork.node(1), true)));
    assertFalse(suspicion.accuse(new Accuser(EngineNetwork.node(1), false)));
    assertTrue(suspicion.accuse(new Accuser(EngineNetwork.node(2), false)));

    List<Accuser> both = List.of(
        new Accuser(EngineNetwork.node(1), true), new Accuser(EngineNetwork.node(2), false));
    assertEquals(new Update(Update.Claim.SUSPECT, SUSPECT, 4, both), suspicion.update());
  }

  @Test // J4
  void namesNoMoreAccusersThanSaySomething() {
    for (int i = 0; i < 100; i++) {
      assertEquals(
          i < Suspicion.MOST_ACCUSERS, suspicion.accuse(new Accuser(EngineNetwork.node(i), false)));
    }

    assertEquals(Suspicion.MOST_ACCUSERS, suspicion.accusers().size());
  }

  @Test
  void doesNotExpireBeforeAnotherLook() {
    suspicion.expireAt(150);
    suspicion.notBefore(200);
    assertEquals(200, suspicion.deadlineNanos());

    suspicion.expireAt(120);
    assertEquals(200, suspicion.deadlineNanos());
    suspicion.notBefore(180);
    suspicion.expireAt(120);
    assertEquals(200, suspicion.deadlineNanos());
    suspicion.expireAt(250);

    assertEquals(250, suspicion.deadlineNanos());
  }

  @Test
  void movesAsAWholeWhereTheNodeStoodStill() {
    suspicion.expireAt(150);
    suspicion.notBefore(130);
    suspicion.shift(1_000);

    assertEquals(1_100, suspicion.sinceNanos());
    assertEquals(1_150, suspicion.deadlineNanos());
    suspicion.expireAt(0);
    assertEquals(1_130, suspicion.deadlineNanos());
  }
}
