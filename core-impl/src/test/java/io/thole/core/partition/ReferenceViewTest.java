package io.thole.core.partition;

import static io.thole.api.PartitionPolicy.KEEP_MAJORITY;
import static io.thole.core.partition.ReferenceView.STANDS_NANOS;
import static io.thole.core.partition.Sides.node;
import static io.thole.core.partition.Sides.nodes;
import static io.thole.core.partition.Sides.view;
import static io.thole.core.partition.Sides.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReferenceViewTest {
  private static final long SEED = 4;
  private static final long SECOND = 1_000_000_000;

  /** One node: what it holds to be the cluster, and what it measures partitions against. */
  private static final class Member {
    final ReferenceView reference = new ReferenceView();
    final Set<Authority> members;
    long nowNanos;

    /** One that has stood with these for long. */
    Member(Authority self, Set<Authority> view) {
      members = new TreeSet<>(view);
      reference.begin(self, nowNanos);
      reference.onView(members, Set.of(), nowNanos);
      pass(2 * STANDS_NANOS);
    }

    void pass(long nanos) {
      pass(nanos, true);
    }

    void pass(long nanos, boolean whole) {
      nowNanos += nanos;
      reference.onTime(whole, nowNanos);
    }

    void join(Set<Authority> newcomers) {
      members.addAll(newcomers);
      reference.onView(members, Set.of(), nowNanos);
    }

    void leave(Set<Authority> leavers) {
      members.removeAll(leavers);
      reference.onView(members, Set.of(), nowNanos);
    }

    void lose(Set<Authority> lost) {
      Set<Authority> known = new TreeSet<>(lost);
      known.retainAll(members);
      members.removeAll(known);
      reference.onView(members, known, nowNanos);
    }

    boolean goesOn() {
      return reference.losing(KEEP_MAJORITY).isEmpty();
    }
  }

  @Test
  void decidesTheSameInWhateverOrderAndHoweverSlowlyTheOthersAreFoundUnreachable() {
    Random random = new Random(SEED);
    for (int size = 2; size <= 7; size++) {
      Set<Authority> view = view(size);
      for (List<Set<Authority>> sides : Sides.splits(view)) {
        for (Set<Authority> side : sides) {
          boolean right = new Partition(view, without(view, side)).goesOn(KEEP_MAJORITY);
          for (List<Authority> order : orders(without(view, side), random)) {
            assertEquals(
                right, afterSteps(side, view, order), "seed " + SEED + ": " + sides + " " + order);
          }
        }
      }
    }
  }

  /** All of them of up to four, and else some by chance. */
  private static List<List<Authority>> orders(Set<Authority> of, Random random) {
    if (of.size() <= 4) {
      return Sides.orders(of);
    }
    List<List<Authority>> orders = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      List<Authority> order = new ArrayList<>(of);
      Collections.shuffle(order, random);
      orders.add(order);
    }
    return orders;
  }

  /** Verdicts come a minute apart, and until the last of them somebody in the view cannot be reached. */
  private static boolean afterSteps(
      Set<Authority> side, Set<Authority> view, List<Authority> order) {
    Member member = new Member(new TreeSet<>(side).first(), view);
    boolean left = false;
    for (Authority next : order) {
      member.pass(60 * SECOND, false);
      member.lose(Set.of(next));
      left |= !member.goesOn(); // and it cannot come back on it
      assertTrue(!left || !member.goesOn(), "it changed its mind at " + next + " of " + order);
    }
    return !left;
  }

  @Test
  void neverHasTwoSidesGoOnWhoeverLeavesByAWordAndWhoeverHearsOfIt() {
    for (int size = 2; size <= 5; size++) {
      Set<Authority> view = view(size);
      for (List<Set<Authority>> sides : Sides.splits(view)) {
        for (Set<Authority> leavers : Sides.subsets(view)) {
          for (int heard = 0; heard < 1 << sides.size(); heard++) {
            assertTrue(
                goingOn(view, sides, leavers, heard) <= 1, sides + " " + leavers + " " + heard);
          }
        }
      }
    }
  }

  /** Returns how many sides go on, of which those whose bit is set hear who leaves; the others find them unreachable. */
  private static int goingOn(
      Set<Authority> view, List<Set<Authority>> sides, Set<Authority> leavers, int heard) {
    int goOn = 0;
    for (int i = 0; i < sides.size(); i++) {
      Set<Authority> rest = without(sides.get(i), leavers);
      if (!rest.isEmpty()) {
        Member member = new Member(new TreeSet<>(rest).first(), view);
        if ((heard >> i & 1) == 1) {
          member.leave(leavers);
        }
        member.lose(without(view, rest));
        goOn += member.goesOn() ? 1 : 0;
      }
    }
    return goOn;
  }

  @Test
  void neverHasTwoSidesOfOldMembersGoOnWhoeverHasHeardOfNewcomers() {
    for (int size = 2; size <= 5; size++) {
      Set<Authority> old = view(size);
      Set<Authority> newcomers = nodes(7, 8, 9);
      for (List<Set<Authority>> sides : Sides.splits(old)) {
        for (int where = 0; where < sides.size(); where++) { // the newcomers are
          for (int heard = 0; heard < 1 << sides.size(); heard++) {
            int goOn = 0;
            for (int i = 0; i < sides.size(); i++) {
              Member member = new Member(new TreeSet<>(sides.get(i)).first(), old);
              if (i == where || (heard >> i & 1) == 1) {
                member.join(newcomers);
              }
              member.lose(without(old, sides.get(i)));
              member.lose(i == where ? Set.of() : newcomers);
              goOn += member.goesOn() ? 1 : 0;
            }
            assertTrue(goOn <= 1, sides + " " + where + " " + heard);
          }
        }
      }
    }
  }

  @Test
  void doesNotLetNewcomersMakeAMajorityOfAMinority() {
    Member member = new Member(node(0), view(3));
    member.lose(nodes(1, 2));
    assertEquals(false, member.goesOn());

    member.join(nodes(7, 8, 9));

    assertEquals(false, member.goesOn());
  }

  @Test
  void countsNewcomersThatAreCutOffWithTheirSide() {
    Member member = new Member(node(0), view(3));
    member.join(nodes(6, 7, 8, 9));

    member.lose(nodes(6, 7, 8));
    assertEquals(true, member.goesOn());
    member.lose(nodes(9));

    assertEquals(false, member.goesOn());
  }

  @Test
  void countsANewcomerAsAnyoneOnceItHasStood() {
    Member member = new Member(node(0), view(3));
    member.join(nodes(7, 8));
    member.pass(STANDS_NANOS);

    member.lose(nodes(1, 2));

    assertEquals(true, member.goesOn());
    assertEquals(5, member.reference.standing().view().size());
  }

  @Test
  void forgetsWhoWasLostOnceTheViewWasWholeForLong() {
    Member member = new Member(node(0), view(5));

    member.lose(nodes(3, 4));
    member.pass(STANDS_NANOS - 1);
    assertEquals(OptionalLong.of(member.nowNanos + 1), member.reference.nextNanos());
    assertEquals(5, member.reference.all().view().size());
    member.pass(1, false);
    assertEquals(5, member.reference.all().view().size());
    member.pass(0);

    assertEquals(OptionalLong.empty(), member.reference.nextNanos());
    assertEquals(new Partition(view(3), Set.of()), member.reference.all());
    member.lose(nodes(2));
    assertEquals(true, member.goesOn());
  }

  @Test
  void survivesCrashesThatAreFarApartDownToOne() {
    Member member = new Member(node(0), view(7));

    for (int last = 6; last > 0; last--) {
      member.lose(nodes(last));
      assertEquals(true, member.goesOn(), "without " + last);
      member.pass(STANDS_NANOS);
    }

    assertEquals(nodes(0), member.members);
  }

  @Test
  void losesToTheOthersWhereTheyCrashTooFast() {
    Member member = new Member(node(0), view(5));

    member.lose(nodes(4));
    member.pass(STANDS_NANOS / 2);
    member.lose(nodes(3));
    assertEquals(true, member.goesOn());
    member.pass(STANDS_NANOS / 2 - 1);
    member.lose(nodes(2));

    assertEquals(false, member.goesOn());
  }

  @Test
  void givesASeatBackToWhoeverComesBackToIt() {
    Member member = new Member(node(0), view(3));
    member.lose(nodes(1));

    member.join(nodes(1));
    member.lose(nodes(2));

    assertEquals(true, member.goesOn());
    assertEquals(nodes(2), member.reference.all().unreachable());
  }

  @Test
  void doesNotCountWhoLeftByAWord() {
    Member member = new Member(node(0), view(5));

    member.leave(nodes(1, 2, 3));
    assertEquals(new Partition(nodes(0, 4), Set.of()), member.reference.all());
    member.lose(nodes(4));

    assertEquals(true, member.goesOn());
  }

  @Test
  void takesWhomItMeetsFirstForOlderThanItself() {
    ReferenceView reference = new ReferenceView();
    reference.begin(node(9), 0);

    reference.onView(Set.of(node(9), node(1)), Set.of(), SECOND);
    reference.onView(Set.of(node(9), node(1), node(2)), Set.of(), STANDS_NANOS - 1);
    reference.onView(Set.of(node(9), node(1), node(2), node(3)), Set.of(), STANDS_NANOS);

    assertEquals(nodes(9, 1, 2), reference.standing().view());
    assertEquals(nodes(9, 1, 2, 3), reference.all().view());
  }

  @Test
  void keepsNoMoreOfTheLostThanAViewHasRoomFor() {
    Member member = new Member(node(0), view(3));
    Set<Authority> most =
        nodes(IntStream.range(100, 100 + ReferenceView.MOST_LOST).toArray());
    member.join(most);
    member.lose(most);
    assertEquals(ReferenceView.MOST_LOST, member.reference.all().unreachable().size());

    member.join(nodes(50));
    member.lose(nodes(50));

    assertEquals(new Partition(view(3), Set.of()), member.reference.all());
  }
}
