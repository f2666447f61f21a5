package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SinkTest {
  private static final int ITEMS = 200;

  private final Sink sink = new Sink(new NodeId(new Authority("a", 1), 1), 1, 1, 0);
  private final BitSet known = new BitSet(ITEMS + 2); // by the number

  /** Ends the open items of a range, as a publisher does. */
  private void end(int first, int last, boolean inTurn) {
    PeerMessage.Gap gap = new PeerMessage.Gap(first, last, Outcome.OVERFLOW);
    int before = 0;
    for (PeerMessage.Gap part : sink.open(gap)) {
      assertTrue(part.first() > before && part.first() <= part.last(), gap::toString);
      for (int number = (int) part.first(); number <= part.last(); number++) {
        assertTrue(number >= first && number <= last && !known.get(number), part::toString);
        known.set(number);
      }
      before = (int) part.last();
      if (!inTurn) {
        sink.end(part.first(), part.last());
      }
    }
    if (inTurn) {
      sink.end(last);
    }
    for (int number = first; number <= last; number++) {
      assertTrue(known.get(number), number + " of " + gap);
    }
  }

  @Test // P3: each item has one outcome, in whatever order it is heard
  void countsEachItemOnce() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 1_000 && known.cardinality() < ITEMS; i++) {
      int first = 1 + random.nextInt(ITEMS);
      int last = Math.min(ITEMS, first + random.nextInt(8));
      if (random.nextInt(20) == 0) {
        first = (int) sink.ended() + 1;
        end(first, Math.max(first, Math.min(ITEMS, first + 5)), true);
      } else {
        end(first, last, false);
      }

      assertEquals(known.nextClearBit(1) - 1, sink.ended(), () -> "seed " + seed);
      int open = ITEMS - known.get(1, ITEMS + 1).cardinality();
      assertEquals(open, sink.open(ITEMS), () -> "seed " + seed);
    }
    end(1, ITEMS, true);
    assertTrue(sink.isSettled(ITEMS));
    assertEquals(0, sink.early());
  }
}
