package io.thole.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thole.gossip.GossipMessage;
import io.thole.gossip.GossipMessage.Body;
import io.thole.gossip.Update;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** J6, P1: the messages of gossip. */
class GossipFuzzTest {
  private static final int VERSION = 2;
  private static final int BUCKETS = 64;
  private static final int WORDS = 157;

  @Test
  void gossipMessages() {
    Fuzzer.of("GossipMessage", GossipFuzzTest::sound, GossipMessage::decode, GossipFuzzTest::states)
        .reaching("Ping", "Ack", "Nack", "ProbeRequest", "Rumors", "Digest", "Buckets", "Agreed")
        .reaching("with ALIVE", "with SUSPECT", "with DEAD", "with LEFT", "with accusers")
        .reaching("no version", "no type", "nothing")
        .reaching("no 1", "no 2", "no 3", "no 4", "no 5", "no 6", "no 7", "no 8")
        .allocating(
            256, 8 << 10) // to check a short IPv6 host makes the most garbage for each of its bytes
        .run();
  }

  private static byte[] sound(SplittableRandom random) {
    List<Update> updates =
        Stream.generate(() -> update(random)).limit(Samples.count(random, 200)).toList();
    return Samples.encoded(new GossipMessage(
        random.nextInt(Integer.MAX_VALUE), random.nextLong(), body(random), updates));
  }

  private static Body body(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> new GossipMessage.Ping(random.nextInt());
      case 1 -> new GossipMessage.Ack(random.nextInt());
      case 2 -> new GossipMessage.Nack(random.nextInt());
      case 3 -> new GossipMessage.ProbeRequest(random.nextInt(), Samples.node(random));
      case 4 -> new GossipMessage.Rumors();
      case 5 -> new GossipMessage.Digest(random.longs(BUCKETS).boxed().toList());
      case 6 -> new GossipMessage.Buckets(random.nextLong(), random.nextBoolean());
      default -> {
        int words = Samples.count(random, WORDS);
        yield new GossipMessage.Agreed(
            random.nextLong(), random.longs(words).boxed().toList());
      }
    };
  }

  private static Update update(SplittableRandom random) {
    List<Update.Accuser> accusers = Stream.generate(
            () -> new Update.Accuser(Samples.node(random), random.nextBoolean()))
        .limit(random.nextInt(7))
        .toList();
    Update.Claim claim = Samples.oneOf(List.of(Update.Claim.values()), random);
    return new Update(claim, Samples.node(random), random.nextInt(Integer.MAX_VALUE), accusers);
  }

  private static List<String> states(byte[] input, Optional<GossipMessage> decoded) {
    if (decoded.isEmpty()) {
      return List.of(refusal(input));
    }
    GossipMessage message = decoded.get();
    byte[] again = Samples.encoded(message);
    assertEquals(decoded, GossipMessage.decode(ByteBuffer.wrap(again)), "what it is read as");
    if (again.length == input.length) { // else a host came in another than its normal form
      assertEquals(true, sameButForLetterCase(input, again), "what it is written as");
    }
    return Stream.concat(
            Stream.of(message.body().getClass().getSimpleName()),
            message.updates().stream()
                .flatMap(update -> Stream.of(
                    "with " + update.claim(),
                    update.accusers().isEmpty() ? "without accusers" : "with accusers"))
                .distinct())
        .toList();
  }

  /** An address in capital letters is the same address; its port and the fields around it never differ. */
  private static boolean sameButForLetterCase(byte[] one, byte[] other) {
    for (int i = 0; i < one.length; i++) {
      boolean same = one[i] == other[i] || Character.toLowerCase(one[i]) == other[i];
      if (!same && one[i] != '0') { // an IPv6 group with leading zeros could be as long
        return false;
      }
    }
    return true;
  }

  private static String refusal(byte[] input) {
    if (input.length < 2) {
      return "nothing";
    }
    if (input[0] != VERSION) {
      return "no version";
    }
    return input[1] >= 1 && input[1] <= 8 ? "no " + input[1] : "no type";
  }
}
