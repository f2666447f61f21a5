package io.thole.testkit.fuzz;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Damages encodings as attackers and accidents do: bits, bytes, numbers at their extremes, text that no grammar has, what is cut,
 * repeated, spliced or goes on. All of it is drawn from one seed.
 */
final class Mutator {
  /** The longest input that damage may make of a shorter one. */
  static final int MOST_BYTES = 1 << 16;

  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    2,
    Byte.MAX_VALUE,
    255,
    256,
    Short.MAX_VALUE,
    65_535,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final byte[] TEXT = {0, '\r', '\n', 0x1b, ' ', '"', '/', 'A', (byte) 0xe2, -1};

  private final SplittableRandom random;

  Mutator(SplittableRandom random) {
    this.random = random;
  }

  /**
   * Returns bytes to decode.
   *
   * @param sound makes encodings to begin with
   */
  byte[] next(Supplier<byte[]> sound) {
    return switch (random.nextInt(12)) {
      case 0 -> sound.get();
      case 1 -> noise(random.nextInt(200));
      case 2 -> headed(sound.get());
      case 3 -> spliced(sound.get(), sound.get());
      default -> damaged(sound.get());
    };
  }

  private byte[] damaged(byte[] sound) {
    byte[] bytes = sound;
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes = bytes.length == 0 ? noise(1) : damagedOnce(bytes.clone());
    }
    return bytes;
  }

  private byte[] damagedOnce(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(10)) {
      case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[at] = (byte) random.nextInt();
      case 3 -> bytes[at] = TEXT[random.nextInt(TEXT.length)];
      case 4, 5 -> put(bytes, at, extreme(bytes.length - at));
      case 6 -> bytes = Arrays.copyOf(bytes, at);
      case 7 -> bytes = joined(bytes, bytes.length, noise(1 + random.nextInt(16)), 0);
      case 8 -> bytes = joined(bytes, at, bytes, random.nextInt(at + 1)); // repeats a piece
      default ->
        bytes = joined(bytes, at, bytes, at + random.nextInt(bytes.length - at)); // leaves one out
    }
    return bytes;
  }

  /** Returns a number that lengths, counts and sequences are least likely to stand, or that almost fits. */
  private long extreme(int left) {
    return random.nextInt(4) == 0
        ? left + random.nextInt(-9, 10)
        : EXTREMES[random.nextInt(EXTREMES.length)] + random.nextInt(-1, 2);
  }

  private void put(byte[] bytes, int at, long number) {
    int width = 1 << random.nextInt(4);
    for (int i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = (byte) (number >> (8 * (width - 1 - i)));
    }
  }

  /** Begins soundly, and goes on at random: else most noise would end at its first byte. */
  private byte[] headed(byte[] sound) {
    int head = Math.min(sound.length, 1 + random.nextInt(12));
    return joined(sound, head, noise(random.nextInt(100)), 0);
  }

  private byte[] spliced(byte[] first, byte[] second) {
    return joined(
        first, random.nextInt(first.length + 1), second, random.nextInt(second.length + 1));
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Returns the beginning of some bytes, and others from a place on. */
  private static byte[] joined(byte[] first, int to, byte[] second, int from) {
    int length = Math.min(MOST_BYTES, to + second.length - from);
    byte[] joined = Arrays.copyOf(first, Math.max(length, to));
    System.arraycopy(second, from, joined, to, Math.max(0, length - to));
    return joined;
  }
}
