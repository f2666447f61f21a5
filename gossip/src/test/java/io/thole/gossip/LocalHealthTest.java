package io.thole.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** membership.md 1.3 and 4: 0 to 8, each success -1. */
class LocalHealthTest {
  @Test
  void staysWithinItsBounds() {
    LocalHealth health = new LocalHealth(true);

    health.improve();
    assertEquals(1, health.multiplier());
    health.worsen(3);
    assertEquals(4, health.multiplier());
    health.worsen(100);
    assertEquals(9, health.multiplier());

    for (int i = 0; i < 8; i++) {
      health.improve();
    }
    assertEquals(1, health.multiplier());
  }

  @Test
  void multipliesNothingWhereItIsNotUsed() {
    LocalHealth health = new LocalHealth(false);

    health.worsen(8);

    assertEquals(1, health.multiplier());
  }
}
