package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.tcpprovider.FrameHeader.Reading;
import io.thole.tcpprovider.FrameHeader.Reading.Partial;
import io.thole.tcpprovider.FrameHeader.Reading.Refused;
import io.thole.tcpprovider.FrameHeader.Reading.Whole;
import io.thole.tcpprovider.FrameHeader.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHeaderTest {
  @Test
  void writesVersionTypeAndLength() {
    ByteBuffer bytes = ByteBuffer.allocate(FrameHeader.BYTES);

    new FrameHeader(FrameType.DATA, 0x0102).encode(bytes);

    assertArrayEquals(new byte[] {1, 2, 0, 0, 1, 2}, bytes.array());
  }

  @Test // delivery.md 5
  void hasTheLimitsOfTheDesign() {
    assertEquals(4_096, FrameType.HELLO.limit());
    assertEquals(1_114_112, FrameType.DATA.limit());
  }

  @ParameterizedTest
  @EnumSource(names = {"HELLO", "DATA"}) // the others have no bytes
  void readsFramesOfNoBytesAndOfTheLimitAndStopsBehindEach(FrameType type) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * FrameHeader.BYTES + type.limit() + 1);
    new FrameHeader(type, 0).encode(bytes);
    new FrameHeader(type, type.limit()).encode(bytes);
    bytes.put(bytes.capacity() - 2, (byte) 42);
    bytes.rewind();

    Whole empty = (Whole) FrameHeader.decode(bytes);
    Whole full = (Whole) FrameHeader.decode(bytes);

    assertEquals(new FrameHeader(type, 0), empty.header());
    assertEquals(0, empty.frame().remaining());
    assertEquals(new FrameHeader(type, type.limit()), full.header());
    assertEquals(type.limit(), full.frame().remaining());
    assertEquals(42, full.frame().get(type.limit() - 1));
    assertEquals(1, bytes.remaining());
  }

  @ParameterizedTest
  @EnumSource
  void refusesALengthOfMinusOneAndOneOverTheLimitWithoutWaitingForTheFrame(FrameType type) {
    assertRefused(Refusal.LENGTH, -1, header(1, type.code(), -1));
    assertRefused(Refusal.LENGTH, Integer.MIN_VALUE, header(1, type.code(), Integer.MIN_VALUE));
    assertRefused(Refusal.LENGTH, type.limit() + 1, header(1, type.code(), type.limit() + 1));
    assertThrows(IllegalArgumentException.class, () -> new FrameHeader(type, -1));
    assertThrows(IllegalArgumentException.class, () -> new FrameHeader(type, type.limit() + 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 127, 128, 255})
  void refusesAnotherVersionAtItsFirstByte(int version) {
    assertRefused(Refusal.VERSION, version, ByteBuffer.wrap(new byte[] {(byte) version}));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 255})
  void refusesAnUnknownTypeAtItsSecondByte(int type) {
    assertRefused(Refusal.TYPE, type, ByteBuffer.wrap(new byte[] {1, (byte) type}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\u0016\u0003\u0001", "\n"})
  void refusesWhatStrangersSay(String words) {
    ByteBuffer bytes = ByteBuffer.wrap(words.getBytes(StandardCharsets.ISO_8859_1));

    assertRefused(Refusal.VERSION, words.charAt(0), bytes);
  }

  @Test
  void saysHowManyBytesAreMissingAndReadsNothing() {
    ByteBuffer whole = ByteBuffer.allocate(FrameHeader.BYTES + 3);
    new FrameHeader(FrameType.HELLO, 3).encode(whole);

    for (int arrived = 0; arrived < whole.capacity(); arrived++) {
      ByteBuffer bytes = whole.duplicate().position(0).limit(arrived);

      Reading reading = FrameHeader.decode(bytes);

      int needed = arrived < FrameHeader.BYTES ? FrameHeader.BYTES : whole.capacity();
      assertEquals(new Partial(needed - arrived), reading);
      assertEquals(0, bytes.position());
    }
  }

  @Test
  void readsFromWhereverTheBytesBegin() {
    ByteBuffer bytes = ByteBuffer.allocate(100).position(7);
    new FrameHeader(FrameType.DATA, 2).encode(bytes);
    bytes.put((byte) 8).put((byte) 9).flip().position(7);

    Whole reading = (Whole) FrameHeader.decode(bytes);

    assertEquals(ByteBuffer.wrap(new byte[] {8, 9}), reading.frame());
    assertEquals(0, bytes.remaining());
  }

  @Test // P1
  void neitherThrowsNorReadsBeyondWhateverTheBytesAre() {
    long seed = 20_261_122;
    Random random = new Random(seed);
    int whole = 0;

    for (int round = 0; round < 200_000; round++) {
      ByteBuffer bytes = garbage(random);
      int arrived = bytes.remaining();
      Reading reading = FrameHeader.decode(bytes);

      String message = "seed " + seed + ", round " + round + ": " + reading;
      if (reading instanceof Whole frame) {
        whole++;
        assertEquals(
            arrived - FrameHeader.BYTES - frame.header().length(), bytes.remaining(), message);
        assertEquals(frame.header().length(), frame.frame().remaining(), message);
      } else {
        assertEquals(arrived, bytes.remaining(), message);
        assertTrue(!(reading instanceof Partial partial) || partial.bytes() > 0, message);
      }
    }

    assertTrue(whole > 1_000, "the bytes were so random that only " + whole + " frames were whole");
  }

  /** Random bytes, of which the first few are often right, so that the later ones are looked at. */
  private static ByteBuffer garbage(Random random) {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    byte[] likely = {1, (byte) random.nextInt(7), 0, 0, 0, (byte) random.nextInt(64)};
    System.arraycopy(
        likely, 0, bytes, 0, Math.min(bytes.length, random.nextInt(likely.length + 1)));
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer header(int version, int type, int length) {
    return ByteBuffer.allocate(FrameHeader.BYTES)
        .put((byte) version)
        .put((byte) type)
        .putInt(length)
        .flip();
  }

  private static void assertRefused(Refusal refusal, int value, ByteBuffer bytes) {
    assertEquals(new Refused(refusal, value), FrameHeader.decode(bytes));
    assertEquals(0, bytes.position());
  }
}
