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

    for (int i = 1; i <= 12; i++) {
      written.addAll(log.onStranger("line " + i, SECOND - 1));
    }
    List<String> count = log.onTime(SECOND);

    assertEquals(10, written.size());
    assertEquals("line 10", written.get(9));
    assertEquals(List.of("refused 2 more connections"), count);
    assertEquals(List.of(), log.onTime(2 * SECOND));
  }

  @Test
  void countsTheCountAsALine() {
    StrangerLog log = new StrangerLog(0);
    List<String> written = new ArrayList<>();
    for (int i = 1; i <= 11; i++) {
      log.onStranger("before", 0);
    }

    for (int i = 1; i <= 11; i++) {
      written.addAll(log.onStranger("line " + i, SECOND));
    }

    assertEquals("refused 1 more connections", written.get(0));
    assertEquals(10, written.size());
  }

  @Test // P1
  void cutsAt256CharactersAndEscapes() {
    StrangerLog log = new StrangerLog(0);

    assertEquals(List.of("x".repeat(256)), log.onStranger("x".repeat(256), 0));
    assertEquals(List.of("x".repeat(256)), log.onStranger("x".repeat(257), 0));
    assertEquals(List.of("\\u000d\\u000a\\u001b"), log.onStranger("\r\n\u001b", 0));
  }
}
