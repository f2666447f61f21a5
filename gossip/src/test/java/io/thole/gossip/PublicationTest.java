package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** membership.md 1.6. */
class PublicationTest {
  private static final long MS = 1_000_000;

  private final MemberTable members = new MemberTable(new SplittableRandom(1));
  private final Publication publication = new Publication(50 * MS, 400 * MS);
  private final List<NodeId> joined = new ArrayList<>();
  private final List<NodeId> left = new ArrayList<>();
  private final List<NodeId> lost = new ArrayList<>();

  private void join(NodeId node, long nowNanos) {
    publication.changed(node.authority(), Optional.empty(), nowNanos);
    members.add(node, 0);
  }

  private void leave(NodeId node, long nowNanos) {
    publication.changed(node.authority(), Optional.of(node), nowNanos);
    members.remove(members.find(node));
  }

  private void take() {
    joined.clear();
    left.clear();
    lost.clear();
    publication.take(members, joined, left, lost);
  }

  @Test // B6
  void saysNothingOfWhoCameAndWent() {
    join(EngineNetwork.node(1), 0);
    join(EngineNetwork.node(2), 1);
    leave(EngineNetwork.node(1), 2);

    take();

    assertEquals(List.of(EngineNetwork.node(2)), joined);
    assertEquals(List.of(), left);
    assertFalse(publication.isWaiting());
  }

  @Test // B6
  void saysNothingOfWhoWentAndIsBack() {
    join(EngineNetwork.node(1), 0);
    take();
    leave(EngineNetwork.node(1), 1);
    join(EngineNetwork.node(1), 2);

    take();

    assertEquals(List.of(), joined);
    assertEquals(List.of(), left);
  }

  @Test // B6, D10
  void saysOfAReplacementThatOneLeftAndAnotherCame() {
    NodeId old = EngineNetwork.node(1);
    NodeId next = new NodeId(old.authority(), old.incarnation() + 1);
    join(old, 0);
    take();
    leave(old, 1);
    join(next, 1);

    take();

    assertEquals(List.of(next), joined);
    assertEquals(List.of(old), left);
  }

  @Test
  void saysNothingOfWhatOthersPublished() {
    join(EngineNetwork.node(1), 0);
    publication.known(EngineNetwork.address(1));

    assertFalse(publication.isWaiting());
  }

  @Test
  void waitsUntilItIsQuietButNotForEver() {
    join(EngineNetwork.node(1), 0);
    assertEquals(50 * MS, publication.dueNanos());

    join(EngineNetwork.node(2), 40 * MS);
    assertEquals(90 * MS, publication.dueNanos());

    for (int i = 3; i <= 7; i++) {
      join(EngineNetwork.node(i), 80L * (i - 2) * MS);
    }
    assertEquals(250 * MS, publication.dueNanos());
  }

  @Test
  void waitsForLongerInAStormButNotForEver() {
    for (int i = 1; i <= 7; i++) {
      join(EngineNetwork.node(i), i * MS);
    }
    assertEquals(57 * MS, publication.dueNanos());

    join(EngineNetwork.node(8), 8 * MS);
    assertEquals(408 * MS, publication.dueNanos());

    join(EngineNetwork.node(9), 2_900 * MS);
    assertEquals(3_001 * MS, publication.dueNanos());
  }

  @Test // B6: what is published, one after another, always adds up to the view
  void addsUpToTheView() {
    for (long seed = 1; seed <= 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<Authority, NodeId> seen = new TreeMap<>();
      for (int slot = members.size() - 1; slot >= 0; slot--) {
        seen.put(members.node(slot).authority(), members.node(slot));
      }

      for (int step = 0; step < 500; step++) {
        Authority address = EngineNetwork.address(random.nextInt(10));
        int slot = members.find(address);
        if (slot == MemberTable.NONE) {
          join(new NodeId(address, 1 + random.nextInt(3)), step);
        } else {
          leave(members.node(slot), step);
        }
        if (random.nextInt(5) == 0) {
          take();
          left.forEach(
              node -> assertTrue(seen.remove(node.authority(), node), "left before it had joined"));
          joined.forEach(node -> assertEquals(null, seen.put(node.authority(), node)));
          assertEquals(view(), seen, "seed " + seed + ", step " + step);
        }
      }
      take();
    }
  }

  private Map<Authority, NodeId> view() {
    Map<Authority, NodeId> view = new TreeMap<>();
    for (int slot = 0; slot < members.size(); slot++) {
      view.put(members.node(slot).authority(), members.node(slot));
    }
    return view;
  }

  @Test // membership.md row 10
  void asksOnceWhatAStormHasBroughtBeforeItIsPublished() {
    for (int i = 1; i <= 8; i++) {
      join(EngineNetwork.node(i), i * MS);
    }

    assertFalse(publication.asks(208 * MS - 1));
    assertEquals(208 * MS, publication.nextNanos());
    assertTrue(publication.asks(208 * MS));

    publication.asked();
    assertFalse(publication.asks(208 * MS));
    assertEquals(publication.dueNanos(), publication.nextNanos());

    join(EngineNetwork.node(9), 209 * MS); // what was answered
    assertEquals(409 * MS, publication.nextNanos());
    assertTrue(publication.asks(409 * MS));
  }

  @Test
  void asksNobodyAboutAFewChanges() {
    for (int i = 1; i <= 7; i++) {
      join(EngineNetwork.node(i), 0);
    }

    assertFalse(publication.asks(10_000 * MS));
    assertEquals(publication.dueNanos(), publication.nextNanos());
  }
}
