package io.thole.gossip.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine;
import io.thole.gossip.GossipSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GossipViewTest {
  private static final NodeId SELF = new NodeId(new Authority("self", 1), 3);
  private static final NodeId A = new NodeId(new Authority("a", 1), 7);
  private static final NodeId B = new NodeId(new Authority("b", 1), 7);
  private static final Authority SEED = new Authority("seed", 1);
  private static final long SECOND = 1_000_000_000L;

  private final GossipEngine engine = new GossipEngine(SELF, true, GossipSettings.lan(), 26_050, 0);
  private final GossipView view = new GossipView(List.of(SEED));

  @Test // G2
  void knowsTheViewAndTheSeedsBeforeTheFirstRound() {
    view.begin(engine, List.of(SELF, A, NodeId.at(B.authority())), 0);

    assertEquals(Set.of(SELF, A), members());
    assertTrue(dialledWithin(60).containsAll(Set.of(SEED, B.authority())));
  }

  @Test // J1, H1
  void tellsTheEngineWhomOthersTakeOutAndBringIn() {
    view.begin(engine, List.of(SELF, A), 0);

    onEvent(1, List.of(B), List.of(A), SELF, B);

    assertEquals(Set.of(SELF, B), members());
  }

  @Test // J1
  void doesNotTellTheEngineWhatTheEngineHasSaid() {
    view.begin(engine, List.of(SELF, A), 0);

    view.tellLeft(List.of(A), 0); // and it has come back since, which the view does not show yet
    onEvent(1, List.of(), List.of(A), SELF);
    assertEquals(Set.of(SELF, A), members());
    view.tellJoined(List.of(B), 0); // and it has gone since
    onEvent(2, List.of(B), List.of(), SELF, B);
    assertEquals(Set.of(SELF, A), members());
  }

  @Test
  void takesTheSameForTheWordOfOthersOnceTheOwnHasShown() {
    view.begin(engine, List.of(SELF, A), 0);
    view.tellLeft(List.of(A), 0);
    onEvent(1, List.of(), List.of(A), SELF);
    view.tellJoined(List.of(A), 0);
    onEvent(2, List.of(A), List.of(), SELF, A);

    onEvent(3, List.of(), List.of(A), SELF);

    assertEquals(Set.of(SELF), members());
  }

  @Test
  void forgetsAWordOfItsOwnThatHadNoEffect() {
    view.begin(engine, List.of(SELF, A), 0);
    view.tellLeft(List.of(A), 0);

    onEvent(10 * SECOND, 1, List.of(), List.of(A), SELF);

    assertEquals(Set.of(SELF), members());
  }

  @Test // D10
  void leavesTheNextStartToTheEngineWhereAnEarlierOneIsTakenOut() {
    NodeId next = new NodeId(A.authority(), 8);
    view.begin(engine, List.of(SELF, A), 0);
    engine.onWithdrawn(List.of(A), 0);
    engine.onProposed(List.of(next), 0);

    onEvent(1, List.of(), List.of(A), SELF);
    onEvent(2, List.of(next), List.of(), SELF, next);

    assertEquals(Set.of(SELF, next), members());
  }

  @Test // F6
  void looksNoLongerForWhomAListHasDropped() {
    view.begin(engine, List.of(SELF, NodeId.at(B.authority())), 0);

    onEvent(1, List.of(), List.of(B), SELF);

    assertEquals(Set.of(SEED), dialledWithin(60));
  }

  private void onEvent(long version, List<NodeId> joined, List<NodeId> left, NodeId... members) {
    onEvent(0, version, joined, left, members);
  }

  private void onEvent(
      long nowNanos, long version, List<NodeId> joined, List<NodeId> left, NodeId... members) {
    TopologyUpdated event = new TopologyUpdated(
        new ClusterTopology(
            joined.stream().map(NodeId::authority).toList(),
            left.stream().map(NodeId::authority).toList(),
            version),
        List.of(),
        List.of(members));
    view.onLeft(event, engine, nowNanos);
    view.onJoined(event, engine, nowNanos);
  }

  private Set<NodeId> members() {
    return Set.copyOf(engine.members());
  }

  private Set<Authority> dialledWithin(int seconds) {
    Set<Authority> dialled = new HashSet<>();
    for (long nowNanos = 0; nowNanos < seconds * SECOND; nowNanos += SECOND / 10) {
      dialled.addAll(engine.tick(nowNanos).dials());
    }
    assertTrue(dialled.size() < 10);
    return dialled;
  }
}
