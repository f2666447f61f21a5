package io.thole.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.EventsDropped;
import io.thole.api.ClusterEvent.TopologyRejected;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventHistoryTest {
  private final EventHistory history = new EventHistory(InstantSource.fixed(FixtureCluster.NOW));

  @Test
  void keepsTheLastThousand() {
    addUpTo(EventHistory.LIMIT + 5);

    List<EventHistory.Entry> kept = history.last(Integer.MAX_VALUE);

    assertEquals(EventHistory.LIMIT, kept.size());
    assertEquals(event(5), kept.get(0).event());
    assertEquals(List.of(event(1_003), event(1_004)), events(history.last(2)));
  }

  @Test
  void aFollowerIsToldWhatWasAndThenEachNewEventOnce() {
    addUpTo(3);
    List<ClusterEvent> told = new ArrayList<>();

    // The reader itself adds, so that no second thread is needed, and ends by interrupting itself.
    assertInterrupted(() -> history.follow(2, entry -> {
      told.add(entry.event());
      if (told.size() == 1) {
        history.add(event(3));
      }
      if (told.size() == 3) {
        Thread.currentThread().interrupt();
      }
    }));

    assertEquals(List.of(event(1), event(2), event(3)), told);
  }

  @Test
  void aFollowerWhoFallsBehindIsToldHowManyItMissed() {
    List<ClusterEvent> told = new ArrayList<>();
    history.add(event(0));

    assertInterrupted(() -> history.follow(1, entry -> {
      told.add(entry.event());
      if (told.size() == 1) {
        addUpTo(EventHistory.LIMIT + 7); // 7 more than may wait
      }
      if (told.size() == EventHistory.LIMIT + 1) {
        addUpTo(1);
      }
      if (told.size() == EventHistory.LIMIT + 3) {
        Thread.currentThread().interrupt();
      }
    }));

    assertEquals(new EventsDropped(7), told.get(EventHistory.LIMIT + 1));
  }

  private interface Following {
    void run() throws InterruptedException;
  }

  private static void assertInterrupted(Following following) {
    assertThrows(InterruptedException.class, following::run);
  }

  private void addUpTo(int count) {
    for (int i = 0; i < count; i++) {
      history.add(event(i));
    }
  }

  private static List<ClusterEvent> events(List<EventHistory.Entry> entries) {
    return entries.stream().map(EventHistory.Entry::event).toList();
  }

  private static ClusterEvent event(int number) {
    return new TopologyRejected("test", String.valueOf(number));
  }
}
