package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.NodeId;
import io.thole.gossip.Update.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** membership.md 1.5. */
class RumorQueueTest {
  private static final int PLENTY = 100_000;

  private final RumorQueue rumors = new RumorQueue();

  private static Update alive(int number, int refutation) {
    return new Update(Claim.ALIVE, EngineNetwork.node(number), refutation, List.of());
  }

  @Test
  void sendsFirstWhatWasSentLeast() {
    rumors.add(alive(1, 0));
    List<Update> first = rumors.take(PLENTY, 2, 10);
    rumors.add(alive(2, 0));

    List<Update> second = rumors.take(PLENTY, 1, 10);
    List<Update> third = rumors.take(alive(2, 0).encodedBytes(), 1, 10);

    assertEquals(List.of(alive(1, 0)), first);
    assertEquals(List.of(alive(2, 0), alive(1, 0)), second);
    assertEquals(List.of(alive(2, 0)), third);
  }

  @Test // J2
  void takesNoMoreThanFits() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      rumors.add(alive(i, 0));
    }

    for (int round = 0; round < 1_000; round++) {
      int fits = random.nextInt(500);
      List<Update> taken = rumors.take(fits, 1, 1_000);

      int bytes = taken.stream().mapToInt(Update::encodedBytes).sum();
      boolean fitting = bytes <= fits || taken.size() == 1; // else it would never be said
      assertTrue(fitting, "round " + round + ": " + bytes + " > " + fits);
    }
  }

  @Test // J3
  void passesOnOnlyTheNewestOfAnAddress() {
    rumors.add(alive(1, 0));
    rumors.add(alive(2, 0));
    rumors.add(alive(1, 1));

    assertEquals(2, rumors.size());
    assertEquals(List.of(alive(2, 0), alive(1, 1)), rumors.take(PLENTY, 1, 10));
  }

  @Test
  void dropsWhatWasSentOftenEnough() {
    rumors.add(alive(1, 0));

    List<Update> taken = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      taken.addAll(rumors.take(PLENTY, 4, 12));
    }

    assertEquals(3, taken.size()); // to four each time
    assertTrue(rumors.isEmpty());
    assertEquals(List.of(), rumors.take(PLENTY, 1, 12));
  }

  @Test // J4
  void saysNothingMoreOfWhomItForgot() {
    rumors.add(alive(1, 0));
    rumors.add(alive(2, 0));
    rumors.forget(EngineNetwork.address(1));

    assertEquals(1, rumors.size());
    assertEquals(List.of(alive(2, 0)), rumors.take(PLENTY, 1, 10));
  }

  @Test // J2: whatever the order of additions, each newest one is sent as often as it should be
  void sendsEachNewestExactlyAsOftenAsItShould() {
    for (long seed = 1; seed <= 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<NodeId, Integer> sent = new HashMap<>();
      Map<NodeId, Update> newest = new HashMap<>();

      for (int step = 0; step < 500; step++) {
        Update update = alive(random.nextInt(30), step);
        rumors.add(update);
        newest.put(update.node(), update);
        sent.put(update.node(), 0);
        count(rumors.take(random.nextInt(300), 1, 7), newest, sent, seed);
      }
      for (int round = 0; round < 1_000; round++) {
        count(rumors.take(300, 1, 7), newest, sent, seed);
      }

      assertEquals(Map.of(7, 30), counts(sent), "seed " + seed);
      assertTrue(rumors.isEmpty(), "seed " + seed);
    }
  }

  private static void count(
      List<Update> taken, Map<NodeId, Update> newest, Map<NodeId, Integer> sent, long seed) {
    assertEquals(taken.size(), new HashSet<>(taken).size(), "seed " + seed);
    taken.forEach(update -> {
      assertEquals(newest.get(update.node()), update, "seed " + seed);
      sent.merge(update.node(), 1, Integer::sum);
    });
  }

  private static Map<Integer, Integer> counts(Map<NodeId, Integer> sent) {
    Map<Integer, Integer> counts = new HashMap<>();
    sent.values().forEach(times -> counts.merge(times, 1, Integer::sum));
    return counts;
  }
}
