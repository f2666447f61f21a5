package io.thole.core.gossip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.Transport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HearsayEngineTest {
  private static final NodeId SELF = id(1, 1);
  private static final NodeId B = id(2, 1);
  private static final NodeId C = id(3, 1);

  private final HearsayEngine engine = new HearsayEngine(SELF, 1);

  @Test
  void dialsWhomItHearsOfAndDoesNotKnow() {
    engine.onView(List.of(SELF, B));

    assertEquals(
        List.of(C.authority()),
        engine.onMessage(new HearsayMessage(List.of(SELF, B, C), List.of())).dials());
  }

  @Test
  void tellsEverythingToWhoeverItMeets() {
    engine.onView(List.of(SELF, B, C));
    engine.onView(List.of(SELF, B));

    assertEquals(
        List.of(new HearsayOutcome.Send(B, new HearsayMessage(List.of(SELF, B), List.of(C)))),
        engine.onMet(B).sends());
  }

  @Test
  void neverGossipsToItselfAndBoundsItsFanOut() { // J2
    IntStream.range(10, 20).forEach(port -> engine.onMet(id(port, 1)));

    List<NodeId> to =
        engine.onRound().sends().stream().map(HearsayOutcome.Send::to).toList();

    assertEquals(3, to.size());
    assertEquals(3, to.stream().distinct().count());
    assertTrue(!to.contains(SELF));
  }

  @Test
  void doesNotDialARunThatHasLeftButItsSuccessor() { // J4
    engine.onMessage(new HearsayMessage(List.of(), List.of(C)));

    assertEquals(
        List.of(), engine.onMessage(new HearsayMessage(List.of(C), List.of())).dials());
    assertEquals(
        List.of(C.authority()),
        engine.onMessage(new HearsayMessage(List.of(id(3, 2)), List.of())).dials());
  }

  @Test
  void believesAConnectionMoreThanHearsay() { // D3
    engine.onView(List.of(SELF, B, C));
    engine.onMet(C);

    engine.onMessage(new HearsayMessage(List.of(), List.of(C)));
    engine.onView(List.of(SELF, B));

    assertEquals(
        List.of(new HearsayMessage(List.of(SELF, B), List.of())),
        engine.onRound().sends().stream().map(HearsayOutcome.Send::message).toList());
  }

  @Test
  void forgetsTheOldestDepartures() { // J4
    for (int port = 1; port <= 20_000; port++) {
      engine.onMessage(new HearsayMessage(List.of(), List.of(id(port, 1))));
    }

    assertEquals(
        HearsayEngine.MOST_LEFT, engine.onMet(B).sends().get(0).message().left().size());
  }

  @Test
  void tellsNoMoreThanAMessageHolds() { // J2
    String longest = "h".repeat(63) + ("." + "h".repeat(63)).repeat(2) + "." + "h".repeat(61);
    engine.onView(IntStream.rangeClosed(1, HearsayMessage.LIMIT)
        .mapToObj(port -> new NodeId(new Authority(longest, port), 1))
        .toList());
    engine.onView(List.of(SELF));
    engine.onView(IntStream.rangeClosed(1, HearsayMessage.LIMIT)
        .mapToObj(port -> new NodeId(new Authority(longest, port), 2))
        .toList());

    HearsayMessage message = engine.onMet(B).sends().get(0).message();

    assertEquals(HearsayEngine.MOST_TOLD, message.members().size());
    assertEquals(HearsayEngine.MOST_LEFT, message.left().size());
    assertTrue(message.encodedBytes() <= Transport.MESSAGE_LIMIT);
  }

  @Test
  void survivesWhateverArrives() { // J6, P1
    HearsayMessage message = new HearsayMessage(List.of(SELF, B), List.of(C));
    assertEquals(Optional.of(message), HearsayMessage.decode(encoded(message)));
    long seed = 3;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      ByteBuffer bytes = encoded(message);
      for (int change = random.nextInt(4); change > 0; change--) {
        bytes.put(random.nextInt(bytes.limit()), (byte) random.nextInt(256));
      }
      bytes.limit(random.nextInt(10) == 0 ? random.nextInt(bytes.limit()) : bytes.limit());
      HearsayMessage.decode(bytes);
    }
  }

  private static ByteBuffer encoded(HearsayMessage message) {
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    assertEquals(0, bytes.remaining());
    return bytes.flip();
  }

  private static NodeId id(int port, long incarnation) {
    return new NodeId(new Authority("127.0.0.1", port), incarnation);
  }
}
