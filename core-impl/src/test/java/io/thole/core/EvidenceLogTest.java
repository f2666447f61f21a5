package io.thole.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.Evidence;
import io.thole.core.run.ManualNodeLoop;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvidenceLogTest {
  private static final Authority A = new Authority("127.0.0.1", 1);
  private static final Authority B = new Authority("127.0.0.1", 2);

  private final EvidenceLog log = new EvidenceLog(new ManualNodeLoop());

  @Test
  void keepsTheLastOfEachNode() {
    for (int i = 1; i <= 40; i++) {
      assertTrue(note(A, "seen " + i));
    }
    note(B, "seen");

    List<String> known =
        known(log.snapshot(), A).stream().map(Evidence::evidence).toList();
    assertEquals(32, known.size());
    assertEquals("seen 9", known.get(0));
    assertEquals("seen 40", known.get(31));
    assertEquals(1, known(log.snapshot(), B).size());
  }

  @Test
  void notesOnceWhatIsTheSameAsTheLast() {
    note(A, "seen");

    assertFalse(note(A, "seen"));
    assertTrue(note(A, "gone"));
    assertTrue(note(A, "seen"));
  }

  @Test
  void changesNothingThatItHasShown() {
    note(A, "seen");
    Map<Authority, List<Evidence>> before = log.snapshot();

    note(A, "gone");
    note(B, "seen");

    assertEquals(1, before.size());
    assertEquals(1, known(before, A).size());
  }

  @Test
  void forgetsWhoWasHeardOfTheLongestAgo() { // P1: a stranger chooses who is spoken of
    note(A, "seen");
    note(B, "seen");
    for (int port = 10; port < 10 + 1_022; port++) {
      note(new Authority("127.0.0.2", port), "seen");
    }
    note(A, "gone");

    note(new Authority("127.0.0.3", 1), "seen");

    assertEquals(1_024, log.snapshot().size());
    assertTrue(log.snapshot().containsKey(A));
    assertFalse(log.snapshot().containsKey(B));
  }

  private boolean note(Authority about, String evidence) {
    return log.note(about, evidence, "test", "none");
  }

  private static List<Evidence> known(Map<Authority, List<Evidence>> all, Authority about) {
    return all.getOrDefault(about, List.of());
  }
}
