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
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a link's sending half does with the memory that it hands to a transport: delivery.md 2, L1. */
class LinkSenderTest {
  private static final long LINK = 7;
  private static final long OTHER = 9;
  private static final int CHANNEL = 3;

  private final Plenty memory = new Plenty();
  private final LinkSender sender = new LinkSender(LINK, memory);
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

  @Test // P1: accepted or refused, and what was accepted goes out
  void refusesWhereThereIsNoMemoryAndGoesOnOnceThereIs() {
    wire.atOnce = true;
    connect(0);
    memory.limitBytes = 64 << 10;
    int taken = 0;
    while (sender.offer(CHANNEL, new Bytes(1_000, (byte) taken), LinkSender.SEND_LIMIT)) {
      sender.pump(wire);
      taken++;
    }
    assertTrue(taken > 10, () -> "none of " + sender.retainedBytes() + " bytes was taken");
    assertTrue(memory.usedBytes <= memory.limitBytes);
    assertFalse(
        sender.append(
            CHANNEL, new Bytes(1, (byte) 1), new Bytes(1_000, (byte) 1), LinkSender.SEND_LIMIT),
        "an item of a run that begins");

    assertTrue(sender.onAck(LINK, taken));
    for (int i = 1; i <= 10; i++) {
      offer(1_000, i);
      sender.pump(wire);
    }

    assertEquals(1 + taken + 10, wire.taken.size(), "each went out once, after OPEN");
    assertEquals(taken + 10L, wire.last().getLong(25), "the sequence has no gap");
  }

  @Test
  void takesASmallSegmentWhereThereIsNoneOfTheUsualSize() {
    connect(0);
    sender.pump(wire);
    for (int i = 0; i < 60; i++) {
      offer(1_000, i); // 4, 8, 16, 32 and 64 KiB
    }
    memory.limitBytes = memory.usedBytes + (4 << 10);
    int more = 0;
    while (sender.offer(CHANNEL, new Bytes(1_000, (byte) 1), LinkSender.SEND_LIMIT)) {
      more++;
    }

    assertEquals(memory.limitBytes, memory.usedBytes);
    assertTrue(more >= 3, more + " messages");
  }

  @Test // what a link keeps for its next stream goes where memory is short
  void givesBackWhatItDoesNotUse() {
    wire.atOnce = true;
    connect(0);
    stream(20);
    long streaming = memory.usedBytes;
    assertTrue(streaming >= 512 << 10, () -> streaming + " bytes are kept for the next part");

    sender.trim();
    stream(1);
    assertTrue(memory.usedBytes > 0);
    sender.trim(); // what was used since stays
    assertTrue(memory.usedBytes > 0);
    sender.trim();
    sender.trim();

    assertEquals(0, memory.usedBytes);
    stream(20);
    assertEquals(streaming, memory.usedBytes);
  }

  @Test
  void givesBackItsSparesForWhatTheyAreTooSmallFor() {
    wire.atOnce = true;
    connect(0);
    stream(20);
    memory.limitBytes = memory.usedBytes;

    offer(400_000, 1);

    assertTrue(memory.usedBytes <= memory.limitBytes);
  }

  @Test
  void givesBackEverythingWhenItIsOver() {
    connect(0);
    for (int i = 0; i < 1_000; i++) {
      offer(3_000, i);
      sender.pump(wire);
    }
    sender.onLost();

    sender.end();

    assertEquals(0, memory.usedBytes);
    assertFalse(sender.offer(CHANNEL, new Bytes(1, (byte) 1), LinkSender.SEND_LIMIT));
    assertFalse(sender.offer(CHANNEL, new Bytes(1, (byte) 1), LinkMemory.UNLIMITED));
    assertEquals(0, memory.usedBytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsItsMemoryHoweverItIsUsed(long seed) {
    Random random = new Random(seed);
    long accepted = 0;
    acknowledged = 0;
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(12)) {
        case 0 -> {
          sender.onLost();
          connect(acknowledged);
        }
        case 1 -> sender.trim();
        case 2 -> memory.limitBytes = random.nextInt(4 << 20);
        case 3 -> {
          acknowledged += accepted == acknowledged ? 0 : random.nextLong(accepted - acknowledged);
          sender.onAck(LINK, acknowledged);
        }
        case 4 -> sender.onDrained();
        case 5 -> {
          if (random.nextInt(50) == 0) {
            sender.reset();
            accepted = 0;
            acknowledged = 0;
          }
        }
        default -> {
          int bytes = random.nextInt(random.nextInt(10) == 0 ? 300_000 : 5_000);
          boolean taken =
              sender.offer(CHANNEL, new Bytes(bytes, (byte) step), LinkSender.SEND_LIMIT);
          accepted += taken ? 1 : 0;
          sender.pump(wire);
        }
      }
      wire.taken.clear();
      assertTrue(memory.usedBytes >= sender.retainedBytes(), "seed " + seed);
    }
    sender.end();

    assertEquals(0, memory.usedBytes, "seed " + seed);
  }

  @Test // what a link says for itself is not lost, however many frames a peer does not acknowledge
  void takesItsOwnWordWhereThereIsNoRoomForOthers() {
    wire.atOnce = true;
    connect(0);
    for (int i = 0; i < LinkSender.MOST_FRAMES; i++) {
      offer(1, i);
      sender.pump(wire);
    }
    memory.limitBytes = 0;
    assertFalse(sender.offer(CHANNEL, new Bytes(1, (byte) 1), LinkSender.REPLY_LIMIT));

    assertTrue(sender.offer(CHANNEL, new Bytes(5_000, (byte) 1), LinkMemory.UNLIMITED));
  }
}
