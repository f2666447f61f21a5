package io.thole.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.GrainCodec;
import io.thole.grains.GrainMessage;
import io.thole.grains.GrainMessage.Failed;
import io.thole.grains.GrainMessage.Live;
import io.thole.grains.GrainMessage.Refusal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** P1: the messages of grains. */
class GrainFuzzTest {
  private static final NodeId SENDER = new NodeId(new Authority("127.0.0.1", 26_050), 1);
  private static final int VERSION = 2;
  private static final int CHAIN = 32;
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  @Test
  void grainMessages() {
    Fuzzer.of(
            "GrainMessage",
            GrainFuzzTest::sound,
            input -> GrainCodec.decode(input, SENDER),
            GrainFuzzTest::states)
        .reaching("Request", "Reply", "Failed", "Refused", "Survey", "Live")
        .reaching("no version", "no type", "nothing", "no 1", "no 3", "no 4", "no 5", "no 6")
        .reaching("no 2") // cut within its header
        .allocating(128, 8 << 10) // to check the shortest names takes a matcher each
        .run();
  }

  private static byte[] sound(SplittableRandom random) {
    return Samples.encoded(message(random));
  }

  private static GrainMessage message(SplittableRandom random) {
    long call = random.nextLong();
    return switch (random.nextInt(6)) {
      case 0 ->
        new GrainMessage.Request(
            call,
            random.nextLong(HOUR_NANOS + 1),
            random.nextLong(),
            random.nextLong(),
            id(random),
            Stream.generate(() -> id(random))
                .limit(Samples.count(random, CHAIN))
                .toList(),
            Samples.bytes(random, 200));
      case 1 -> new GrainMessage.Reply(call, Samples.bytes(random, 200));
      case 2 -> new Failed(call, Samples.name(random, 1_024), Samples.name(random, 1_024));
      case 3 -> new GrainMessage.Refused(call, Samples.oneOf(List.of(Refusal.values()), random));
      case 4 -> new GrainMessage.Survey(call);
      default ->
        new Live(
            call,
            random.nextBoolean(),
            Stream.generate(() -> new GrainStatus(id(random), SENDER, Samples.number(random)))
                .limit(Samples.count(random, GrainCodec.LIVE_LIMIT))
                .toList());
    };
  }

  private static GrainId id(SplittableRandom random) {
    return new GrainId(Samples.name(random, 255), Samples.name(random, 255));
  }

  private static List<String> states(byte[] input, Optional<GrainMessage> decoded) {
    if (decoded.isEmpty()) {
      return List.of(refusal(input));
    }
    GrainMessage message = decoded.get();
    byte[] written = Samples.encoded(message);
    byte[] again =
        Samples.encoded(GrainCodec.decode(ByteBuffer.wrap(written), SENDER).orElseThrow());
    assertArrayEquals(written, again, "what it is read as");
    if (!(message instanceof Failed)
        && !(message instanceof Live)) { // foreign text, idle times: corrected
      assertArrayEquals(input, written, "what it is written as");
    }
    return List.of(message.getClass().getSimpleName());
  }

  private static String refusal(byte[] input) {
    if (input.length < 2) {
      return "nothing";
    }
    if (input[0] != VERSION) {
      return "no version";
    }
    return input[1] >= 1 && input[1] <= 6 ? "no " + input[1] : "no type";
  }
}
