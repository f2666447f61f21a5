package io.thole.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewTest {
  private static final NodeId A = new NodeId(Authority.parse("a:1"), 1);
  private static final NodeId B = NodeId.at(Authority.parse("b:1"));
  private static final NodeId C = new NodeId(Authority.parse("c:1"), 3);

  @Test
  void sortsWhatItIsGivenAndKeepsItWhateverBecomesOfThat() {
    List<NodeId> given = new ArrayList<>(List.of(C, A, B));
    ClusterView view = new ClusterView(1, given, List.of(C.authority(), A.authority()));

    given.clear();

    assertEquals(List.of(A, B, C), view.members());
    assertEquals(List.of(A.authority(), C.authority()), view.blocked());
    assertThrows(UnsupportedOperationException.class, () -> view.members().clear());
  }

  @Test
  void keepsWhatIsSortedAlreadyWhateverBecomesOfThat() {
    List<NodeId> given = new ArrayList<>(List.of(A, B, C));
    ClusterView view = new ClusterView(1, given, List.of());

    given.clear();

    assertEquals(List.of(A, B, C), view.members());
    assertThrows(UnsupportedOperationException.class, () -> view.members().clear());
  }

  @Test
  void doesNotMakeAgainWhatHasBeenSortedByTheEventThatItIsOf() {
    ClusterEvent.TopologyUpdated event = new ClusterEvent.TopologyUpdated(
        new ClusterTopology(List.of(), List.of(), 1), List.of(), List.of(C, A, B));

    assertSame(event.members(), event.view().members());
  }

  @Test
  void containsAnAddressWhateverItsIncarnation() {
    ClusterView view = new ClusterView(1, List.of(A, B, C), List.of());

    for (NodeId member : view.members()) {
      assertTrue(view.contains(member.authority()), member.toString());
    }
    for (String other : List.of("0a:1", "a:10", "a.b:1", "b:2", "d:1")) {
      assertFalse(view.contains(Authority.parse(other)), other);
    }
    assertFalse(ClusterView.EMPTY.contains(A.authority()));
  }
}
