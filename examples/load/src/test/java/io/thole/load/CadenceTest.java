package io.thole.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CadenceTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void beatsAsOftenAsItShouldHoweverLateEachBeatIs() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      long perSecond = 1L + random.nextInt(10_000);
      long nowNanos = random.nextLong();
      long endNanos = nowNanos + 10 * SECOND;
      Cadence cadence = new Cadence(perSecond, nowNanos);

      long beats = 0;
      while (nowNanos + cadence.remainingNanos(nowNanos) - endNanos < 0) {
        nowNanos += Math.max(0, cadence.remainingNanos(nowNanos)) + random.nextInt(20_000);
        beats += 1 + cadence.beat(nowNanos);
      }

      assertEquals(perSecond * 10, beats, "seed " + seed);
    }
  }

  @Test
  void catchesUpWithTheLastSecondAndSkipsWhatIsOlder() {
    Cadence cadence = new Cadence(10, 0);

    long skipped = cadence.beat(6 * SECOND);

    assertEquals(51, skipped); // of 61 that were due; one is taken now, nine follow at once
    for (int beat = 0; beat < 9; beat++) {
      assertEquals(true, cadence.remainingNanos(6 * SECOND) <= 0, "beat " + beat);
      assertEquals(0, cadence.beat(6 * SECOND));
    }
    assertEquals(SECOND / 10, cadence.remainingNanos(6 * SECOND));
  }

  @Test
  void keepsTimeForYears() {
    Cadence cadence = new Cadence(3, 0);
    cadence.beat(100_000_000L * SECOND);

    long remainingNanos = cadence.remainingNanos(100_000_000L * SECOND);

    assertEquals(true, remainingNanos <= 0 && remainingNanos >= -SECOND, () -> "" + remainingNanos);
  }
}
