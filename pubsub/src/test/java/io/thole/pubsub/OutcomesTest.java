package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.pubsub.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private final Outcomes outcomes = new Outcomes();

  private void add(int from, int to) {
    IntStream.range(from, to)
        .forEach(i -> outcomes.add(1L << 40 | i, -i, outcome(i), reason(i), i % 4 == 1));
  }

  private static Outcome outcome(int i) {
    return i % 2 == 0 ? Outcome.DELIVERED : Outcome.REJECTED;
  }

  private static String reason(int i) {
    return i % 2 == 0 ? "" : "reason " + i;
  }

  private static PeerMessage.Ended ended(int i) {
    String reason = i % 4 == 3 ? Outcomes.NOT_KEPT : reason(i);
    return new PeerMessage.Ended(1L << 40 | i, -i, outcome(i), reason);
  }

  @Test // P3
  void areToldInTheirOrderAsTheyWereAsManyAsAMessageHolds() {
    List<PeerMessage.Ended> told = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      add(500 * i, 500 * i + 500);
      List<PeerMessage.Ended> next = outcomes.next();
      assertTrue(next.size() <= PeerMessage.OUTCOMES);
      told.addAll(next);
    }
    add(5_000, 8_000);
    for (int i = 0; i < 3; i++) {
      told.addAll(outcomes.next());
    }

    assertEquals(IntStream.range(0, 8_000).mapToObj(OutcomesTest::ended).toList(), told);
    assertEquals(List.of(), outcomes.next());
  }

  @Test // P3: a stop waits until all is said
  void areOwedUntilTheyWereSaid() {
    assertTrue(outcomes.isEmpty());
    add(0, 2);

    assertEquals(2, outcomes.next().size());
    assertFalse(outcomes.isEmpty());
    outcomes.said(1);
    assertFalse(outcomes.isEmpty());
    outcomes.said(1);

    assertTrue(outcomes.isEmpty());
  }

  @Test
  void goOnAfterAnEnd() {
    add(0, 300);
    assertEquals(300, outcomes.next().size());
    outcomes.clear();
    assertTrue(outcomes.isEmpty());

    add(0, 300);

    assertEquals(300, outcomes.next().size());
  }
}
