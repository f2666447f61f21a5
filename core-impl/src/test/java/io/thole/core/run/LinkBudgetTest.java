package io.thole.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.core.link.LinkMemory;
import io.thole.core.link.LinkSender;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkBudgetTest {
  private static final int LIMIT = 16 << 20;
  private static final int SEGMENT = 128 << 10;
  private static final int WORK = LinkSender.SEND_LIMIT;
  private static final int ANSWERS = LinkSender.REPLY_LIMIT;

  private int shortages;
  private final LinkBudget budget = budget(LIMIT);

  private LinkBudget budget(long limitBytes) {
    return new LinkBudget(limitBytes, ByteBuffer::allocate, () -> shortages++);
  }

  /** Takes segments until there are no more; returns how much that was. */
  private static long fill(LinkBudget budget, int limitBytes) {
    long held = 0;
    while (held < limitBytes && budget.take(SEGMENT, held, limitBytes).isPresent()) {
      held += SEGMENT;
    }
    return held;
  }

  @Test // delivery.md 5: at -1, 0, limit, limit + 1
  void givesUpToItsLimitAndWhatIsNeverDenied() {
    int most = 1 << 20; // for one link: a quarter of what it leaves, half of it for answers
    assertThrows(IllegalArgumentException.class, () -> budget(-1));
    assertTrue(budget(0).take(LinkBudget.SHARE_BYTES, 0, ANSWERS).isPresent());
    assertFalse(budget(0).take(LinkBudget.SHARE_BYTES + 1, 0, ANSWERS).isPresent());
    assertFalse(budget(5L * most - 1).take(most, 0, WORK).isPresent());
    assertTrue(budget(5L * most).take(most, 0, WORK).isPresent());
    assertFalse(budget(5L * most).take(most + 1, 0, WORK).isPresent());
    assertFalse(budget(5L * most).take(most, 1, WORK).isPresent());
    assertTrue(budget(5L * most + 1).take(most, 0, WORK).isPresent());
    assertFalse(budget(3L * most - 1).take(most, 0, ANSWERS).isPresent());
    assertTrue(budget(3L * most).take(most, 0, ANSWERS).isPresent());
  }

  @Test
  void countsOnlyWhatWasTaken() {
    assertEquals(SEGMENT, budget.take(SEGMENT, 0, WORK).orElseThrow().capacity());
    assertFalse(budget.take(LIMIT, SEGMENT, WORK).isPresent());
    assertEquals(SEGMENT, budget.usedBytes());
    assertEquals(1, shortages);

    budget.give(SEGMENT);

    assertEquals(0, budget.usedBytes());
    assertTrue(budget.take(LIMIT / 5, 0, WORK).isPresent());
  }

  @Test // delivery.md 7: a stopped reader, others unharmed
  void howeverManyLinksFillSomethingIsLeftForTheNext() {
    for (int stalled = 1; stalled <= 6; stalled++) { // what takes answers takes most: a third each
      fill(budget, ANSWERS);
      long left = LIMIT - budget.usedBytes();
      double least = LIMIT * Math.pow(2 / 3.0, stalled);
      assertTrue(left >= least, stalled + " links leave " + left + " bytes");
    }
    for (int i = 0; i < 1_000; i++) {
      budget.take(4 << 10, 0, ANSWERS);
    }

    assertTrue(budget.take(LinkBudget.SHARE_BYTES, 0, WORK).isPresent());
    assertTrue(budget.usedBytes() <= LIMIT + 1_000 * LinkBudget.SHARE_BYTES);
  }

  @Test // P3: an outcome can be told where no new work is taken
  void answersMayHaveMoreThanNewWork() {
    long held = fill(budget, WORK);
    assertFalse(budget.take(SEGMENT, held, WORK).isPresent());

    assertTrue(budget.take(SEGMENT, held, ANSWERS).isPresent());
  }

  @Test // L1
  void neverDeniesWhatALinkSaysForItself() {
    LinkBudget none = budget(0);

    assertTrue(none.take(SEGMENT, LIMIT, LinkMemory.UNLIMITED).isPresent());
    assertEquals(0, shortages);
  }

  @Test // P1: never an error to whoever publishes
  void deniesWhatTheVirtualMachineDoesNotGive() {
    LinkBudget poor = new LinkBudget(
        LIMIT,
        bytes -> {
          throw new OutOfMemoryError("Cannot reserve " + bytes + " bytes of direct buffer memory");
        },
        () -> shortages++);

    assertFalse(poor.take(SEGMENT, 0, ANSWERS).isPresent());
    assertEquals(0, poor.usedBytes());
    assertEquals(1, shortages);
    assertFalse(poor.take(LinkBudget.SHARE_BYTES, 0, WORK).orElseThrow().isDirect());
  }

  @Test // delivery.md 7: a stopped reader, others unharmed
  void aHealthyLinkIsNeverRefusedBesideHundredsThatStandStill() {
    byte[] kibibyte = new byte[1 << 10];
    List<LinkSender> stalled = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      LinkSender sender = new LinkSender(i + 1, budget);
      stalled.add(sender);
      while (sender.offer(1, bytes(kibibyte), ANSWERS)) {}
    }
    LinkSender healthy = new LinkSender(1_000, budget);
    healthy.onConnected(frame -> true);
    healthy.onOpen(1_000, 0);

    for (int i = 1; i <= 10_000; i++) {
      assertTrue(healthy.offer(1, bytes(kibibyte), WORK), "message " + i + " was refused");
      healthy.pump(frame -> true);
      healthy.onDrained();
      healthy.onAck(1_000, i);
    }
    assertTrue(budget.usedBytes() <= LIMIT + 301L * LinkBudget.SHARE_BYTES);
    stalled.forEach(LinkSender::end);
    healthy.end();

    assertEquals(0, budget.usedBytes());
  }

  private static Encodable bytes(byte[] bytes) {
    return new Encodable() {
      @Override
      public int encodedBytes() {
        return bytes.length;
      }

      @Override
      public void encode(ByteBuffer target) {
        target.put(bytes);
      }
    };
  }
}
