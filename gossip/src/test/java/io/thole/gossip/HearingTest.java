package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** membership.md 1.2. */
class HearingTest {
  private static final long START = -7;

  private final Hearing hearing = new Hearing(EngineNetwork.SECOND, START);

  @Test
  void tellsWhetherSomethingCameAfterAMoment() {
    assertFalse(hearing.since(START));

    hearing.heard(START + 10);

    assertTrue(hearing.since(START + 9));
    assertFalse(hearing.since(START + 10));
  }

  @Test
  void tellsWhatEndedASilence() {
    assertFalse(hearing.heard(START + hearing.gapNanos()));
    assertTrue(hearing.heard(START + 2 * hearing.gapNanos() + 1));
    assertFalse(hearing.heard(START + 2 * hearing.gapNanos() + 2));
  }

  @Test
  void isCutOffAfterTenSecondsOfItsOwnTime() {
    hearing.heard(START);
    assertEquals(START + 10 * EngineNetwork.SECOND, hearing.isolatedAtNanos());

    hearing.shift(5, START + 20);
    assertEquals(START + 5 + 10 * EngineNetwork.SECOND, hearing.isolatedAtNanos());
    hearing.shift(50, START + 20);

    assertEquals(START + 20 + 10 * EngineNetwork.SECOND, hearing.isolatedAtNanos());
    assertFalse(hearing.since(START + 20), "it has heard nothing in times to come");
  }
}
