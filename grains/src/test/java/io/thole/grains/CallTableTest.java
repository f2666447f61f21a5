package io.thole.grains;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import io.thole.api.grain.GrainId;
import io.thole.grains.CallTable.Ended;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CallTableTest {
  private static final NodeId ASKED = new NodeId(new Authority("127.0.0.1", 26_051), 1);
  private static final NodeId OTHER = new NodeId(new Authority("127.0.0.1", 26_052), 1);
  private static final GrainId ID = new GrainId("kind", "key");
  private static final CallReport OK = new Ok(new byte[0], ASKED);

  private final CallTable table = new CallTable();

  @Test
  void endsEachCallOnce() { // delivery G1: against a map, which it is instead of
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Long, Long> open = new HashMap<>(); // and when they expire
    long number = 0;
    for (int step = 0; step < 50_000; step++) {
      long chosen = Math.max(1, number - random.nextInt(400));
      int dice = random.nextInt(100);
      if (dice < 50) {
        number += 1 + random.nextInt(3) * 64; // some of them at one place
        open.put(number, step + 1L + random.nextInt(3_000));
        assertTrue(table.open(request(number, open.get(number)), report -> {}), "seed " + seed);
        assertTrue(table.sent(number, ASKED), "seed " + seed);
      } else if (dice < 99) {
        boolean was = open.remove(chosen) != null;
        assertEquals(was, table.answered(chosen, ASKED, OK).isPresent(), "seed " + seed);
      } else {
        long nowNanos = step;
        Set<Long> due = new TreeSet<>();
        open.forEach((call, deadline) -> {
          if (deadline <= nowNanos) {
            due.add(call);
          }
        });
        assertEquals(due, calls(table.expired(nowNanos)), "seed " + seed);
        open.keySet().removeAll(due);
      }
      assertEquals(open.size(), table.size(), "seed " + seed);
    }
    assertEquals(new TreeSet<>(open.keySet()), calls(table.close()), "seed " + seed);
    assertEquals(0, table.size());
  }

  @Test
  void hasRoomForItsLimitAndAgainOnceOneHasEnded() { // delivery 5
    for (long call = 1; call <= CallTable.OPEN_LIMIT; call++) {
      assertTrue(table.open(request(call, 1), report -> {}));
    }
    assertFalse(table.open(request(0, 1), report -> {}));

    assertTrue(table.end(7, OK).isPresent());

    assertTrue(table.open(request(0, 1), report -> {}));
    assertFalse(table.open(request(-1, 1), report -> {}));
  }

  @Test
  void endsWhatWasAskedOfALostNodeAlone() { // delivery G1
    for (long call = 1; call <= 300; call++) {
      table.open(request(call, 1), report -> {});
      table.sent(call, call % 3 == 0 ? ASKED : OTHER);
    }

    List<Ended> lost = table.lost(ASKED);

    assertEquals(100, lost.size());
    assertTrue(lost.stream()
        .allMatch(ended -> ended.report().equals(new Unknown(UnknownReason.NODE_LOST))));
    assertEquals(200, table.size());
    assertFalse(table.answered(3, ASKED, OK).isPresent());
    assertFalse(table.answered(4, ASKED, OK).isPresent(), "another was asked");
    assertTrue(table.answered(4, OTHER, OK).isPresent());
  }

  private static Set<Long> calls(List<Ended> ended) {
    return ended.stream()
        .map(one -> one.request().call())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static GrainRequest request(long call, long deadlineNanos) {
    return new GrainRequest(ASKED, call, 0, call, ID, List.of(), deadlineNanos, new byte[0]);
  }
}
