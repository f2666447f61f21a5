package io.thole.testkit.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.testkit.journal.JournalRecord.Attempted;
import io.thole.testkit.journal.JournalRecord.Began;
import io.thole.testkit.journal.JournalRecord.Handled;
import io.thole.testkit.journal.JournalRecord.Reported;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final String TOPIC = "topic load";
  private long nowMicros;

  @Test
  void forgetsWhatIsSettledAndMatched() {
    Ledger ledger = new Ledger(Rules.STRICT, 10);
    take(ledger, new Began("a", 0));

    for (long sequence = 1; sequence <= 100_000; sequence++) {
      take(ledger, new Attempted(TOPIC, sequence, "n"));
      take(ledger, new Handled(TOPIC, "a", sequence, "n", "n", "sub#1", false));
      take(ledger, new Reported(TOPIC, sequence, Map.of("delivered", 1L)));
    }

    assertEquals(Map.of(), ledger.verdict().faults());
  }

  @Test
  void refusesToHoldMoreThanItsLimit() {
    Ledger ledger = new Ledger(Rules.STRICT, 10);

    assertThrows(IllegalStateException.class, () -> {
      for (long sequence = 1; sequence <= 11; sequence++) {
        take(ledger, new Attempted(TOPIC, sequence, "n"));
      }
    });
  }

  @Test // delivery.md 4
  void allowsAnUnknownTargetToHaveRunOrNot() {
    for (int calls = 0; calls <= 3; calls++) {
      Ledger ledger = new Ledger(new Rules(5_000, true));
      take(ledger, new Began("a", 0));
      take(ledger, new Attempted(TOPIC, 1, "n"));
      take(ledger, new Reported(TOPIC, 1, Map.of("delivered", 1L, "nodeLost", 1L)));
      for (int call = 0; call < calls; call++) {
        take(ledger, new Handled(TOPIC, "a", 1, "n", "n", "sub" + call + "#1", false));
      }

      Map<Fault, Long> wanted = List.of(
              Map.of(Fault.LOST, 1L),
              Map.<Fault, Long>of(),
              Map.<Fault, Long>of(),
              Map.of(Fault.SURPLUS, 1L))
          .get(calls);
      assertEquals(wanted, ledger.verdict().faults(), calls + " calls");
    }
  }

  @Test
  void measuresTheGapOverTheSubscriptionsThatFollowEachOther() {
    Ledger ledger = new Ledger(Rules.STRICT);
    take(ledger, new Began("b", 0));

    for (long[] call : new long[][] {{1_000, 1}, {3_000, 1}, {10_000, 2}, {11_000, 2}}) {
      ledger.take(new JournalEntry(
          "b",
          call[0],
          call[0],
          new Handled(TOPIC, "a", call[0], "n", "n", "load#" + call[1], false)));
    }

    assertEquals(new Gap(7_000, "b", "load", 10_000), ledger.verdict().longestGap());
  }

  @Test
  void doesNotLetOnePublisherHideTheGapOfAnother() {
    Ledger ledger = new Ledger(Rules.STRICT);
    take(ledger, new Began("b", 0));

    for (long millis = 1; millis <= 9; millis++) {
      String from = millis == 1 || millis == 9 ? "a" : "b";
      ledger.take(new JournalEntry(
          "b",
          millis * 1_000,
          millis * 1_000,
          new Handled(TOPIC, from, millis, from, "b", "load#1", false)));
    }

    assertEquals(new Gap(8_000, "b", "load", 9_000), ledger.verdict().longestGap());
  }

  private void take(Ledger ledger, JournalRecord record) {
    nowMicros++;
    ledger.take(new JournalEntry("a", nowMicros, nowMicros, record));
  }
}
