package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.Peer;
import io.thole.spi.TopologyPublisher;
import io.thole.tcpprovider.Membership.Step;
import io.thole.tcpprovider.Membership.Step.Answer;
import io.thole.tcpprovider.Membership.Step.Ask;
import io.thole.tcpprovider.Membership.Step.Dial;
import io.thole.tcpprovider.Membership.Step.Joined;
import io.thole.tcpprovider.Membership.Step.Left;
import io.thole.tcpprovider.Membership.Step.Note;
import io.thole.tcpprovider.Membership.Step.Stray;
import io.thole.tcpprovider.MembershipMessage.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipTest {
  private static final Authority SELF = new Authority("self", 1);
  private static final NodeId SELF_ID = new NodeId(SELF, 3);
  private static final NodeId A = node("a", 7);
  private static final NodeId B = node("b", 7);
  private static final NodeId C = node("c", 7);
  private static final long SEED = 26_050;
  private static final List<Step> NOTHING = List.of();

  private long nowNanos = Long.MAX_VALUE - 1_000_000; // so that it wraps around soon

  // Coming.

  @Test // D1, E3
  void takesAPeerThatIsUpForAMemberUnlessItIsAClient() {
    Membership membership = alone();

    assertEquals(List.of(new Joined(A)), up(membership, A));
    assertEquals(NOTHING, membership.onUp(peer(B, StartupMode.CLIENT), nowNanos));
    assertEquals(List.of(A), membership.members());
  }

  @Test // D10
  void tellsTheNextRunAtAKnownAddressAndPassesOverAnEarlierOne() {
    Membership membership = alone();
    NodeId next = node("a", 8);
    up(membership, A);

    assertEquals(List.of(new Joined(next)), up(membership, next));
    assertEquals(NOTHING, membership.onLost(A, false, nowNanos));
    assertEquals(NOTHING, pass(membership, 60_000));
    assertEquals(NOTHING, up(membership, A));
  }

  @Test
  void tellsThatAMemberIsGoneWhereAClientRunsNow() {
    Membership membership = alone();
    up(membership, A);

    assertEquals(
        List.of(new Left(A)), membership.onUp(peer(node("a", 8), StartupMode.CLIENT), nowNanos));
    assertFalse(membership.lost(A));
  }

  @Test
  void hasAsManyMembersAsAViewMayHaveAndNoMore() {
    Membership membership = alone();
    IntStream.range(1, TopologyPublisher.LIMIT).forEach(i -> up(membership, node("n" + i, 1)));

    assertEquals(
        List.of(new Note("a:1#7 is no member: the cluster has as many as it can")),
        up(membership, A));
    assertEquals(List.of(new Joined(node("n1", 2))), up(membership, node("n1", 2)));
  }

  // Being lost.

  @Test // D3
  void givesAMemberThatIsLostItsGraceTimeAndNotAMillisecondMore() {
    Membership membership = alone();
    up(membership, A);

    assertEquals(NOTHING, membership.onLost(A, false, nowNanos));
    assertEquals(NOTHING, pass(membership, 4_999));
    assertEquals(List.of(new Left(A)), pass(membership, 1));
    assertTrue(membership.lost(A));
    assertEquals(NOTHING, pass(membership, 60_000));
  }

  @Test // D3, O5
  void givesAMemberThatHadAnnouncedItMoreTimeWhateverItsAddressRefuses() {
    Membership membership = alone();
    up(membership, A);
    membership.onLost(A, true, nowNanos);

    for (int i = 0; i < 299; i++) {
      assertEquals(NOTHING, refused(membership, A));
      assertEquals(NOTHING, pass(membership, 100));
    }
    assertEquals(NOTHING, pass(membership, 99));
    assertEquals(List.of(new Left(A)), pass(membership, 1));
  }

  @Test // D3
  void tellsNothingOfAMemberThatIsBackInTime() {
    Membership membership = alone();
    for (boolean announced : List.of(true, false)) {
      up(membership, A);
      membership.onLost(A, announced, nowNanos);
      refused(membership, A);
      pass(membership, 4_999);

      assertEquals(List.of(new Joined(A)), up(membership, A));
      assertEquals(NOTHING, refused(membership, A));
      assertEquals(NOTHING, pass(membership, 60_000));
    }
  }

  @Test // G4
  void takesTwoRefusalsThatAreApartForTheEndOfAProcess() {
    Membership membership = alone();
    up(membership, A);
    membership.onLost(A, false, nowNanos);

    assertEquals(NOTHING, refused(membership, A));
    assertEquals(NOTHING, pass(membership, 99));
    assertEquals(NOTHING, refused(membership, A));
    assertEquals(List.of(new Dial(A.authority())), pass(membership, 1));
    assertEquals(List.of(new Left(A)), refused(membership, A));
  }

  @Test // G4
  void probesAnAddressThatRefusedOnce() {
    Membership membership = alone();
    up(membership, A);
    membership.onLost(A, false, nowNanos);
    refused(membership, A);

    assertEquals(100, millisToDeadline(membership));
    assertEquals(List.of(new Dial(A.authority())), pass(membership, 100));
    assertEquals(4_900, millisToDeadline(membership));
    assertEquals(List.of(new Left(A)), pass(membership, 4_900));
  }

  @Test // G4
  void takesNoOtherFailureToConnectForTheEndOfAProcess() {
    Membership membership = alone();
    up(membership, A);
    membership.onLost(A, false, nowNanos);

    for (int i = 0; i < 49; i++) {
      pass(membership, 100);
      assertEquals(NOTHING, membership.onRefused(A.authority(), false, "no route", nowNanos));
    }

    assertEquals(List.of(A), membership.members());
  }

  @Test // D3, G4
  void leavesItToAGossiperToSayWhoIsGone() {
    Membership membership = alone();
    up(membership, A);
    up(membership, B);
    membership.leaveVerdicts(true, nowNanos);
    membership.onLost(A, false, nowNanos);

    for (int i = 0; i < 600; i++) {
      assertEquals(NOTHING, refused(membership, A));
      assertEquals(NOTHING, pass(membership, 100));
    }
    assertEquals(List.of(new Left(B)), membership.onLeave(B));
    membership.onView(List.of(SELF_ID, A), nowNanos);
    assertEquals(List.of(A), membership.members());
    membership.onView(List.of(SELF_ID), nowNanos);
    assertEquals(List.of(), membership.members());
  }

  @Test // D3, J4
  void bringsNobodyBackWhomTheGossiperHasTakenOut() {
    Membership membership = alone();
    NodeId next = node("a", 8);
    up(membership, A);
    membership.leaveVerdicts(true, nowNanos);
    membership.onView(List.of(SELF_ID, A), nowNanos);
    membership.onView(List.of(SELF_ID), nowNanos);

    assertEquals(NOTHING, up(membership, A));
    membership.onView(List.of(SELF_ID, A), nowNanos);
    assertEquals(List.of(A), membership.members());
    membership.onView(List.of(SELF_ID), nowNanos);
    assertEquals(List.of(new Joined(next)), up(membership, next));
  }

  @Test // D3
  void countsTheGraceTimesAnewOnceTheGossiperIsGone() {
    Membership membership = alone();
    up(membership, A);
    membership.leaveVerdicts(true, nowNanos);
    membership.onLost(A, false, nowNanos);
    assertEquals(NOTHING, refused(membership, A));
    assertEquals(NOTHING, pass(membership, 60_000));

    membership.leaveVerdicts(false, nowNanos);

    assertEquals(NOTHING, refused(membership, A));
    assertEquals(List.of(new Dial(A.authority())), pass(membership, 100));
    assertEquals(NOTHING, pass(membership, 4_899));
    assertEquals(List.of(new Left(A)), pass(membership, 1));
  }

  @Test // D3
  void looksOnceInAGraceTimeWhetherTheGossiperIsStillThere() {
    Membership membership = alone();
    up(membership, A);
    membership.leaveVerdicts(true, nowNanos);
    membership.onLost(A, false, nowNanos);

    assertEquals(5_000, millisToDeadline(membership));
    assertEquals(NOTHING, pass(membership, 5_000));
    assertEquals(5_000, millisToDeadline(membership));
  }

  @Test
  void countsNoRefusalFromBeforeTheLossOrOfAnotherAddress() {
    Membership membership = alone();
    up(membership, A);
    refused(membership, A);
    pass(membership, 200);
    membership.onLost(A, false, nowNanos);

    assertEquals(NOTHING, refused(membership, A));
    assertEquals(NOTHING, pass(membership, 50));
    refused(membership, B);
    assertEquals(List.of(A), membership.members());
  }

  @Test
  void zeroIsAtOnce() {
    for (boolean announced : List.of(true, false)) {
      Membership membership = alone();
      membership.configure(settings(0, 0));
      up(membership, A);

      membership.onLost(A, announced, nowNanos);

      assertEquals(List.of(new Left(A)), pass(membership, 0));
    }
  }

  @Test
  void takesOtherTimesForThoseThatAreAbsentAlready() {
    Membership membership = alone();
    up(membership, A);
    membership.onLost(A, false, nowNanos);
    assertEquals(NOTHING, pass(membership, 1_000));

    membership.configure(settings(1_000, 30_000));

    assertEquals(List.of(new Left(A)), pass(membership, 0));
  }

  @Test // G9
  void takesTheSameRunBackAfterItWasGivenUp() {
    Membership membership = alone();
    up(membership, A);
    membership.onLost(A, false, nowNanos);
    pass(membership, 5_000);

    assertEquals(List.of(new Joined(A)), up(membership, A));
  }

  // Leaving.

  @Test // D2, G3
  void tellsALeaveAtOnceAndDoesNotTakeThatRunBack() {
    Membership membership = alone();
    up(membership, A);

    assertEquals(List.of(new Left(A)), membership.onLeave(A));
    assertEquals(NOTHING, up(membership, A));
    membership.onLost(A, true, nowNanos);
    assertFalse(membership.lost(A));
    assertEquals(NOTHING, up(membership, A));
    assertEquals(NOTHING, pass(membership, 60_000));
    assertEquals(List.of(new Joined(node("a", 8))), up(membership, node("a", 8)));
  }

  @Test
  void aLeaveSpeaksForItsSenderAlone() {
    Membership membership = alone();
    up(membership, node("a", 8));

    assertEquals(NOTHING, membership.onLeave(A));
    assertEquals(NOTHING, membership.onLeave(B));
    assertEquals(List.of(node("a", 8)), membership.members());
  }

  @Test // J4
  void remembersABoundedNumberOfLeaves() {
    Membership membership = alone();
    membership.onLeave(A);
    IntStream.range(1, Membership.MOST_DEPARTED).forEach(i -> membership.onLeave(node("n" + i, 1)));
    assertEquals(NOTHING, up(membership, A));

    membership.onLeave(B);

    assertEquals(List.of(new Joined(A)), up(membership, A));
    assertEquals(NOTHING, up(membership, B));
  }

  // Seeds.

  @Test // D9
  void dialsEachSeedOnceAndNotItself() {
    Membership membership =
        membership(List.of(A.authority(), SELF, B.authority(), A.authority()), List.of());

    assertEquals(List.of(new Dial(A.authority()), new Dial(B.authority())), membership.onStart());
  }

  @Test // D9, G9
  void dialsASeedForEverAndEverLaterUpToFourSeconds() {
    Membership membership = withSeeds(A);
    membership.onStart();
    List<Long> waits = new ArrayList<>();

    for (int i = 0; i < 50; i++) {
      long millis = millisToDeadline(membership);
      waits.add(millis);
      assertEquals(List.of(new Dial(A.authority())), pass(membership, millis + 1));
    }

    for (int i = 0; i < waits.size(); i++) {
      double expected = Math.min(100 * Math.pow(2, i), 4_000);
      double ratio = waits.get(i) / expected;
      assertTrue(ratio > 0.7 && ratio < 1.3, "seed " + SEED + ", waits: " + waits);
    }
  }

  @Test // H3
  void dialsASeedThatLetsItInAndSendsItAwayEverLater() {
    Membership membership = withSeeds(A);
    long endNanos = nowNanos + Duration.ofSeconds(10).toNanos();

    int dials = 0;
    while (nowNanos - endNanos < 0) {
      nowNanos = membership.deadlineNanos(nowNanos).orElseThrow();
      for (Step step : membership.onTime(nowNanos)) {
        assertEquals(new Dial(A.authority()), step);
        dials++;
        assertEquals(NOTHING, membership.onLost(A, false, nowNanos));
      }
    }

    assertTrue(dials > 3 && dials < 12, "seed " + SEED + ", dials: " + dials);
  }

  @Test // D9
  void saysOnceForEachOutageThatASeedCannotBeReached() {
    Membership membership = withSeeds(A);
    Step note = new Note("seed a:1 cannot be reached, and is tried again: no\\u000away");

    assertEquals(List.of(note), membership.onRefused(A.authority(), true, "no\nway", nowNanos));
    assertEquals(NOTHING, refused(membership, A));
    up(membership, A);
    membership.onLost(A, true, nowNanos);
    assertEquals(List.of(note), membership.onRefused(A.authority(), true, "no\nway", nowNanos));
    assertEquals(NOTHING, refused(membership, A));
  }

  @Test
  void dialsNoSeedThatIsUpAndSoonOneThatIsLost() {
    Membership membership = withSeeds(A);
    for (int i = 0; i < 10; i++) {
      pass(membership, 10_000);
    }
    up(membership, A);
    assertEquals(NOTHING, pass(membership, 60_000));

    membership.onLost(A, true, nowNanos);

    assertEquals(List.of(new Dial(A.authority())), pass(membership, 130));
  }

  // Meeting the others.

  @Test // D9
  void hasNobodyToMeetWithoutSeeds() {
    assertTrue(alone().met());
  }

  @Test // G1
  void hasMetTheOthersWhenASeedHasNamedThemAndEachIsUpOrRefuses() {
    Membership membership = withSeeds(A, node("other", 1));
    up(membership, A);

    assertEquals(List.of(new Ask(A)), membership.onBegun(A));
    assertFalse(membership.met());
    assertEquals(
        List.of(new Dial(B.authority()), new Dial(C.authority())),
        membership.onWelcome(A, new Welcome(true, List.of(A, B, C, NodeId.at(SELF)))));
    up(membership, B);
    assertFalse(membership.met());
    refused(membership, C);
    assertTrue(membership.met());
  }

  @Test
  void waitsForSeedsThatAreNotThereYet() { // D9
    Membership membership = withSeeds(A, B);

    refused(membership, A);
    assertFalse(membership.met());
    assertEquals(List.of(B.authority()), membership.silentSeeds());
    refused(membership, B);
    assertFalse(membership.met());
    assertEquals(List.of(), membership.silentSeeds());
  }

  @Test
  void waitsForTheAnswerOfASeedThatIsUpWhenTheOthersRefuse() {
    Membership membership = withSeeds(A, B);
    refused(membership, B);
    up(membership, A);

    assertFalse(membership.met());
    membership.onBegun(A);
    membership.onWelcome(A, new Welcome(true, List.of(A)));
    assertTrue(membership.met());
  }

  @Test
  void asksASeedAgainAndOthersOnlyUntilSomebodyHasAnswered() {
    Membership membership = withSeeds(A);

    assertEquals(List.of(new Ask(B)), membership.onBegun(B));
    membership.onWelcome(B, new Welcome(true, List.of()));
    assertEquals(NOTHING, membership.onBegun(C));
    assertEquals(List.of(new Ask(A)), membership.onBegun(A));
  }

  @Test
  void answersWhoIsUpAndOthersOnceTheyAre() {
    Membership membership = alone();

    assertEquals(NOTHING, membership.onJoin(A));
    assertEquals(List.of(new Joined(A), new Answer(A)), up(membership, A));
    assertEquals(List.of(new Answer(A)), membership.onJoin(A));
    membership.onJoin(B);
    membership.onEnded(B);
    assertEquals(List.of(new Joined(B)), up(membership, B));
  }

  @Test // P1
  void takesNoWelcomeThatItDidNotAskForOrThatHasNoEnd() {
    Membership membership = withSeeds(A);
    List<NodeId> many = IntStream.rangeClosed(1, MembershipMessage.CHUNK)
        .mapToObj(port -> new NodeId(new Authority("n", port), 1))
        .toList();
    assertEquals(List.of(new Stray(A)), membership.onWelcome(A, new Welcome(true, List.of(B))));
    membership.onBegun(A);

    for (int i = 0; i < TopologyPublisher.LIMIT; i += many.size()) {
      assertEquals(
          many.size(), membership.onWelcome(A, new Welcome(false, many)).size());
    }

    assertEquals(List.of(new Stray(A)), membership.onWelcome(A, new Welcome(false, List.of(B))));
    membership.onEnded(A);
    assertEquals(List.of(new Stray(A)), membership.onWelcome(A, new Welcome(true, List.of())));
  }

  @Test
  void dialsNobodyWhoIsUpOrHasLeftByTheWordOfAnother() {
    Membership membership = withSeeds(A);
    membership.onBegun(A);
    up(membership, B);
    up(membership, C);
    membership.onLeave(C);
    membership.onLost(C, true, nowNanos);

    assertEquals(NOTHING, membership.onWelcome(A, new Welcome(true, List.of(B, C))));
  }

  // Following another provider.

  @Test // O2
  void keepsTheMembersOfARunningViewAndTellsNothingOfThoseThatAreMetInTime() {
    NodeId listed = NodeId.at(new Authority("listed", 1));
    Membership membership = membership(List.of(), List.of(NodeId.at(SELF), listed, A));

    assertTrue(membership.met());
    assertEquals(List.of(A, listed), membership.members());
    assertEquals(
        List.of(new Dial(A.authority()), new Dial(listed.authority())), membership.onStart());
    assertEquals(List.of(new Joined(A)), up(membership, A));
    refused(membership, listed);
    assertEquals(NOTHING, pass(membership, 1_000));
    refused(membership, listed);
    assertEquals(NOTHING, pass(membership, 3_999));
    assertEquals(List.of(new Left(listed)), pass(membership, 1));
  }

  @Test
  void followsTheViewInWhomItHasNotMet() {
    Membership membership = alone();

    membership.onView(List.of(NodeId.at(SELF), A, B), nowNanos);
    membership.onView(List.of(NodeId.at(SELF), B), nowNanos);

    assertEquals(List.of(new Left(B)), pass(membership, 5_000));
  }

  @Test
  void takesNobodyForAMemberAgainBecauseAnOlderViewSaysSo() {
    Membership membership = alone();
    up(membership, A);
    membership.onLeave(A);

    membership.onView(List.of(A), nowNanos);

    assertEquals(List.of(), membership.members());
  }

  // All of it.

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatItTellsAddsUpToItsMembersAndAllWhoStayAwayAreGone(long seed) {
    Random random = new Random(seed);
    Membership membership = withSeeds(A, B);
    Map<Authority, NodeId> told = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      NodeId id = node(String.valueOf("abcdef".charAt(random.nextInt(6))), 1 + i / 2_000);
      List<Step> steps = switch (random.nextInt(8)) {
        case 0, 1 -> up(membership, id);
        case 2 -> membership.onLost(id, random.nextBoolean(), nowNanos);
        case 3 -> refused(membership, id);
        case 4 -> membership.onBegun(id);
        case 5 -> random.nextInt(20) == 0 ? membership.onLeave(id) : membership.onJoin(id);
        case 6 -> membership.onWelcome(id, new Welcome(random.nextBoolean(), List.of(A, B, C)));
        default -> pass(membership, random.nextInt(500));
      };
      apply(steps, told);
      assertEquals(List.copyOf(told.values()), List.copyOf(membership.members()), "seed " + seed);
    }
    for (String host : List.of("a", "b", "c", "d", "e", "f")) {
      for (int incarnation = 1; incarnation <= 10; incarnation++) {
        membership.onLost(node(host, incarnation), true, nowNanos);
      }
    }
    for (int i = 0; i < 31; i++) {
      apply(pass(membership, 1_000), told);
    }

    assertEquals(List.of(), List.copyOf(membership.members()), "seed " + seed);
    assertEquals(Map.of(), told, "seed " + seed);
  }

  private static void apply(List<Step> steps, Map<Authority, NodeId> told) {
    for (Step step : steps) {
      if (step instanceof Joined joined) {
        told.put(joined.node().authority(), joined.node());
      } else if (step instanceof Left left) {
        assertTrue(told.remove(left.node().authority(), left.node()), () -> "left twice: " + left);
      }
    }
  }

  private Membership alone() {
    return membership(List.of(), List.of());
  }

  private Membership withSeeds(NodeId... seeds) {
    return membership(List.of(seeds).stream().map(NodeId::authority).toList(), List.of());
  }

  private Membership membership(List<Authority> seeds, List<NodeId> running) {
    return new Membership(
        SELF, seeds, running, MembershipSettings.DEFAULTS, new Random(SEED), nowNanos);
  }

  private List<Step> up(Membership membership, NodeId id) {
    return membership.onUp(peer(id, StartupMode.MEMBER), nowNanos);
  }

  private List<Step> refused(Membership membership, NodeId id) {
    return membership.onRefused(id.authority(), true, "nobody listens", nowNanos).stream()
        .filter(step -> !(step instanceof Note))
        .toList();
  }

  private List<Step> pass(Membership membership, long millis) {
    nowNanos += millis * 1_000_000;
    return membership.onTime(nowNanos);
  }

  private long millisToDeadline(Membership membership) {
    return (membership.deadlineNanos(nowNanos).orElseThrow() - nowNanos) / 1_000_000;
  }

  private static Peer peer(NodeId id, StartupMode mode) {
    return new Peer(id, mode, List.of());
  }

  private static MembershipSettings settings(long graceMillis, long announcedGraceMillis) {
    return new MembershipSettings(
        Duration.ofMillis(graceMillis), Duration.ofMillis(announcedGraceMillis), Duration.ZERO);
  }

  private static NodeId node(String host, long incarnation) {
    return new NodeId(new Authority(host, 1), incarnation);
  }
}
