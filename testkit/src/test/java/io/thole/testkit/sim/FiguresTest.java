package io.thole.testkit.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void ofSeveralRunsAddUpByTheirForm() {
    Figures total = new Figures();
    for (int run = 1; run <= 3; run++) {
      total.add(new Figures()
          .sum("fp", run)
          .sum("runs", 1)
          .most("viewsPublished", 10 - run)
          .median("healSeconds", run * run)
          .spread("full", run, 10 * run)
          .ratio("fpPerRun", "fp", "runs", 1));
    }

    Map<String, Object> fields = new LinkedHashMap<>(total.fields());
    fields.remove("trace");

    assertEquals(
        "{\"fp\":6,\"runs\":3,\"viewsPublished\":9,\"healSeconds\":4,"
            + "\"fullMedian\":3,\"fullP99\":30,\"fullP999\":30,\"fpPerRun\":2}",
        Json.line(fields));
  }

  @Test
  void printWhatNeverHappenedAsNull() {
    Figures figures =
        new Figures().median("healSeconds", Double.POSITIVE_INFINITY).spread("seen");

    String line = Json.line(figures.fields());

    assertEquals(
        "{\"healSeconds\":null,\"seenMedian\":null,\"seenP99\":null,\"seenP999\":null,"
            + "\"trace\":\"0000000000000000\"}",
        line);
  }

  @Test
  void takeTheSmallestValueThatEnoughDoNotExceedAsPercentile() {
    Figure figure = new Figure(Figure.Form.SPREAD);
    for (int value = 1_000; value >= 1; value--) {
      figure.add(value);
    }

    assertEquals(500, figure.percentile(50));
    assertEquals(990, figure.percentile(99));
    assertEquals(999, figure.percentile(99.9));
    assertEquals(1_000, figure.percentile(100));
  }
}
