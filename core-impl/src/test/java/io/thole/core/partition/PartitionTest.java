package io.thole.core.partition;

import static io.thole.api.PartitionPolicy.BOTH_SIDES_GO_ON;
import static io.thole.api.PartitionPolicy.KEEP_MAJORITY;
import static io.thole.core.partition.Sides.nodes;
import static io.thole.core.partition.Sides.view;
import static io.thole.core.partition.Sides.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.Authority;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartitionTest {
  /** Bell numbers: in how many ways a set of so many falls apart. */
  private static final int[] SPLITS = {1, 1, 2, 5, 15, 52, 203, 877};

  @Test
  void letsExactlyTheRightSideGoOnInEveryPartitionOfUpToSevenNodes() { // issue 4: partition policy
    for (int size = 1; size <= 7; size++) {
      Set<Authority> view = view(size);
      List<List<Set<Authority>>> splits = Sides.splits(view);

      assertEquals(SPLITS[size], splits.size());
      splits.forEach(sides -> assertEquals(winner(view, sides), goingOn(view, sides), "" + sides));
    }
  }

  @Test
  void letsAllSidesGoOnByDefaultInEveryPartitionOfUpToSevenNodes() { // G9
    for (int size = 1; size <= 7; size++) {
      Set<Authority> view = view(size);
      for (List<Set<Authority>> sides : Sides.splits(view)) {
        for (Set<Authority> side : sides) {
          assertEquals(
              true, new Partition(view, without(view, side)).goesOn(BOTH_SIDES_GO_ON), "" + sides);
        }
      }
    }
  }

  @Test
  void takesACrashForAPartition() {
    assertEquals(true, new Partition(view(3), nodes(0)).goesOn(KEEP_MAJORITY));
    assertEquals(true, new Partition(view(2), nodes(1)).goesOn(KEEP_MAJORITY));
    assertEquals(false, new Partition(view(2), nodes(0)).goesOn(KEEP_MAJORITY));
    assertEquals(true, new Partition(view(1), Set.of()).goesOn(KEEP_MAJORITY));
  }

  @Test
  void letsNobodyGoOnWhereNoSideHasHalf() {
    List<Set<Authority>> sides = List.of(nodes(0, 1), nodes(2, 3), nodes(4, 5));

    assertEquals(List.of(), goingOn(view(6), sides));
  }

  @Test
  void refusesWhoIsUnreachableAndWasNeverThere() {
    assertThrows(IllegalArgumentException.class, () -> new Partition(view(2), nodes(2)));
  }

  private static List<Set<Authority>> goingOn(Set<Authority> view, List<Set<Authority>> sides) {
    return sides.stream()
        .filter(side -> new Partition(view, without(view, side)).goesOn(KEEP_MAJORITY))
        .toList();
  }

  /** The other sides might be one: whoever is to go on must outdo them even then. */
  private static List<Set<Authority>> winner(Set<Authority> view, List<Set<Authority>> sides) {
    return sides.stream()
        .flatMap(side -> {
          TreeSet<Authority> others = new TreeSet<>(without(view, side));
          boolean larger = side.size() > others.size();
          boolean first = side.size() == others.size()
              && new TreeSet<>(side).first().compareTo(others.first()) < 0;
          return larger || first ? Stream.of(side) : Stream.empty();
        })
        .toList();
  }
}
