package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MemberTableTest {
  private static final int STEPS = 100_000;
  private static final int ADDRESSES = 300;

  /** What the table should know of one member. */
  private record Entry(NodeId node, int refutation, boolean suspect, boolean met) {}

  private final Map<Authority, Entry> model = new HashMap<>();

  @Test // J3
  void knowsWhatAMapKnowsWhateverIsDoneToIt() {
    for (long seed = 1; seed <= 3; seed++) {
      model.clear();
      String when = "seed " + seed;
      SplittableRandom random = new SplittableRandom(seed);
      MemberTable table = new MemberTable(random.split());

      for (int step = 0; step < STEPS; step++) {
        Authority address = EngineNetwork.address(random.nextInt(ADDRESSES));
        change(table, address, random);

        assertSameAt(table, address, when);
        if (step % 1_000 == 0) {
          assertSame(table, when);
        }
      }
    }
  }

  private void change(MemberTable table, Authority address, SplittableRandom random) {
    int slot = table.find(address);
    Entry entry = model.get(address);
    if (slot == MemberTable.NONE) {
      NodeId node = new NodeId(address, 1 + random.nextInt(1_000));
      int refutation = random.nextInt(10);
      table.add(node, refutation);
      model.put(address, new Entry(node, refutation, false, false));
    } else if (entry != null) {
      switch (random.nextInt(5)) {
        case 0 -> {
          table.remove(slot);
          model.remove(address);
        }
        case 1 -> {
          table.refute(slot, entry.refutation() + 1);
          model.put(
              address,
              new Entry(entry.node(), entry.refutation() + 1, entry.suspect(), entry.met()));
        }
        case 2 -> {
          table.suspect(slot, !entry.suspect());
          model.put(
              address, new Entry(entry.node(), entry.refutation(), !entry.suspect(), entry.met()));
        }
        case 3 -> {
          table.meet(slot);
          model.put(address, new Entry(entry.node(), entry.refutation(), entry.suspect(), true));
        }
        default -> table.next();
      }
    }
  }

  private void assertSameAt(MemberTable table, Authority address, String when) {
    Entry entry = model.get(address);
    int slot = table.find(address);
    assertEquals(model.size(), table.size(), when);
    assertEquals(entry == null, slot == MemberTable.NONE, when);
    if (entry != null) {
      assertEquals(entry, entry(table, slot), when);
      assertEquals(slot, table.find(entry.node()), when);
      NodeId otherStart = new NodeId(address, entry.node().incarnation() + 1);
      assertEquals(MemberTable.NONE, table.find(otherStart), when);
    }
  }

  private void assertSame(MemberTable table, String when) {
    Map<Authority, Entry> all = new HashMap<>();
    long hash = 0;
    int suspected = 0;
    for (int slot = 0; slot < table.size(); slot++) {
      all.put(table.node(slot).authority(), entry(table, slot));
      hash += NodeHash.of(table.node(slot));
      suspected += table.isSuspect(slot) ? 1 : 0;
    }
    assertEquals(model, all, when);
    assertEquals(hash, table.hash(), when);
    assertEquals(suspected, table.suspected(), when);
  }

  private static Entry entry(MemberTable table, int slot) {
    return new Entry(
        table.node(slot), table.refutation(slot), table.isSuspect(slot), table.isMet(slot));
  }

  @Test // J3
  void hashesTheSameMembersAlikeWhateverTheirOrder() {
    List<NodeId> nodes = EngineNetwork.nodes(100);
    MemberTable forwards = new MemberTable(new SplittableRandom(1));
    MemberTable backwards = new MemberTable(new SplittableRandom(2));

    nodes.forEach(node -> forwards.add(node, 0));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      backwards.add(nodes.get(i), i);
    }

    assertEquals(forwards.hash(), backwards.hash());
    backwards.remove(0);
    assertTrue(forwards.hash() != backwards.hash());
  }

  @Test // membership.md 1.1 (a): round-robin
  void givesEachMemberOnceInARound() {
    MemberTable table = new MemberTable(new SplittableRandom(3));
    EngineNetwork.nodes(50).forEach(node -> table.add(node, 0));
    List<List<NodeId>> rounds = new ArrayList<>();

    rounds.add(round(table)); // during the first, members were still being added
    rounds.add(round(table));
    rounds.add(round(table));

    for (List<NodeId> round : rounds.subList(1, 3)) {
      assertEquals(50, round.stream().distinct().count());
    }
    assertTrue(!rounds.get(1).equals(rounds.get(2)), "each round has an order of its own");
  }

  private static List<NodeId> round(MemberTable table) {
    List<NodeId> round = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      round.add(table.node(table.next()));
    }
    return round;
  }

  @Test // membership.md 1.1 (a)
  void passesNobodyOverForMoreThanTwoRoundsWhileOthersComeAndGo() {
    SplittableRandom random = new SplittableRandom(4);
    MemberTable table = new MemberTable(random.split());
    List<NodeId> settled = EngineNetwork.nodes(40);
    settled.forEach(node -> table.add(node, 0));
    Map<NodeId, Integer> lastStep = new HashMap<>();

    int longest = 0;
    for (int step = 0; step < STEPS; step++) {
      NodeId probed = table.node(table.next());
      longest = Math.max(longest, step - lastStep.getOrDefault(probed, step));
      lastStep.put(probed, step);
      Authority guest = EngineNetwork.address(40 + random.nextInt(10));
      int slot = table.find(guest);
      if (step % 10 == 0 && slot == MemberTable.NONE) {
        table.add(new NodeId(guest, 1), 0);
      } else if (step % 10 == 0) {
        lastStep.remove(table.node(slot));
        table.remove(slot);
      }
    }

    // Two rounds of at most fifty, and a newcomer may push one that was next into the following
    // one.
    assertTrue(longest <= 150, "longest pause: " + longest);
    assertTrue(lastStep.keySet().containsAll(settled));
  }
}
