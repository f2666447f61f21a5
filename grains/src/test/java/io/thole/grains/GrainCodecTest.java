package io.thole.grains;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.GrainMessage.Failed;
import io.thole.grains.GrainMessage.Live;
import io.thole.grains.GrainMessage.Refusal;
import io.thole.grains.GrainMessage.Refused;
import io.thole.grains.GrainMessage.Reply;
import io.thole.grains.GrainMessage.Request;
import io.thole.grains.GrainMessage.Survey;
import io.thole.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrainCodecTest {
  private static final NodeId SENDER = new NodeId(Authority.parse("127.0.0.1:26050"), 1);
  private static final GrainId ID = new GrainId("counter", "a/b");
  private static final byte[] PAYLOAD = "payload".getBytes(US_ASCII);

  private static final List<GrainMessage> ONE_OF_EACH = List.of(
      new Request(1, 2, 3, -4, ID, List.of(ID, new GrainId("k", "K")), PAYLOAD),
      new Reply(3, PAYLOAD),
      new Failed(4, "java.lang.Exception", ""),
      new Refused(5, Refusal.BUSY),
      new Survey(6),
      new Live(7, true, List.of(new GrainStatus(ID, SENDER, 8))));

  @Test
  void readsWhatItWrites() {
    ONE_OF_EACH.forEach(message -> {
      byte[] bytes = bytes(message);
      assertArrayEquals(bytes, bytes(read(bytes).orElseThrow()));
    });
    Request request = (Request) read(bytes(ONE_OF_EACH.get(0))).orElseThrow();
    assertEquals(List.of(3L, -4L), List.of(request.owner(), request.view()));
    assertEquals(ONE_OF_EACH.get(2), read(bytes(ONE_OF_EACH.get(2))).orElseThrow());
    assertEquals(ONE_OF_EACH.get(5), read(bytes(ONE_OF_EACH.get(5))).orElseThrow());
  }

  @Test
  void takesNoMessageThatIsCutOrHasMoreBehindIt() {
    for (GrainMessage message :
        List.of(ONE_OF_EACH.get(2), ONE_OF_EACH.get(3), ONE_OF_EACH.get(4), ONE_OF_EACH.get(5))) {
      byte[] bytes = bytes(message);
      for (int length = 0; length < bytes.length; length++) {
        assertEquals(Optional.empty(), read(Arrays.copyOf(bytes, length)));
      }
      assertEquals(Optional.empty(), read(Arrays.copyOf(bytes, bytes.length + 1)));
    }
  }

  @Test
  void takesAPayloadOfOneMebibyteAndNotOfOneByteMore() { // delivery 5
    int limit = GrainRequest.PAYLOAD_LIMIT;
    assertTrue(read(bytes(new Reply(1, new byte[limit]))).isPresent());
    assertTrue(read(bytes(new Reply(1, new byte[limit + 1]))).isEmpty());
    assertTrue(
        read(bytes(new Request(1, 0, 3, 4, ID, List.of(), new byte[limit]))).isPresent());
    assertTrue(
        read(bytes(new Request(1, 0, 3, 4, ID, List.of(), new byte[limit + 1]))).isEmpty());
  }

  @Test
  void takesEveryRefusalAndNoOther() {
    byte[] bytes = bytes(new Refused(1, Refusal.NOT_HERE));
    for (int code = 0; code < 256; code++) {
      bytes[bytes.length - 1] = (byte) code;
      assertEquals(code < Refusal.values().length, read(bytes).isPresent());
    }
  }

  @Test
  void takesAChainOf32AndNotOf33() {
    assertTrue(read(bytes(chainOf(GrainRequest.CHAIN_LIMIT))).isPresent());
    assertTrue(read(bytes(chainOf(GrainRequest.CHAIN_LIMIT + 1))).isEmpty());
  }

  @Test
  void theLongestMessagesFitIntoAFrame() {
    GrainId longest = new GrainId("k".repeat(255), "y".repeat(255));
    GrainMessage request = new Request(
        1,
        0,
        3,
        4,
        longest,
        Collections.nCopies(GrainRequest.CHAIN_LIMIT, longest),
        new byte[GrainRequest.PAYLOAD_LIMIT]);
    GrainMessage live = new Live(
        1, true, Collections.nCopies(GrainCodec.LIVE_LIMIT, new GrainStatus(longest, SENDER, 1)));

    assertTrue(request.encodedBytes() <= Transport.MESSAGE_LIMIT);
    assertTrue(live.encodedBytes() <= Transport.MESSAGE_LIMIT);
    assertTrue(read(bytes(request)).isPresent());
    assertTrue(read(bytes(live)).isPresent());
  }

  @Test
  void takesNoTimeThatIsNegativeOrLongerThanAnyCallerWaits() {
    long limit = GrainRequest.TIMEOUT_LIMIT.toNanos();
    assertTrue(read(bytes(new Request(1, limit, 3, 4, ID, List.of(), PAYLOAD))).isPresent());
    assertTrue(
        read(bytes(new Request(1, limit + 1, 3, 4, ID, List.of(), PAYLOAD))).isEmpty());
    assertTrue(read(bytes(new Request(1, -1, 3, 4, ID, List.of(), PAYLOAD))).isEmpty());
  }

  @Test
  void makesWhatAPeerSaysWasThrownHarmless() { // P2
    byte[] bytes = bytes(new Failed(1, "type", "[31m\r\n"));
    bytes[bytes.length - 3] = 0x1b; // a terminal's escape, as no node of ours would send it

    Failed read = (Failed) read(bytes).orElseThrow();

    assertTrue(read.message().chars().allMatch(c -> c >= ' ' && c <= '~'), read.message());
  }

  @Test
  void cutsWhatWasThrownToOneKibibyte() {
    assertEquals(
        GrainCodec.FAILURE_LIMIT, GrainCodec.harmless("x".repeat(5_000)).length());
    assertEquals(
        GrainCodec.FAILURE_LIMIT,
        GrainCodec.harmless(GrainCodec.harmless("x".repeat(5_000))).length());
    String longest = "x".repeat(GrainCodec.FAILURE_LIMIT);
    assertEquals(longest, GrainCodec.harmless(longest));
    String escaped =
        GrainCodec.harmless("x".repeat(1_019) + "\u001b".repeat(9)); // no escape fits any more
    assertEquals(escaped, GrainCodec.harmless(escaped), "cut again where it arrives");
  }

  @Test
  void survivesWhateverBytesArrive() { // P1
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = bytes(ONE_OF_EACH.get(random.nextInt(ONE_OF_EACH.size())));
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 8));
      try {
        read(cut)
            .ifPresent(message -> assertArrayEquals(bytesOfSameForm(message, cut), bytes(message)));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  /** What was read is written as it came, but for what is corrected on the way in. */
  private static byte[] bytesOfSameForm(GrainMessage message, byte[] came) {
    return message instanceof Failed || message instanceof Live ? bytes(message) : came;
  }

  private static GrainMessage chainOf(int length) {
    return new Request(1, 0, 3, 4, ID, Collections.nCopies(length, ID), PAYLOAD);
  }

  private static Optional<GrainMessage> read(byte[] bytes) {
    return GrainCodec.decode(ByteBuffer.wrap(bytes), SENDER);
  }

  private static byte[] bytes(GrainMessage message) {
    ByteBuffer target = ByteBuffer.allocate(message.encodedBytes());
    message.encode(target);
    assertEquals(0, target.remaining(), "it said how long it is");
    return target.array();
  }
}
