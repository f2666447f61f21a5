package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.Update.Claim;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** membership.md 1.4. */
class TombstonesTest {
  private static final long SECOND = EngineNetwork.SECOND;
  private static final NodeId NODE = EngineNetwork.node(1);

  private final Tombstones tombstones = new Tombstones();
  private final SplittableRandom random = new SplittableRandom(1);

  private static Update dead(NodeId node, int refutation) {
    return new Update(Claim.DEAD, node, refutation, List.of());
  }

  private void dieAndComeBack(long nowNanos) {
    tombstones.add(dead(NODE, 0), true, nowNanos);
    tombstones.back(NODE);
  }

  private long waits(NodeId node, long sinceNanos) {
    long wait = 0;
    while (!tombstones.mayReturn(node, sinceNanos + wait)) {
      wait += SECOND;
    }
    return wait / SECOND;
  }

  @Test
  void letsOneThatComesAndGoesInEverLater() {
    for (long seconds : new long[] {0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
      tombstones.add(dead(NODE, 0), true, 0);

      assertEquals(seconds, waits(NODE, 0));
      tombstones.back(NODE);
    }
  }

  @Test
  void forgetsAfterTenMinutesThatOneCameAndWent() {
    dieAndComeBack(0);
    dieAndComeBack(0);
    dieAndComeBack(600 * SECOND - 1);
    assertEquals(4, waits(NODE, 600 * SECOND - 1));

    tombstones.add(dead(NODE, 0), true, 1_200 * SECOND - 1);

    assertEquals(0, waits(NODE, 1_200 * SECOND - 1));
  }

  @Test
  void holdsNothingAgainstWhoSaidThatItLeftNorAgainstItsNextStart() {
    dieAndComeBack(0);
    dieAndComeBack(0);
    NodeId next = new NodeId(NODE.authority(), NODE.incarnation() + 1);

    assertTrue(tombstones.mayReturn(next, 0));
    tombstones.add(new Update(Claim.LEFT, NODE, 0, List.of()), true, 1);

    assertTrue(tombstones.mayReturn(NODE, 1));
  }

  @Test // J4
  void standsOverARunAndThoseBeforeItUntilItIsBack() {
    NodeId before = new NodeId(NODE.authority(), NODE.incarnation() - 1);
    NodeId after = new NodeId(NODE.authority(), NODE.incarnation() + 1);

    tombstones.add(dead(NODE, 3), true, 0);

    assertEquals(dead(NODE, 3), tombstones.over(NODE));
    assertEquals(dead(NODE, 3), tombstones.over(before));
    assertNull(tombstones.over(after));
    assertNull(tombstones.over(EngineNetwork.node(2)));
    tombstones.back(NODE);
    assertNull(tombstones.over(NODE));
    assertEquals(3, tombstones.refutation(NODE));
  }

  @Test // J4
  void remembersNoMoreThanItsLimitAndForgetsTheOldestFirst() {
    int extra = 500;
    for (int i = 0; i < Tombstones.LIMIT + extra; i++) {
      tombstones.add(dead(EngineNetwork.node(i), 0), true, i);
    }

    assertEquals(Tombstones.LIMIT, tombstones.size());
    assertNull(tombstones.over(EngineNetwork.node(extra - 1)));
    assertNotNull(tombstones.over(EngineNetwork.node(extra)));
  }

  @Test // J4
  void remembersForADay() {
    tombstones.add(dead(NODE, 0), true, 0);
    tombstones.add(dead(EngineNetwork.node(2), 0), true, SECOND);

    assertEquals(24 * 3_600 * SECOND, Tombstones.KEPT_NANOS);
    tombstones.absent(1, Tombstones.KEPT_NANOS - 1);
    assertNotNull(tombstones.over(NODE));
    assertEquals(List.of(EngineNetwork.address(2)), tombstones.absent(4, Tombstones.KEPT_NANOS));
    assertNull(tombstones.over(NODE));
    assertEquals(List.of(), tombstones.absent(4, Tombstones.KEPT_NANOS + SECOND));
    assertEquals(0, tombstones.size());
  }

  @Test // membership.md 1.5: that heals partitions
  void namesForEverWhoeverHasGoneAndIsNotBack() {
    tombstones.add(dead(NODE, 0), true, 0);
    tombstones.add(dead(EngineNetwork.node(2), 0), true, 0);
    tombstones.add(dead(EngineNetwork.node(3), 0), true, 0);
    tombstones.add(new Update(Claim.LEFT, EngineNetwork.node(4), 0, List.of()), true, 0);
    tombstones.back(EngineNetwork.node(3));

    Set<Object> named = new HashSet<>();
    named.addAll(tombstones.absent(2, 3_600 * SECOND));
    named.addAll(
        tombstones.absent(2, 3_600 * SECOND)); // whose turn it has not been, and the first again

    assertEquals(
        Set.of(EngineNetwork.address(1), EngineNetwork.address(2), EngineNetwork.address(4)),
        named);
  }

  @Test // H4
  void looksForWhoeverMayBeAtAnAddressAgainAndHoldsNothingAgainstThem() {
    tombstones.seek(new Update(Claim.LEFT, NODE, 3, List.of()), 0);

    assertEquals(List.of(NODE.authority()), tombstones.absent(4, SECOND));
    assertNull(tombstones.over(NODE));
    tombstones.back(NODE);
    assertEquals(List.of(), tombstones.absent(4, SECOND));
  }

  @Test // J4
  void holdsWhateverIsSaidAgainstWhoHasSaidItselfThatItLeaves() {
    tombstones.add(new Update(Claim.LEFT, NODE, 0, List.of()), true, 0);
    tombstones.told(NODE);

    tombstones.outdate(new Update(Claim.ALIVE, NODE, 5, List.of()));

    assertEquals(5, Objects.requireNonNull(tombstones.over(NODE)).refutation());
  }

  @Test
  void passesOnOnceHowOftenOneThatLeftHasRefuted() {
    Update left = new Update(Claim.LEFT, NODE, 2, List.of());
    tombstones.add(left, true, 0);
    tombstones.told(NODE);

    assertTrue(tombstones.raise(left, 1));
    assertFalse(tombstones.raise(left, 2));
  }

  @Test
  void namesTheDeadForHalfAMinuteToThoseWhoMightTellThem() {
    tombstones.add(dead(NODE, 0), true, 0);
    tombstones.add(dead(EngineNetwork.node(2), 0), true, SECOND);
    tombstones.back(EngineNetwork.node(2));

    int named = 0;
    for (int i = 0; i < 1_000; i++) {
      NodeId fresh = tombstones.fresh(random, 80, 8, 30 * SECOND);
      named += NODE.equals(fresh) ? 1 : 0;
      assertFalse(EngineNetwork.node(2).equals(fresh));
    }

    assertTrue(named > 0 && named < 100, "one of eighty: " + named);
    assertNull(tombstones.fresh(random, 80, 8, 30 * SECOND + 1));
  }
}
