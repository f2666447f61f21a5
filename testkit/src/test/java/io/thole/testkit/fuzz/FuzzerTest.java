package io.thole.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fuzzer that finds nothing in decoders that are broken on purpose would be worth nothing. */
class FuzzerTest {
  private static final long SEED = 3;

  /** Reads a length (4) and as many bytes, as it should be done. */
  private static byte[] careful(ByteBuffer input) {
    if (input.remaining() < 4) {
      return new byte[0];
    }
    int length = input.getInt();
    if (length < 0 || length != input.remaining()) {
      return new byte[0];
    }
    byte[] bytes = new byte[length];
    input.get(bytes);
    return bytes;
  }

  private static Fuzzer<byte[]> fuzzer(Decoder<byte[]> decoder) {
    return Fuzzer.of(
        "bytes",
        random -> {
          byte[] bytes = new byte[1 + random.nextInt(40)];
          Arrays.fill(bytes, (byte) 7);
          return ByteBuffer.allocate(4 + bytes.length)
              .putInt(bytes.length)
              .put(bytes)
              .array();
        },
        decoder,
        (input, bytes) -> List.of(bytes.length > 0 ? "sound" : "refused"));
  }

  @Test
  void countsWhatACarefulDecoderMakesOfIt() {
    FuzzReport report = fuzzer(FuzzerTest::careful).reaching("sound", "refused").run(20_000, SEED);

    assertEquals(20_000, report.count("sound") + report.count("refused"));
    assertTrue(report.count("sound") > 1_000, report::toString);
    assertTrue(report.mostBytes() > 0, report::toString);
  }

  @Test
  void makesTheSameInputsOfTheSameSeed() {
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    fuzzer(input -> noted(input, first)).run(500, SEED);
    fuzzer(input -> noted(input, second)).run(500, SEED);

    assertEquals(first, second);
    assertTrue(first.stream().distinct().count() > 300, "inputs that differ");
  }

  private static byte[] noted(ByteBuffer input, List<Integer> hashes) {
    hashes.add(input.hashCode());
    return careful(input);
  }

  @Test
  void findsOneThatThrows() {
    AssertionError found = assertThrows(
        AssertionError.class,
        () -> fuzzer(input -> new byte[input.getInt() & 0xff]).run(20_000, SEED));

    assertTrue(found.toString().contains("seed 3, input "), found.toString());
    assertTrue(found.toString().contains("BufferUnderflowException"), found.toString());
  }

  @Test
  void findsOneThatAllocatesByTheWordOfALength() {
    AssertionError found = assertThrows(
        AssertionError.class,
        () -> fuzzer(input -> {
              if (input.remaining() >= 4) {
                byte[] room = new byte[Math.min(1 << 20, Math.max(0, input.getInt()))];
                return room.length == input.remaining() ? room : new byte[0];
              }
              return new byte[0];
            })
            .run(20_000, SEED));

    assertTrue(found.toString().contains("bytes for the "), found.toString());
  }

  @Test
  void findsThatAStateIsNeverReached() {
    AssertionError found = assertThrows(
        AssertionError.class,
        () -> fuzzer(input -> new byte[0]).reaching("sound", "refused").run(2_000, SEED));

    assertTrue(found.toString().contains("never reached [sound]"), found.toString());
  }

  @Test
  void findsWhatTheJudgeFinds() {
    Fuzzer<Integer> lenient = Fuzzer.of(
        "trailing",
        random -> new byte[] {1},
        input -> input.hasRemaining() ? (int) input.get() : -1,
        (input, first) -> {
          assertEquals(input.length, first < 0 ? 0 : 1, "bytes behind the end");
          return List.of("read");
        });

    assertThrows(AssertionError.class, () -> lenient.run(1_000, SEED));
  }
}
