package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.TopologyPublisher;
import io.thole.spi.Transport;
import io.thole.tcpprovider.MembershipMessage.Join;
import io.thole.tcpprovider.MembershipMessage.Welcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipMessageTest {
  private static final NodeId A = new NodeId(new Authority("a", 1), 258);

  @Test
  void hasTheBytesOfTheProtocol() {
    assertEquals("0101", hex(new Join()));
    assertEquals(
        "0102" + "01" + "0001" + "0161" + "0001" + "0000000000000102",
        hex(new Welcome(true, List.of(A))));
  }

  @Test
  void readsBackWhatItWrote() {
    List<MembershipMessage> messages = List.of(
        new Join(),
        new Welcome(true, List.of()),
        new Welcome(false, List.of(A, NodeId.at(new Authority("::1", 65_535)))));

    for (MembershipMessage message : messages) {
      assertEquals(Optional.of(message), MembershipMessage.decode(bytes(message)));
    }
  }

  @ParameterizedTest // P1
  @ValueSource(
      strings = {
        "",
        "01",
        "0001",
        "0201",
        "0100",
        "0104",
        "010100",
        "0102",
        "0102010000ff",
        "010202" + "0000",
        "0102ff" + "0000",
        "010201" + "0001",
        "010201" + "03e9",
        "010201" + "ffff",
        "010201" + "0001" + "0161" + "0000" + "0000000000000001",
        "010201" + "0001" + "0161" + "0001" + "ffffffffffffffff",
        "010201" + "0001" + "0141" + "0001" + "0000000000000001",
        "010201" + "0001" + "0120" + "0001" + "0000000000000001"
      })
  void readsNothingFromWhatNoProviderSays(String hex) {
    ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

    assertEquals(Optional.empty(), MembershipMessage.decode(message));
  }

  @Test // P1
  void readsNothingFromAnyMessageThatIsCutOrLonger() {
    byte[] whole = bytes(new Welcome(true, List.of(A, A))).array();

    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(whole, length));
      assertEquals(Optional.empty(), MembershipMessage.decode(cut), "of " + length + " bytes");
    }
    ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(whole, whole.length + 1));
    assertEquals(Optional.empty(), MembershipMessage.decode(longer));
  }

  @Test // P1
  void throwsAtNoBytes() {
    long seed = 20_261_123;
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 1 && random.nextBoolean()) {
        bytes[0] = 1;
        bytes[1] = 2;
      }
      try {
        MembershipMessage.decode(ByteBuffer.wrap(bytes));
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
      }
    }
  }

  @Test
  void tellsTheLargestViewInMessagesThatALinkTakes() {
    String longest =
        String.join(".", "a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61));
    List<NodeId> view = IntStream.rangeClosed(1, TopologyPublisher.LIMIT + 1)
        .mapToObj(port -> new NodeId(new Authority(longest, port), port))
        .toList();

    List<Welcome> messages = MembershipMessage.welcome(view);

    assertEquals(
        view.subList(0, TopologyPublisher.LIMIT),
        messages.stream().flatMap(message -> message.members().stream()).toList());
    assertEquals(10, messages.size());
    assertEquals(
        List.of(true), messages.stream().map(Welcome::last).filter(last -> last).toList());
    assertTrue(messages.get(9).last());
    assertTrue(messages.get(0).encodedBytes() <= Transport.MESSAGE_LIMIT);
    assertEquals(Optional.of(messages.get(0)), MembershipMessage.decode(bytes(messages.get(0))));
  }

  @Test
  void tellsAnEmptyViewInOneMessage() {
    assertEquals(List.of(new Welcome(true, List.of())), MembershipMessage.welcome(List.of()));
  }

  static ByteBuffer bytes(MembershipMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    assertEquals(0, bytes.remaining());
    return bytes.flip();
  }

  private static String hex(MembershipMessage message) {
    return HexFormat.of().formatHex(bytes(message).array());
  }
}
