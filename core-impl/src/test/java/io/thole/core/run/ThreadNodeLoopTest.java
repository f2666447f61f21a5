package io.thole.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.core.NodeLoop.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThreadNodeLoopTest {
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  private final ThreadNodeLoop loop = new ThreadNodeLoop("loop");

  @Test
  void keepsFewOfTheTimersThatWereTakenBack() throws Exception {
    CompletableFuture<Integer> most = new CompletableFuture<>();

    loop.execute(() -> {
      int kept = 0;
      Timer timer = () -> {};
      for (int i = 0; i < 100_000; i++) {
        timer.cancel(); // as whoever sets one anew with each event
        timer = loop.schedule(HOUR_NANOS, () -> {});
        kept = Math.max(kept, loop.timers());
      }
      timer.cancel();
      most.complete(kept);
    });

    assertTrue(most.get(30, TimeUnit.SECONDS) < 200, "timers: " + most.get());
  }

  @Test
  void runsWhatWasNotTakenBackInTheOrderOfItsTime() throws Exception {
    List<Integer> ran = new ArrayList<>();
    CompletableFuture<List<Integer>> all = new CompletableFuture<>();

    loop.execute(() -> {
      List<Timer> timers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        int number = i;
        timers.add(loop.schedule(i * 1_000L, () -> ran.add(number)));
      }
      for (int i = 0; i < timers.size(); i++) {
        if (i % 250 != 0) {
          timers.get(i).cancel();
          timers.get(i).cancel(); // a second time does nothing
        }
      }
      loop.schedule(2_000_000, () -> all.complete(List.copyOf(ran)));
      loop.schedule(HOUR_NANOS, () -> {}).cancel();
    });

    assertEquals(List.of(0, 250, 500, 750), all.get(30, TimeUnit.SECONDS));
  }
}
