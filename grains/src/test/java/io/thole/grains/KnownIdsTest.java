package io.thole.grains;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.grain.GrainId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KnownIdsTest {
  private final KnownIds known = new KnownIds();

  @Test
  void readsWhatItHasReadBeforeWithoutMakingItAnew() {
    GrainId first = known.read(bytes("kind", "key"));

    assertEquals(new GrainId("kind", "key"), first);
    assertSame(first, known.read(bytes("kind", "key")));
    assertSame(first, known.read(bytes("kind", "key").slice().asReadOnlyBuffer()));
  }

  @Test
  void tellsNamesApartThatLieAtTheSamePlace() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20 * KnownIds.MOST; i++) {
      String kind = name(random);
      String key = name(random);
      assertEquals(new GrainId(kind, key), known.read(bytes(kind, key)), "seed " + seed);
    }
  }

  @Test
  void takesTheBorderBetweenKindAndKeyFromTheLengths() {
    assertEquals(new GrainId("ab", "c"), known.read(bytes("ab", "c")));
    assertEquals(new GrainId("a", "bc"), known.read(bytes("a", "bc")));
    assertNotEquals(known.read(bytes("ab", "c")), known.read(bytes("a", "bc")));
  }

  @Test
  void standsBehindWhatItHasRead() {
    ByteBuffer two = ByteBuffer.allocate(64);
    two.put(bytes("kind", "one")).put(bytes("kind", "two")).flip();

    assertEquals("one", known.read(two).key());
    assertEquals("two", known.read(two).key());
    assertEquals(0, two.remaining());
  }

  @Test
  void checksTheGrammarOfWhatIsNew() { // a name that is known has kept it
    for (String bad : List.of("", "k ey", "k\u007f", "\u001b[31m")) {
      assertThrows(IllegalArgumentException.class, () -> known.read(bytes("kind", bad)));
      assertThrows(IllegalArgumentException.class, () -> known.read(bytes(bad, "key")));
    }
    known.read(bytes("kind", "key"));
    ByteBuffer high = bytes("kind", "key");
    high.put(high.limit() - 1, (byte) ('y' | 0x80));
    assertThrows(IllegalArgumentException.class, () -> known.read(high));
  }

  @Test
  void takesNothingBeyondTheEnd() {
    known.read(bytes("kind", "key"));
    ByteBuffer whole = bytes("kind", "key");
    for (int length = 0; length < whole.limit(); length++) {
      ByteBuffer cut = whole.duplicate().limit(length);
      assertThrows(BufferUnderflowException.class, () -> known.read(cut), "of " + length);
    }
  }

  private static String name(Random random) {
    int length = 1 + random.nextInt(3);
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append((char) ('a' + random.nextInt(26)));
    }
    return name.toString();
  }

  private static ByteBuffer bytes(String kind, String key) {
    ByteBuffer bytes = ByteBuffer.allocate(2 + kind.length() + key.length());
    bytes.put((byte) kind.length()).put(kind.getBytes(US_ASCII));
    return bytes.put((byte) key.length()).put(key.getBytes(US_ASCII)).flip();
  }
}
