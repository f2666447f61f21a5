package io.thole.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.api.Authority;
import io.thole.bench.MembershipFigures.What;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MembershipFiguresTest {
  private static final Authority A = new Authority("127.0.0.1", 26_050);
  private static final Authority B = new Authority("127.0.0.1", 26_051);

  @Test
  void takesTheLongestForTheLastPercentOfFew() {
    Times few = new Times(List.of(3_000_000L, 1_000_000L, 2_000_000L));
    Times many =
        new Times(LongStream.rangeClosed(1, 200).mapToObj(i -> i * 1_000_000).toList());

    assertEquals(2, few.percentileMillis(50));
    assertEquals(3, few.percentileMillis(99));
    assertEquals(100, many.percentileMillis(50));
    assertEquals(198, many.percentileMillis(99));
  }

  @Test
  void printsATableForPeople() {
    MembershipFigures figures = new MembershipFigures(
        10,
        1,
        Map.of(What.KILL, new Times(List.of(250_000_000L, 270_000_000L, 1_040_000_000L))),
        new TreeMap<>(Map.of(1_500, List.of(0, 2))),
        Optional.of(
            new IdleCost(Optional.of(new IdleCost.Received(843.6, 6)), 20, 0.154, 0.4, 61.2)),
        1.25);

    List<String> lines = figures.table().lines().toList();

    assertEquals(
        List.of(
            "  kill -9: the others published left            270 ms, p99 1,040 ms, of 3",
            "  stopped for 1500 ms: removals published       2, of 2",
            "  idle: sent by a node, above TCP               844 B/s in 6.0 segments/s",
            "  idle: CPU of a node, beyond one alone         0.15 % of a core; one alone 0.40 %",
            "  idle: memory of a process                     61 MiB"),
        lines.subList(1, lines.size()));
  }

  @Test
  void readsASightingAsItWasSaid() {
    Sighting seen = new Sighting(A, 7, 3, List.of(A, B), List.of());

    assertEquals(seen, Sighting.parse(seen.line()));
    assertEquals("saw 127.0.0.1:26050 7 3 127.0.0.1:26050,127.0.0.1:26051 -", seen.line());
  }
}
