package io.thole.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static final long SEED = 11;

  /** From within a slot of the wheel to far outside of it. */
  private static final long[] SPANS = {10_000, 1_000_000, 900_000_000, 40_000_000_000L};

  @Test
  void givesEventsInTheOrderOfTheirTimeWhateverTheyWereAddedIn() {
    SplittableRandom random = new SplittableRandom(SEED);
    EventQueue queue = new EventQueue();
    List<long[]> added = new ArrayList<>();
    List<long[]> taken = new ArrayList<>();
    long now = 0;

    for (int number = 0; number < 20_000; number++) {
      long time = now + random.nextLong(SPANS[random.nextInt(SPANS.length)]);
      queue.add(Event.Kind.TIMER, time, number, 0, null);
      added.add(new long[] {time, number});
      if (random.nextInt(3) == 0) {
        now = take(queue, Long.MAX_VALUE, taken);
      }
    }
    while (taken.size() < added.size()) {
      take(queue, Long.MAX_VALUE, taken);
    }

    added.sort(Comparator.comparingLong(one -> one[0]));
    for (int i = 0; i < added.size(); i++) {
      assertEquals(added.get(i)[0], taken.get(i)[0], "time of event " + i + ", seed " + SEED);
    }
  }

  @Test
  void givesEventsOfTheSameTimeInTheOrderOfTheirAddition() {
    for (long time : new long[] {0, 5_000, 1_000_000_000, 90_000_000_000L}) {
      EventQueue queue = new EventQueue();
      for (int number = 0; number < 100; number++) {
        queue.add(Event.Kind.TIMER, time, number, 0, null);
      }

      List<long[]> taken = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        take(queue, time, taken);
      }

      for (int i = 0; i < 100; i++) {
        assertEquals(i, taken.get(i)[1], "at " + time);
      }
    }
  }

  @Test
  void givesNothingThatIsLaterThanAsked() {
    EventQueue queue = new EventQueue();
    queue.add(Event.Kind.TIMER, 3_000_000_000L, 1, 0, null);

    assertNull(queue.poll(2_999_999_999L));
    queue.add(Event.Kind.TIMER, 2_000_000_000L, 2, 0, null);
    List<long[]> taken = new ArrayList<>();
    take(queue, 3_000_000_000L, taken);
    take(queue, 3_000_000_000L, taken);

    assertEquals(2, taken.get(0)[1]);
    assertEquals(1, taken.get(1)[1]);
    assertNull(queue.poll(Long.MAX_VALUE));
  }

  private static long take(EventQueue queue, long until, List<long[]> taken) {
    Event event = Objects.requireNonNull(queue.poll(until));
    long time = event.timeNanos;
    taken.add(new long[] {time, event.from});
    queue.release(event);
    return time;
  }
}
