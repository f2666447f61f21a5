package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** membership.md 1.1 (b): each node watches its nearest successors that are not suspected. */
class RingTest {
  private static final NodeId SELF = EngineNetwork.node(0);
  private static final long PERIOD = 1_000_000_000L;

  @Test
  void watchesTheNearestSuccessorsThatAreNotSuspected() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      MemberTable members = new MemberTable(random.split());
      Ring ring = new Ring(SELF, 6, PERIOD, 0, random.split());

      for (int step = 0; step < 2_000; step++) {
        change(members, ring, EngineNetwork.node(1 + random.nextInt(40)), random);
        ring.fill(members, 0);

        assertEquals(nearest(members), watched(ring), "seed " + seed + ", step " + step);
      }
    }
  }

  private static void change(MemberTable members, Ring ring, NodeId node, SplittableRandom random) {
    int slot = members.find(node);
    if (slot == MemberTable.NONE) {
      members.add(node, 0);
      ring.offer(node, 0);
    } else if (random.nextInt(3) == 0) {
      ring.drop(node);
      members.remove(slot);
    } else if (members.isSuspect(slot)) {
      members.suspect(slot, false);
      ring.offer(node, 0);
    } else {
      members.suspect(slot, true);
      ring.drop(node);
    }
  }

  private static List<NodeId> nearest(MemberTable members) {
    List<NodeId> sound = new ArrayList<>();
    for (int slot = 0; slot < members.size(); slot++) {
      if (!members.isSuspect(slot)) {
        sound.add(members.node(slot));
      }
    }
    Comparator<NodeId> byDistance = (one, other) -> Long.compareUnsigned(
        NodeHash.of(one) - NodeHash.of(SELF), NodeHash.of(other) - NodeHash.of(SELF));
    return sound.stream().sorted(byDistance).limit(6).toList();
  }

  private static List<NodeId> watched(Ring ring) {
    List<NodeId> watched = new ArrayList<>();
    for (int i = 0; i < ring.size(); i++) {
      watched.add(ring.node(i));
    }
    return watched;
  }

  @Test
  void letsEachMemberBeWatchedByAsManyAsItWatches() {
    List<NodeId> nodes = EngineNetwork.nodes(30);
    Map<NodeId, Integer> watchers = new HashMap<>();

    for (NodeId node : nodes) {
      Ring ring = new Ring(node, 6, PERIOD, 0, new SplittableRandom(1));
      nodes.stream().filter(other -> !other.equals(node)).forEach(other -> ring.offer(other, 0));
      watched(ring).forEach(other -> watchers.merge(other, 1, Integer::sum));
    }

    assertEquals(30, watchers.size());
    watchers.values().forEach(count -> assertEquals(6, count));
  }

  @Test
  void probesEachWatchedOneOnceInAPeriod() {
    Ring ring = new Ring(SELF, 6, PERIOD, 0, new SplittableRandom(1));
    EngineNetwork.nodes(7).stream().skip(1).forEach(node -> ring.offer(node, 0));
    Map<NodeId, Integer> probes = new HashMap<>();

    for (long now = 0; now < 10 * PERIOD; now += PERIOD / 100) {
      for (NodeId due = ring.due(now); due != null; due = ring.due(now)) {
        probes.merge(due, 1, Integer::sum);
      }
    }

    assertEquals(6, probes.size());
    // Each step comes a little early for what is due soon: ten periods hold at most eleven probes.
    probes.values().forEach(count -> assertTrue(count >= 9 && count <= 11, probes.toString()));
  }

  @Test // row 19
  void probesTogetherWhatIsDueTogether() {
    Ring ring = new Ring(SELF, 6, PERIOD, 7, new SplittableRandom(1));
    EngineNetwork.nodes(7).stream().skip(1).forEach(node -> ring.offer(node, 0));
    List<NodeId> together = watched(ring);
    together.forEach(node -> ring.heard(node, 7 + together.indexOf(node) * 100));

    List<NodeId> due = new ArrayList<>();
    for (NodeId next = ring.due(7 + PERIOD); next != null; next = ring.due(7 + PERIOD)) {
      due.add(next);
    }

    assertEquals(together, due);
  }

  @Test
  void leavesWhoeverIsHeardInPeaceForAPeriod() {
    Ring ring = new Ring(SELF, 6, PERIOD, 0, new SplittableRandom(1));
    NodeId talker = EngineNetwork.node(1);
    ring.offer(talker, 0);

    ring.heard(talker, PERIOD / 2);

    assertEquals(PERIOD / 2 + PERIOD, ring.deadlineNanos(Long.MAX_VALUE));
    assertNull(ring.due(PERIOD / 2 + PERIOD - PERIOD / 50 - 1));
    assertEquals(talker, ring.due(PERIOD / 2 + PERIOD));
  }

  @Test
  void probesTheNextOneSoonWhereOneFailed() {
    MemberTable members = new MemberTable(new SplittableRandom(1));
    Ring ring = new Ring(SELF, 2, PERIOD, 0, new SplittableRandom(1));
    EngineNetwork.nodes(4).stream().skip(1).forEach(node -> {
      members.add(node, 0);
      ring.offer(node, 0);
    });
    List<NodeId> before = watched(ring);

    members.suspect(members.find(before.get(0)), true);
    ring.drop(before.get(0));
    ring.heard(before.get(1), PERIOD);
    ring.fill(members, PERIOD);

    assertEquals(nearest(members).subList(0, 2), watched(ring));
    assertEquals(watched(ring).get(1), ring.due(PERIOD + PERIOD / 10));
  }
}
