package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrangerLogTest {
  private static final long SECOND = 1_000_000_000;

  @Test // P1
  void writesTenLinesASecondAndThenACount() {
    StrangerLog log = new StrangerLog(0);
    List<String> written = new ArrayList<>();

    for (int i = 1; i <= 13; i++) {
      written.addAll(log.onStranger(
          i == 11 ? RefusalKind.LATE : RefusalKind.NO_CERTIFICATE, "line " + i, SECOND - 1));
    }
    List<String> count = log.onTime(SECOND);

    assertEquals(10, written.size());
    assertEquals("line 10", written.get(9));
    assertEquals(List.of("refused 3 more connections: 2 no certificate, 1 too slow"), count);
    assertEquals(List.of(), log.onTime(2 * SECOND));
  }

  @Test
  void countsTheCountAsALine() {
    StrangerLog log = new StrangerLog(0);
    List<String> written = new ArrayList<>();
    for (int i = 1; i <= 11; i++) {
      log.onStranger(RefusalKind.OTHER, "before", 0);
    }

    for (int i = 1; i <= 11; i++) {
      written.addAll(log.onStranger(RefusalKind.OTHER, "line " + i, SECOND));
    }

    assertEquals("refused 1 more connections: 1 other", written.get(0));
    assertEquals(10, written.size());
  }

  @Test // P1
  void cutsAt256CharactersAndEscapes() {
    StrangerLog log = new StrangerLog(0);

    assertEquals(List.of("x".repeat(256)), log.onStranger(RefusalKind.OTHER, "x".repeat(256), 0));
    assertEquals(List.of("x".repeat(256)), log.onStranger(RefusalKind.OTHER, "x".repeat(257), 0));
    assertEquals(
        List.of("\\u000d\\u000a\\u001b"), log.onStranger(RefusalKind.OTHER, "\r\n\u001b", 0));
  }
}
