package io.thole.core.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.spi.Encodable;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a link's sending half does with the memory that it hands to a transport: delivery.md 2, L1. */
class LinkSenderTest {
  private static final long LINK = 7;
  private static final long OTHER = 9;
  private static final int CHANNEL = 3;

  private final LinkSender sender = new LinkSender(LINK);
  private final Lazy wire = new Lazy();
  private long acknowledged;

  /** Takes frames and writes them later, from where they lie. */
  private final class Lazy implements LinkSender.Wire {
    final List<ByteBuffer> taken = new ArrayList<>();
    boolean atOnce;

    @Override
    public boolean send(ByteBuffer frame) {
      taken.add(frame.duplicate());
      if (atOnce) {
        sender.onDrained();
      }
      return true;
    }

    ByteBuffer last() {
      return taken.get(taken.size() - 1);
    }
  }

  private record Bytes(int length, byte value) implements Encodable {
    @Override
    public int encodedBytes() {
      return length;
    }

    @Override
    public void encode(ByteBuffer target) {
      for (int i = 0; i < length; i++) {
        target.put(value);
      }
    }
  }

  private void connect(long received) {
    sender.onConnected(wire);
    sender.onOpen(LINK, received);
  }

  private void offer(int bytes, int value) {
    assertTrue(
        sender.offer(CHANNEL, new Bytes(bytes, (byte) value), LinkSender.SEND_LIMIT), "no room");
  }

  private static byte[] copy(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.duplicate().get(bytes);
    return bytes;
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getTotalCapacity)
        .sum();
  }

  @Test // L1
  void neverChangesWhatALostConnectionMayStillWrite() {
    connect(0);
    offer(3_000, 1);
    sender.pump(wire);
    ByteBuffer first = wire.last();
    byte[] before = copy(first);

    sender.onLost();
    sender.owe(OTHER, 5); // a frame says so, so its header is another one
    connect(0);
    sender.pump(wire);
    ByteBuffer again = wire.last();
    assertNotEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(copy(again)));
    assertEquals(before.length, again.remaining());
    assertTrue(sender.onAck(LINK, 1));
    for (int i = 2;
        i <= 1_000;
        i++) { // more than the segment has room for, acknowledged as it goes
      sender.onDrained();
      offer(3_000, i);
      sender.pump(wire);
      assertTrue(sender.onAck(LINK, i));
    }

    assertEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(copy(first)));
  }

  @Test // L3
  void takesTheMemoryOfAStreamForTheNextPartOfIt() {
    wire.atOnce = true;
    connect(0);
    stream(20);
    long before = directBytes();

    stream(500); // 250 MiB

    assertTrue(directBytes() - before <= 1 << 20, () -> directBytes() - before + " bytes more");
  }

  /** Half a mebibyte at a time is under way, and sometimes nothing. */
  private void stream(int times) {
    for (int i = 0; i < times; i++) {
      for (int j = 0; j < 128; j++) {
        offer(4_000, j);
        sender.pump(wire);
      }
      acknowledged += 128;
      assertTrue(sender.onAck(LINK, acknowledged));
      assertEquals(0, sender.retainedBytes());
      wire.taken.clear();
    }
  }

  @Test // L3
  void goesOnWhereTheTransportHasWrittenBeforeItReturns() {
    wire.atOnce = true;
    connect(0);
    for (int i = 1; i <= 10; i++) {
      offer(100, i);
      sender.pump(wire);
      assertEquals(1 + i, wire.taken.size(), "each goes out alone, once, after OPEN");
    }
    assertTrue(sender.drained());
  }

  @Test // L3
  void gathersWhileTheTransportIsBusy() {
    connect(0);
    for (int i = 1; i <= 10; i++) {
      offer(100, i);
      sender.pump(wire);
    }
    assertEquals(2, wire.taken.size());
    assertFalse(sender.drained());

    sender.onDrained();
    sender.pump(wire);

    assertEquals(3, wire.taken.size());
    assertEquals(9, wire.last().getInt(LinkFrame.BATCH_HEADER_BYTES - Integer.BYTES));
  }
}
