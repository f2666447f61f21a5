package io.thole.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Escaped;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerLogTest {
  private static final long SECOND = 1_000_000_000;

  private final ManualNodeLoop loop = new ManualNodeLoop();
  private final List<String> written = new ArrayList<>();
  private final PeerLog log = new PeerLog(loop, written::add);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PeerLog.LINES - 1, PeerLog.LINES, PeerLog.LINES + 1, 10_000})
  void writesTenLinesASecondAndThenACount(int times) { // delivery.md 5
    for (int i = 0; i < times; i++) {
      log.warn("peer " + i);
    }
    loop.advance(SECOND);

    int whole = Math.min(times, PeerLog.LINES);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < whole; i++) {
      expected.add("peer " + i);
    }
    if (times > whole) {
      expected.add("the same of " + (times - whole) + " more connections");
    }
    assertEquals(expected, written);
  }

  @Test
  void writesAgainInTheNextSecond() {
    for (int i = 0; i < 50; i++) {
      log.warn("one");
    }
    loop.advance(SECOND);
    written.clear();

    log.warn("two");
    loop.advance(SECOND);

    assertEquals(List.of("two"), written);
  }

  @Test
  void cutsWhatIsLong() { // delivery.md 5
    log.warn("x".repeat(Escaped.LONGEST + 1));
    loop.run();

    assertEquals(List.of("x".repeat(Escaped.LONGEST)), written);
  }
}
