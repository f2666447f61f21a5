package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Agreed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** membership.md 1, "Agreement is queryable"; row 17. */
class AgreementTest {
  private static final int SENDS = 9;

  private static Agreement published(List<NodeId> view, NodeId self, long hash) {
    MemberTable others = new MemberTable(new SplittableRandom(1));
    view.stream().filter(node -> !node.equals(self)).forEach(node -> others.add(node, 0));
    Agreement agreement = new Agreement();
    agreement.onPublished(hash, self, true, others, SENDS);
    return agreement;
  }

  private static List<Agreement> published(int count) {
    List<NodeId> view = EngineNetwork.nodes(count);
    List<Agreement> all = new ArrayList<>();
    view.forEach(node -> all.add(published(view, node, 7)));
    return all;
  }

  @Test
  void isCompleteInFewRounds() {
    for (int count : new int[] {2, 3, 63, 64, 65, 128, 200}) {
      SplittableRandom random = new SplittableRandom(count);
      List<Agreement> all = published(count);

      int rounds = 0;
      while (all.stream().anyMatch(one -> one.count() < count)) {
        assertTrue(rounds++ < 15, count + " nodes do not agree");
        round(all, random);
      }

      for (int more = 0; more < 30; more++) {
        round(all, random);
      }
      assertTrue(all.stream().noneMatch(Agreement::isDue), "nobody goes on for ever");
    }
  }

  private static void round(List<Agreement> all, SplittableRandom random) {
    for (Agreement one : all) {
      if (one.isDue()) {
        Agreed told = one.tell(4);
        for (int i = 0; i < 4; i++) {
          all.get(random.nextInt(all.size())).onAgreed(told, SENDS);
        }
      }
    }
  }

  @Test // J3
  void mergesByUnionWhateverTheOrderAndHoweverOften() {
    List<Agreement> all = published(100);
    List<NodeId> view = EngineNetwork.nodes(100);
    Agreement forwards = published(view, view.get(0), 7);
    Agreement backwards = published(view, view.get(0), 7);

    for (int i = 0; i < 50; i++) {
      forwards.onAgreed(all.get(i).tell(0), SENDS);
      forwards.onAgreed(all.get(i).tell(0), SENDS);
      backwards.onAgreed(all.get(49 - i).tell(0), SENDS);
    }

    assertEquals(50, forwards.count());
    assertEquals(forwards.tell(0), backwards.tell(0));
  }

  @Test
  void answersALatecomerWhoMissedTheRounds() {
    List<Agreement> all = published(3);
    all.get(0).onAgreed(all.get(1).tell(0), SENDS);
    all.get(0).tell(SENDS);

    assertTrue(all.get(0).onAgreed(all.get(1).tell(0), SENDS), "it lacks node 0, so it is told");
    assertFalse(all.get(0).onAgreed(all.get(2).tell(0), SENDS), "news goes out in its turn");
    assertTrue(all.get(0).isDue());
    assertFalse(
        all.get(0).onAgreed(all.get(0).tell(SENDS), SENDS), "who knows as much is not told");
  }

  @Test
  void takesNoWordOfAnotherView() {
    List<NodeId> view = EngineNetwork.nodes(3);
    Agreement agreement = published(view, view.get(0), 7);
    Agreement other = published(view, view.get(1), 8);

    assertFalse(agreement.onAgreed(other.tell(0), SENDS));
    assertFalse(agreement.onAgreed(new Agreed(7, List.of()), SENDS));
    assertFalse(agreement.onAgreed(new Agreed(7, List.of(-1L, -1L)), SENDS));

    assertEquals(1, agreement.count());
  }

  @Test
  void beginsAnewWithEachView() {
    List<NodeId> view = EngineNetwork.nodes(3);
    Agreement agreement = published(view, view.get(0), 7);
    agreement.onAgreed(published(view, view.get(1), 7).tell(0), SENDS);
    assertEquals(2, agreement.count());

    agreement.onPublished(8, view.get(0), true, new MemberTable(new SplittableRandom(1)), SENDS);

    assertEquals(1, agreement.count());
    assertFalse(agreement.isDue(), "there is nobody to tell");
  }
}
