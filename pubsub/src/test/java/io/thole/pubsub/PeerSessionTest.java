package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.Topic;
import io.thole.spi.Channel;
import io.thole.spi.Encodable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PeerSessionTest {
  private static final NodeId PEER = new NodeId(new Authority("127.0.0.1", 26_070), 1);

  private final TestNetwork network = new TestNetwork(1);
  private final TestNode node = network.node(1);
  private final Queue<Runnable> meanwhile = new ArrayDeque<>();
  private final List<Encodable> told = new ArrayList<>();
  private final PeerSession session = new PeerSession(
      PEER,
      channel(),
      new Routes(),
      id -> null,
      new Chunks(),
      new PeerBudget(1 << 20),
      node,
      new Callbacks(node.worker("answers", 2)),
      () -> {});

  @Test // P3
  void saysWhatComesUpWhileAnotherThreadIsJustSaying() {
    meanwhile.add(() -> {
      session.onSubscribed(
          new PeerMessage.Subscribed(7, new PeerMessage.Entry(1, new Topic("news"))));
      session.say(); // as the thread does that has handled it: it waits for nobody
    });

    session.ended(1, 0, Outcome.DELIVERED, "");
    session.say();

    assertEquals(List.of(reported(1), new PeerMessage.Acknowledged(7)), told);
  }

  @Test // P3
  void saysAgainAfterItHasFailed() {
    meanwhile.add(() -> {
      throw new IllegalStateException("the channel fails");
    });
    session.ended(1, 0, Outcome.DELIVERED, "");
    assertThrows(IllegalStateException.class, session::say);

    session.say();

    assertEquals(List.of(reported(1)), told);
  }

  private static PeerMessage reported(long publication) {
    return new PeerMessage.Reported(
        List.of(new PeerMessage.Ended(publication, 0, Outcome.DELIVERED)));
  }

  /** Runs what happens meanwhile in the middle of each message. */
  private LateChannel channel() {
    LateChannel late = new LateChannel();
    late.opened(new Channel() {
      @Override
      public Sending send(NodeId peer, Encodable message) {
        throw new AssertionError("an answer may use the room that is left for answers");
      }

      @Override
      public Sending reply(NodeId peer, Encodable message) {
        Runnable next = meanwhile.poll();
        if (next != null) {
          next.run();
        }
        told.add(message);
        return Sending.SENT;
      }

      @Override
      public Sending cast(NodeId peer, Encodable message) {
        throw new AssertionError("an answer must arrive");
      }

      @Override
      public void close() {}
    });
    return late;
  }
}
