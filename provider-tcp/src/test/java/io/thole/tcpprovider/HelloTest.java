package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HelloTest {
  private static final Hello HELLO =
      new Hello("bay", new NodeId(new Authority("a.b", 65_535), 0x0102));

  @Test
  void writesClusterHostPortAndIncarnation() {
    byte[] bytes = {3, 'b', 'a', 'y', 3, 'a', '.', 'b', -1, -1, 0, 0, 0, 0, 0, 0, 1, 2};

    assertArrayEquals(bytes, HELLO.encoded());
    assertEquals(Optional.of(HELLO), Hello.decode(ByteBuffer.wrap(bytes)));
  }

  @Test
  void readsTheLongestNames() {
    String host = "a.".repeat(126) + "a";
    Hello longest = new Hello("c".repeat(64), new NodeId(new Authority(host, 1), Long.MAX_VALUE));

    assertEquals(Optional.of(longest), Hello.decode(ByteBuffer.wrap(longest.encoded())));
  }

  @Test // P1
  void refusesEveryTruncationAndTrailingBytes() {
    byte[] bytes = HELLO.encoded();

    for (int length = 0; length <= bytes.length + 1; length++) {
      Optional<Hello> expected = length == bytes.length ? Optional.of(HELLO) : Optional.empty();
      assertEquals(expected, Hello.decode(ByteBuffer.wrap(Arrays.copyOf(bytes, length))));
    }
  }

  @Test // P1
  void refusesWhatNoNodeIsCalled() {
    assertRefused(bytes("", "a", 1, 1));
    assertRefused(bytes("c".repeat(65), "a", 1, 1));
    assertRefused(bytes("c\n", "a", 1, 1));
    assertRefused(bytes("c", "", 1, 1));
    assertRefused(bytes("c", "A", 1, 1));
    assertRefused(bytes("c", "a\u001b", 1, 1));
    assertRefused(bytes("c", "a", 0, 1));
    assertRefused(bytes("c", "a", 1, 0));
    assertRefused(bytes("c", "a", 1, -1));
    assertTrue(Hello.decode(ByteBuffer.wrap(bytes("c", "a", 1, 1))).isPresent());
  }

  @Test
  void isNotMadeIfOthersWouldRefuseIt() {
    NodeId node = new NodeId(new Authority("a", 1), 1);

    assertThrows(IllegalArgumentException.class, () -> new Hello("", node));
    assertThrows(IllegalArgumentException.class, () -> new Hello("c", NodeId.at(node.authority())));
  }

  @Test // P1
  void neverThrowsWhateverTheBytesAre() {
    long seed = 20_261_123;
    Random random = new Random(seed);
    int read = 0;

    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = HELLO.encoded();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Optional<Hello> hello = Hello.decode(ByteBuffer.wrap(bytes));
      if (hello.isPresent()) {
        read++;
        assertArrayEquals(bytes, hello.get().encoded(), "seed " + seed + ", round " + round);
      }
    }

    assertTrue(read > 1_000, "hellos that were read: " + read);
  }

  private static byte[] bytes(String cluster, String host, int port, long incarnation) {
    ByteBuffer bytes = ByteBuffer.allocate(2 + cluster.length() + host.length() + 10);
    bytes.put((byte) cluster.length());
    cluster.chars().forEach(c -> bytes.put((byte) c));
    bytes.put((byte) host.length());
    host.chars().forEach(c -> bytes.put((byte) c));
    return bytes.putShort((short) port).putLong(incarnation).array();
  }

  private static void assertRefused(byte[] bytes) {
    assertEquals(Optional.empty(), Hello.decode(ByteBuffer.wrap(bytes)));
  }
}
