package io.thole.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.pubsub.MessageCodec;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.OverflowPolicy;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicPattern;
import io.thole.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerMessageTest {
  private static final long SEED = 20261123;
  private static final Topic TOPIC = new Topic("a/b.c-d_e");
  private static final Label BYTES = Label.bytes(TOPIC);
  private static final Label ORDERS = new Label(TOPIC, "shop/order.2");
  private static final PeerMessage.Entry ENTRY = new PeerMessage.Entry(7, TOPIC);
  private static final PeerMessage.Entry PATTERN =
      new PeerMessage.Entry(8, new TopicPattern("a/*"));

  static List<PeerMessage> messages() {
    return List.of(
        new PeerMessage.Table(
            1,
            true,
            false,
            List.of(ENTRY, PATTERN, new PeerMessage.Entry(-1L >>> 2, ENTRY.topic()))),
        new PeerMessage.Table(Long.MAX_VALUE, true, true, List.of()),
        new PeerMessage.Subscribed(2, ENTRY),
        new PeerMessage.Subscribed(2, PATTERN),
        new PeerMessage.Unsubscribed(3, 7),
        new PeerMessage.Acknowledged(4),
        new PeerMessage.Reported(List.of(
            new PeerMessage.Ended(5, 0, Outcome.DELIVERED),
            new PeerMessage.Ended(5, 1, Outcome.REJECTED),
            new PeerMessage.Ended(5, 1, Outcome.REJECTED, "no codec for type x"),
            new PeerMessage.Ended(5, 2, Outcome.OVERFLOW),
            new PeerMessage.Ended(5, 3, Outcome.UNSUBSCRIBED),
            new PeerMessage.Ended(5, 4, Outcome.CLOSING))),
        new PeerMessage.Published(6, new long[] {7, 8}, new int[] {0, 3}, new byte[] {1, 2, 3}),
        new PeerMessage.Published(6, BYTES, new long[] {7}, new int[] {0}, new byte[] {1, 2, 3}),
        new PeerMessage.Published(6, ORDERS, new long[] {7}, new int[] {0}, new byte[] {1, 2, 3}),
        new PeerMessage.Streaming(9, 1, BYTES, List.of(7L, -1L)),
        new PeerMessage.Streaming(-9, Long.MAX_VALUE, ORDERS, List.of()),
        new PeerMessage.Streamed(9, items("bc"), 1),
        new PeerMessage.Progressed(9, 7, 20, 100, Credit.FIRST, List.of()),
        new PeerMessage.Progressed(
            9,
            7,
            20,
            100,
            Credit.FIRST,
            List.of(
                new PeerMessage.Gap(3, 3, Outcome.REJECTED),
                new PeerMessage.Gap(4, 4, Outcome.REJECTED, "type x: it is cut short"),
                new PeerMessage.Gap(5, 20, Outcome.CLOSING))),
        new PeerMessage.Dropped(9, 7, List.of()),
        new PeerMessage.Dropped(
            9,
            7,
            List.of(
                new PeerMessage.Gap(3, 3, Outcome.OVERFLOW),
                new PeerMessage.Gap(7, Long.MAX_VALUE - 1, Outcome.UNSUBSCRIBED))),
        new PeerMessage.StreamEnded(9));
  }

  private static ByteBuffer items(String... payloads) {
    ByteBuffer items = ByteBuffer.allocate(100);
    for (String payload : payloads) {
      items.putInt(payload.length()).put(payload.getBytes(US_ASCII));
    }
    return items.flip();
  }

  @Test
  void countsTheItemsOfARun() {
    PeerMessage.Streamed read = (PeerMessage.Streamed)
        read(new PeerMessage.Streamed(9, items("a", "", "bc"), 3)).orElseThrow();

    assertEquals(3, read.count());
    assertEquals(items("a", "", "bc"), read.items());
    assertEquals(Optional.empty(), read(new PeerMessage.Streamed(9, ByteBuffer.allocate(0), 0)));
  }

  @Test
  void takesNoProgressThatContradictsItself() {
    assertEquals(
        Optional.empty(),
        read(new PeerMessage.Progressed(1, 1, 5, 0, Credit.FIRST, gaps(4, 6, Outcome.OVERFLOW))));
    assertEquals(
        Optional.empty(),
        read(new PeerMessage.Progressed(1, 1, 5, 0, Credit.FIRST, gaps(3, 2, Outcome.OVERFLOW))));
    assertEquals(
        Optional.empty(),
        read(new PeerMessage.Progressed(1, 1, 5, 0, Credit.FIRST, gaps(3, 3, Outcome.DELIVERED))));
    assertEquals(
        Optional.empty(),
        read(new PeerMessage.Progressed(
            1,
            1,
            9,
            0,
            Credit.FIRST,
            List.of(
                new PeerMessage.Gap(3, 5, Outcome.OVERFLOW),
                new PeerMessage.Gap(5, 6, Outcome.OVERFLOW)))));
    assertEquals(
        Optional.empty(), read(new PeerMessage.Progressed(1, 1, -1, 0, Credit.FIRST, List.of())));
    assertEquals(
        Optional.empty(), read(new PeerMessage.Progressed(1, 1, 1, -1, Credit.FIRST, List.of())));
  }

  private static List<PeerMessage.Gap> gaps(long first, long last, Outcome outcome) {
    return List.of(new PeerMessage.Gap(first, last, outcome));
  }

  private static Optional<PeerMessage> read(PeerMessage message) {
    return PeerMessage.decode(ByteBuffer.wrap(bytes(message)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void readsWhatItWrites(PeerMessage message) {
    byte[] bytes = bytes(message);

    PeerMessage read = PeerMessage.decode(ByteBuffer.wrap(bytes)).orElseThrow();

    assertEquals(message.getClass(), read.getClass());
    assertArrayEquals(bytes, bytes(read));
  }

  @Test // delivery.md 5
  void theLongestMessagesFitIntoAFrame() {
    Topic longest = new Topic("t".repeat(255));
    List<PeerMessage> longestOnes = List.of(
        new PeerMessage.Table(
            1,
            true,
            true,
            Collections.nCopies(PeerMessage.CHUNK, new PeerMessage.Entry(1, longest))),
        new PeerMessage.Reported(Collections.nCopies(
            PeerMessage.OUTCOMES,
            new PeerMessage.Ended(1, 1, Outcome.REJECTED, "r".repeat(Unreadable.REASON_LIMIT)))),
        new PeerMessage.Published(
            1,
            new Label(longest, "n".repeat(MessageCodec.NAME_LIMIT)),
            new long[PeerMessage.TARGETS],
            new int[PeerMessage.TARGETS],
            new byte[PeerMessage.PAYLOAD_LIMIT]));

    for (PeerMessage message : longestOnes) {
      byte[] bytes = bytes(message);
      assertTrue(bytes.length <= Transport.MESSAGE_LIMIT, message.getClass() + " " + bytes.length);
      assertTrue(PeerMessage.decode(ByteBuffer.wrap(bytes)).isPresent(), message::toString);
    }
  }

  @Test // P4: who is named twice would be told everything twice
  void aStreamThatNamesATargetTwiceIsNoMessage() {
    assertTrue(decode(new PeerMessage.Streaming(9, 1, BYTES, List.of(7L, 8L))).isPresent());

    assertEquals(
        Optional.empty(), decode(new PeerMessage.Streaming(9, 1, BYTES, List.of(7L, 8L, 7L))));
  }

  @Test // delivery.md 5
  void whatIsLongerThanALimitIsNoMessage() {
    assertEquals(
        Optional.empty(),
        decode(new PeerMessage.Table(
            1, true, true, Collections.nCopies(PeerMessage.CHUNK + 1, ENTRY))));
    assertEquals(
        Optional.empty(),
        decode(new PeerMessage.Reported(Collections.nCopies(
            PeerMessage.OUTCOMES + 1, new PeerMessage.Ended(1, 1, Outcome.DELIVERED)))));
    assertEquals(
        Optional.empty(),
        decode(new PeerMessage.Published(
            1, new long[PeerMessage.TARGETS + 1], new int[PeerMessage.TARGETS + 1], new byte[0])));
    assertEquals(
        Optional.empty(),
        decode(new PeerMessage.Published(
            1, new long[1], new int[1], new byte[PeerMessage.PAYLOAD_LIMIT + 1])));
  }

  @Test // P1, P2
  void aLabelThatNoBrokerGivesIsNoMessage() {
    assertLabelled("orders/new", "shop/order.2", true);
    assertLabelled("orders/new", "", true);
    assertLabelled("orders/*", "", false);
    assertLabelled("orders new", "", false);
    assertLabelled("", "", false);
    assertLabelled("orders/new", "shop order", false);
    assertLabelled("orders/new", "n".repeat(MessageCodec.NAME_LIMIT + 1), false);
  }

  private static void assertLabelled(String topic, String type, boolean sound) {
    ByteBuffer bytes = ByteBuffer.allocate(1_024);
    bytes.put((byte) 2).put(PeerMessage.Streaming.TYPE).putInt(1).putLong(1).putShort((short) 0);
    bytes.put((byte) topic.length()).put(topic.getBytes(US_ASCII));
    bytes.put((byte) type.length()).put(type.getBytes(US_ASCII));

    assertEquals(sound, PeerMessage.decode(bytes.flip()).isPresent(), topic + " " + type);
  }

  @Test // P1: a peer that sends a pattern that is none
  void aPatternThatBreaksTheGrammarIsNoMessage() {
    byte[] sound = bytes(new PeerMessage.Subscribed(2, PATTERN));
    byte[] broken = sound.clone();
    broken[broken.length - 2] = 'b'; // ab*

    assertTrue(PeerMessage.decode(ByteBuffer.wrap(sound)).isPresent());
    assertEquals(Optional.empty(), PeerMessage.decode(ByteBuffer.wrap(broken)));
  }

  @Test // P8: in the two highest bits of the id, and never both
  void anIdSaysThePolicyAndWhatNoNodeSaysIsNoMessage() {
    Map<OverflowPolicy, Long> bits = Map.of(
        OverflowPolicy.WAIT, 0L, OverflowPolicy.DROP_NEWEST, 1L, OverflowPolicy.DROP_OLDEST, 2L);
    for (OverflowPolicy policy : OverflowPolicy.values()) {
      long id = SubscriptionId.of(-1, policy);
      assertEquals(Optional.of(policy), SubscriptionId.policy(id));
      assertEquals(bits.get(policy), id >>> 62);
      assertEquals(-1L >>> 2, id & -1L >>> 2);
      assertEquals(policy != OverflowPolicy.WAIT, SubscriptionId.drops(id));
      assertTrue(decode(new PeerMessage.Subscribed(1, new PeerMessage.Entry(id, TOPIC)))
          .isPresent());
    }

    PeerMessage.Entry unknown = new PeerMessage.Entry(3L << 62, TOPIC);
    assertEquals(Optional.empty(), SubscriptionId.policy(unknown.id()));
    assertEquals(Optional.empty(), decode(new PeerMessage.Subscribed(1, unknown)));
    assertEquals(
        Optional.empty(), decode(new PeerMessage.Table(1, true, true, List.of(ENTRY, unknown))));
  }

  @Test // P2
  void aReasonWithControlCharactersIsNoMessage() {
    byte[] sound = bytes(
        new PeerMessage.Reported(List.of(new PeerMessage.Ended(1, 1, Outcome.REJECTED, "abc"))));
    byte[] broken = sound.clone();
    broken[broken.length - 1] = 27;

    assertTrue(PeerMessage.decode(ByteBuffer.wrap(sound)).isPresent());
    assertEquals(Optional.empty(), PeerMessage.decode(ByteBuffer.wrap(broken)));
    assertEquals(
        Optional.empty(),
        decode(new PeerMessage.Reported(List.of(new PeerMessage.Ended(
            1, 1, Outcome.REJECTED, "r".repeat(Unreadable.REASON_LIMIT + 1))))));
  }

  @ParameterizedTest // P1
  @MethodSource("messages")
  void whatIsCutShortOrGoesOnIsNoMessage(PeerMessage message) {
    byte[] bytes = bytes(message);
    boolean endsWithAPayload = message instanceof PeerMessage.Published;

    for (int length = 0; length < bytes.length - (endsWithAPayload ? 3 : 0); length++) {
      assertEquals(Optional.empty(), PeerMessage.decode(ByteBuffer.wrap(bytes, 0, length)));
    }
    if (!endsWithAPayload) {
      ByteBuffer longer = ByteBuffer.allocate(bytes.length + 1).put(bytes).rewind();
      assertEquals(Optional.empty(), PeerMessage.decode(longer));
    }
  }

  @ParameterizedTest // P1
  @MethodSource("messages")
  void noBytesMakeItThrow(PeerMessage message) {
    Random random = new Random(SEED);
    byte[] bytes = bytes(message);

    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = bytes.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      ByteBuffer some = ByteBuffer.wrap(mutated, 0, random.nextInt(mutated.length + 1));
      assertDoesNotThrow(() -> PeerMessage.decode(some), () -> "seed " + SEED);
    }
  }

  @Test // P1
  void noRandomBytesMakeItThrow() {
    Random random = new Random(SEED);

    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = 2;
        bytes[1] = (byte) random.nextInt(12);
      }
      assertDoesNotThrow(() -> PeerMessage.decode(ByteBuffer.wrap(bytes)), () -> "seed " + SEED);
    }
  }

  private static Optional<PeerMessage> decode(PeerMessage message) {
    return PeerMessage.decode(ByteBuffer.wrap(bytes(message)));
  }

  private static byte[] bytes(PeerMessage message) {
    ByteBuffer buffer = ByteBuffer.allocate(message.encodedBytes());
    message.encode(buffer);
    return buffer.array();
  }
}
