package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.OverflowPolicy;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicPattern;
import io.thole.testkit.fuzz.Fuzzer;
import io.thole.testkit.fuzz.Samples;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** P1: the messages of publish/subscribe. */
class PeerMessageFuzzTest {
  private static final List<Outcome> TOLD = List.of(
      Outcome.DELIVERED, Outcome.REJECTED, Outcome.OVERFLOW, Outcome.UNSUBSCRIBED, Outcome.CLOSING);
  private static final int TYPES = 12;

  @Test
  void peerMessages() {
    Fuzzer.of(
            "PeerMessage",
            random -> Samples.encoded(message(random)),
            PeerMessage::decode,
            PeerMessageFuzzTest::states)
        .reaching("Table", "Subscribed", "Unsubscribed", "Acknowledged", "Published", "Reported")
        .reaching("Streaming", "Streamed", "Progressed", "Dropped", "StreamEnded")
        .reaching("nothing", "no version", "no type", "no 1", "no 2", "no 3", "no 4", "no 5")
        .reaching("no 6", "no 7", "no 8", "no 9", "no 10", "no 11", "no 12")
        .allocating(64, 8 << 10)
        .run();
  }

  private static PeerMessage message(SplittableRandom random) {
    return switch (random.nextInt(TYPES)) {
      case 0 ->
        new PeerMessage.Table(
            random.nextLong(),
            random.nextBoolean(),
            random.nextBoolean(),
            Stream.generate(() -> entry(random))
                .limit(Samples.count(random, PeerMessage.CHUNK))
                .toList());
      case 1 -> new PeerMessage.Subscribed(random.nextLong(), entry(random));
      case 2 -> new PeerMessage.Unsubscribed(random.nextLong(), random.nextLong());
      case 3 -> new PeerMessage.Acknowledged(random.nextLong());
      case 4 -> {
        int targets = Math.max(1, Samples.count(random, PeerMessage.TARGETS));
        yield new PeerMessage.Published(
            random.nextLong(),
            random.nextBoolean() ? null : label(random),
            random.longs(targets).toArray(),
            random.ints(targets).toArray(),
            Samples.bytes(random, 200));
      }
      case 5 ->
        new PeerMessage.Reported(Stream.generate(() -> ended(random))
            .limit(Samples.count(random, PeerMessage.OUTCOMES))
            .toList());
      case 6 ->
        new PeerMessage.Streaming(
            random.nextInt(),
            1 + Samples.number(random) / 2,
            label(random),
            random.longs(Samples.count(random, PeerMessage.TARGETS)).boxed().toList());
      case 7 -> streamed(random);
      case 8 -> progressed(random);
      case 9 -> new PeerMessage.Dropped(random.nextInt(), random.nextLong(), gaps(random));
      default -> new PeerMessage.StreamEnded(random.nextInt());
    };
  }

  private static PeerMessage streamed(SplittableRandom random) {
    ByteBuffer items = ByteBuffer.allocate(4_096);
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      byte[] payload = Samples.bytes(random, 100);
      items.putInt(payload.length).put(payload);
    }
    return new PeerMessage.Streamed(random.nextInt(), items.flip(), count);
  }

  private static PeerMessage progressed(SplittableRandom random) {
    List<PeerMessage.Gap> gaps = gaps(random);
    long number = gaps.isEmpty() ? 0 : gaps.get(gaps.size() - 1).last();
    return new PeerMessage.Progressed(
        random.nextInt(),
        random.nextLong(),
        number + random.nextInt(3),
        random.nextInt(1_000),
        new Credit(1 + random.nextInt(1_000), 1 + random.nextInt(1_000)),
        gaps);
  }

  private static List<PeerMessage.Gap> gaps(SplittableRandom random) {
    List<PeerMessage.Gap> gaps = new ArrayList<>();
    long number = 0;
    for (int i = Samples.count(random, PeerMessage.OUTCOMES); i > 0; i--) {
      long first = number + 1 + random.nextInt(3);
      number = first + random.nextInt(3);
      Outcome outcome = Samples.oneOf(TOLD.subList(1, 5), random);
      String reason = outcome == Outcome.REJECTED ? reason(random) : "";
      gaps.add(new PeerMessage.Gap(first, number, outcome, reason));
    }
    return gaps;
  }

  private static Label label(SplittableRandom random) {
    return new Label(topic(random), random.nextBoolean() ? "bytes" : "t." + random.nextInt(10));
  }

  private static PeerMessage.Ended ended(SplittableRandom random) {
    Outcome outcome = Samples.oneOf(TOLD, random);
    String reason = outcome == Outcome.REJECTED ? reason(random) : "";
    return new PeerMessage.Ended(random.nextLong(), random.nextInt(), outcome, reason);
  }

  private static String reason(SplittableRandom random) {
    return random.nextBoolean() ? "" : Samples.name(random, Unreadable.REASON_LIMIT);
  }

  private static PeerMessage.Entry entry(SplittableRandom random) {
    TopicFilter topics = random.nextInt(4) > 0 ? topic(random) : new TopicPattern("*/a");
    OverflowPolicy policy = Samples.oneOf(List.of(OverflowPolicy.values()), random);
    return new PeerMessage.Entry(SubscriptionId.of(random.nextLong(), policy), topics);
  }

  private static Topic topic(SplittableRandom random) {
    return new Topic(Samples.name(random, 255));
  }

  private static List<String> states(byte[] input, Optional<PeerMessage> decoded) {
    if (decoded.isEmpty()) {
      return List.of(refusal(input));
    }
    assertArrayEquals(input, Samples.encoded(decoded.get()), "what it is written as");
    return List.of(decoded.get().getClass().getSimpleName());
  }

  private static String refusal(byte[] input) {
    if (input.length < 2) {
      return "nothing";
    }
    if (input[0] != 2) {
      return "no version";
    }
    return input[1] >= 1 && input[1] <= TYPES ? "no " + input[1] : "no type";
  }
}
