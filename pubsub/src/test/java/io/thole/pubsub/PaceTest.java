package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Duration BETWEEN = Duration.ofNanos(200_000);

  private final TestNetwork network = new TestNetwork(1);
  private final List<Long> doneMicros = new ArrayList<>();
  private final Pace pace =
      new Pace(network.node(1), () -> doneMicros.add(network.nowNanos() / 1_000));

  @Test // P8
  void isDoneAtOnceAndThenAMillisecondLater() {
    pace.soon();
    pace.soon();
    pace.soon();

    assertEquals(List.of(0L), doneMicros);
    network.advance(Duration.ofMillis(20));
    assertEquals(List.of(0L, 1_000L), doneMicros);
  }

  @Test // P8
  void isDoneByWhoeverAsksWhenItIsTime() {
    for (int i = 0; i < 6; i++) {
      pace.soon();
      network.advance(BETWEEN);
    }

    assertEquals(List.of(0L, 1_000L, 1_200L), doneMicros); // the last by the timer
  }

  @Test // P8
  void hasFewTimersWhileOthersAskAllTheTime() {
    int byTimer = 0;
    for (int i = 0; i < 500; i++) {
      pace.soon();
      int before = doneMicros.size();
      network.advance(BETWEEN);
      byTimer += doneMicros.size() - before;
    }

    assertTrue(doneMicros.size() > 90, doneMicros::toString);
    assertTrue(byTimer <= 10, () -> "not 100 in 100 ms: " + doneMicros);
  }

  @Test // P8
  void isDoneAfterTheLastOfManyWhoAsked() {
    for (int i = 0; i < 500; i++) {
      network.advance(BETWEEN);
      pace.soon();
    }
    long lastMicros = network.nowNanos() / 1_000;

    network.advance(Duration.ofMillis(16));

    assertTrue(doneMicros.get(doneMicros.size() - 1) >= lastMicros, doneMicros::toString);
    assertEquals(0, network.timers());
  }

  @Test // P8
  void hasAnEarlyTimerAgainOnceNobodyElseCame() {
    for (int i = 0; i < 500; i++) {
      pace.soon();
      network.advance(BETWEEN);
    }
    askTwice();
    doneMicros.clear();

    askTwice();

    assertEquals(2, doneMicros.size());
    assertEquals(1_000, doneMicros.get(1) - doneMicros.get(0));
  }

  private void askTwice() {
    network.advance(Duration.ofMillis(20));
    pace.soon();
    pace.soon();
    network.advance(Duration.ofMillis(20));
  }
}
