package io.thole.testkit.fuzz;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** What sound encodings are made of: short and long, and all that a grammar allows. */
public final class Samples {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.-";
  private static final List<String> HOSTS = List.of(
      "127.0.0.1",
      "10.0.0.255",
      "a",
      "::1",
      "2001:db8::ff00:42:8329",
      "node-7.cluster.example",
      "x".repeat(63));

  private Samples() {}

  /** Returns a node with an incarnation. */
  public static NodeId node(SplittableRandom random) {
    Authority address = new Authority(oneOf(HOSTS, random), 1 + random.nextInt(65_535));
    return new NodeId(address, 1 + random.nextLong(Long.MAX_VALUE - 1));
  }

  /** Returns a name of lower-case letters, digits, dots and dashes: mostly a short one. */
  public static String name(SplittableRandom random, int most) {
    int length = random.nextInt(8) == 0 ? most : 1 + random.nextInt(Math.min(most, 12));
    StringBuilder name = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return name.toString();
  }

  /** Returns a number that is mostly small, and else anything that is not negative. */
  public static long number(SplittableRandom random) {
    return random.nextInt(4) == 0 ? random.nextLong(Long.MAX_VALUE) : random.nextInt(100);
  }

  /** Returns how many of something there are: few, and sometimes as many as may be. */
  public static int count(SplittableRandom random, int most) {
    return random.nextInt(500) == 0 ? most : random.nextInt(Math.min(most, 5) + 1);
  }

  /** Returns bytes. */
  public static byte[] bytes(SplittableRandom random, int most) {
    byte[] bytes = new byte[random.nextInt(most + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Returns one of them. */
  public static <T> T oneOf(List<T> all, SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }

  /**
   * Returns a message's bytes.
   *
   * @throws AssertionError if it is not as long as it says
   */
  public static byte[] encoded(Encodable message) {
    ByteBuffer target = ByteBuffer.allocate(message.encodedBytes());
    message.encode(target);
    if (target.hasRemaining()) {
      throw new AssertionError(
          message + " is " + target.remaining() + " bytes shorter than it says");
    }
    return target.array();
  }
}
