package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How peers share what is kept for them. */
class PeerBudgetTest {
  private static final long LIMIT = 4L << 20;
  private static final int STEP = 64;

  private final PeerBudget budget = new PeerBudget(LIMIT);

  private PeerBudget.Share share(int number) {
    return budget.share(peer(number));
  }

  private static NodeId peer(int number) {
    return new NodeId(new Authority("127.0.0.1", 10_000 + number), 1);
  }

  /** Takes all that it gets, and returns how much that is. */
  private static long takeAll(PeerBudget.Share share) {
    long taken = 0;
    while (share.take(STEP)) {
      taken += STEP;
      assertTrue(taken <= LIMIT, "one peer has more than there is");
    }
    return taken;
  }

  private static void assertAbout(long expected, long actual) {
    assertTrue(Math.abs(expected - actual) <= STEP, actual + " in place of " + expected);
  }

  @Test // delivery.md 7: many that take all they can
  void asManyPeersAsThereMayBeHoldNoMoreThanThereIs() {
    List<PeerBudget.Share> hostile =
        IntStream.range(0, PeerBudget.PEERS).mapToObj(this::share).toList();

    long taken = hostile.stream().mapToLong(PeerBudgetTest::takeAll).sum();

    assertTrue(taken <= LIMIT, taken + " bytes of " + LIMIT);
    assertEquals(taken, budget.heldBytes());
    hostile.forEach(share -> assertTrue(
        share.heldBytes() >= budget.floorBytes(), () -> share.heldBytes() + " below the floor"));
  }

  @Test
  void onePeerMayHoldAThirdOfWhatIsForWhoComesFirstAndTheNextAThirdOfWhatIsLeft() {
    long rest = LIMIT - PeerBudget.PEERS * budget.floorBytes();

    long first = takeAll(share(1)) - budget.floorBytes();
    long second = takeAll(share(2)) - budget.floorBytes();

    assertAbout(rest / 3, first);
    assertAbout(rest * 2 / 9, second);
  }

  @Test // I9
  void aPeerThatComesLateHasItsFloor() {
    IntStream.range(0, PeerBudget.PEERS - 1).forEach(i -> takeAll(share(i)));

    PeerBudget.Share healthy = share(PeerBudget.PEERS);

    assertTrue(takeAll(healthy) >= budget.floorBytes());
    healthy.give(STEP);
    assertTrue(healthy.take(STEP));
  }

  @Test
  void whoeverComesWhileAllFloorsAreTakenHasNone() {
    List<PeerBudget.Share> all =
        IntStream.range(0, PeerBudget.PEERS).mapToObj(this::share).toList();
    all.forEach(PeerBudgetTest::takeAll);
    PeerBudget.Share further = share(PeerBudget.PEERS);
    assertFalse(further.take(STEP));

    all.get(0).close();
    further.close();

    assertTrue(takeAll(share(PeerBudget.PEERS + 1)) >= budget.floorBytes());
  }

  @Test
  void theEndOfASessionGivesAllBackAndWhatIsGivenAfterwardsDoesNotCountTwice() {
    PeerBudget.Share first = share(1);
    long taken = takeAll(first);

    first.close();
    first.close();
    first.give(STEP);
    assertTrue(first.take(LIMIT), "kept for nobody any more");

    assertEquals(0, budget.heldBytes());
    assertEquals(taken, takeAll(share(2)));
  }

  @Test
  void addsUpWhateverIsTakenAndGiven() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<PeerBudget.Share> shares = IntStream.range(0, 8).mapToObj(this::share).toList();
    long[] held = new long[shares.size()];
    for (int i = 0; i < 100_000; i++) {
      int which = random.nextInt(held.length);
      long bytes = random.nextInt(100_000);
      if (random.nextBoolean() && shares.get(which).take(bytes)) {
        held[which] += bytes;
      } else if (held[which] > 0) {
        long given = random.nextLong(held[which] + 1);
        shares.get(which).give(given);
        held[which] -= given;
      }
      assertEquals(held[which], shares.get(which).heldBytes(), () -> "seed " + seed);
    }
    long first = takeAll(share(9));
    for (int which = 0; which < held.length; which++) {
      shares.get(which).give(held[which]);
    }

    assertEquals(first, budget.heldBytes(), () -> "seed " + seed);
    long rest = LIMIT - PeerBudget.PEERS * budget.floorBytes();
    long free = rest - (first - budget.floorBytes());
    assertAbout(free / 3, takeAll(share(10)) - budget.floorBytes());
  }

  @Test
  void saysWhoHoldsTheMostAtMostOnceInTenSeconds() {
    assertEquals(Optional.empty(), budget.complaint(0));
    takeAll(share(1));
    PeerBudget.Share second = share(2);
    takeAll(second);
    second.take(STEP);

    String said = budget.complaint(5).orElseThrow();
    second.take(STEP);

    assertTrue(said.startsWith("3 times "), said);
    assertTrue(said.contains(peer(1) + " the most, 684 KiB"), said);
    assertTrue(said.contains(" of 4096 KiB"), said);
    assertEquals(Optional.empty(), budget.complaint(Duration.ofSeconds(10).toNanos() + 4));
    String again = budget.complaint(Duration.ofSeconds(10).toNanos() + 5).orElseThrow();
    assertTrue(again.startsWith("1 times "), again);
  }
}
