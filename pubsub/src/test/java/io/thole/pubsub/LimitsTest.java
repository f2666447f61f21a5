package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.Topic;
import io.thole.spi.SerialWorker;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The limits of delivery.md, section 5, and others that strangers could reach. */
class LimitsTest {
  private static final NodeId NODE = new NodeId(new Authority("127.0.0.1", 26_050), 1);
  private static final Topic NEWS = new Topic("news");

  /** So much that no limit of the memory of peers is met before the one that a test is about. */
  private static final long ROOM = 1L << 30;

  @Test
  void aTopicMoreThanTheLimitHasNoRoute() {
    Routes routes = new Routes();
    for (int i = 0; i < Routes.TOPICS; i++) {
      assertTrue(routes.add(new Target(NODE, i, new Topic("t" + i))));
    }

    assertFalse(routes.add(new Target(NODE, -1, NEWS)));
    assertTrue(routes.add(new Target(NODE, -2, new Topic("t7"))));
    assertEquals(Routes.TOPICS, routes.topics(target -> "").size());
  }

  @Test
  void topicsBeyondTheNamedOnesShareAnAccount() {
    Books books = new Books();
    for (int i = 0; i < Books.NAMED + 2; i++) {
      books.of(new Topic("t" + i)).refused();
    }

    assertEquals(Books.NAMED + 1, books.read().size());
    assertEquals("topic (others)", books.read().get(Books.NAMED).scope());
    assertEquals(2, books.read().get(Books.NAMED).refused());
  }

  @Test // P8
  void aWindowHasItsMessagesAndItsBytesAndNotOneMore() {
    Target messages = new Target(NODE, 1, NEWS);
    for (int i = 0; i < Target.MESSAGES; i++) {
      assertTrue(messages.take(0));
    }
    Target bytes = new Target(NODE, 2, NEWS);
    assertTrue(bytes.take((int) Target.BYTES - 1));

    assertFalse(messages.take(0));
    assertFalse(bytes.take(2));
    assertTrue(bytes.take(1));
    messages.give(0);
    assertTrue(messages.take(0));
  }

  @Test // I9
  void subscriptionsThatStandStillLeaveRoomForOthers() {
    ReceiveBudget budget = new ReceiveBudget(1_200);
    long[] held = new long[3];
    for (int stuck = 0; stuck < held.length; stuck++) {
      while (budget.take(1, held[stuck])) {
        held[stuck]++;
      }
    }

    assertTrue(budget.take(100, 0), "held: " + held[0] + " " + held[1] + " " + held[2]);
    assertTrue(budget.take(1, 10));
    assertFalse(budget.take(1_000, 0));
  }

  @Test // delivery.md 5: what a stream costs its receiver
  void theStreamsOfAPeerEndAtAsManyPlacesAsAllowedAndNotAtOneMore() {
    for (int more = -1; more <= 1; more++) {
      PeerSession session = session();
      int left = PeerSession.STREAM_ENDS + more;
      for (int stream = 0; left > 0; stream++) {
        int targets = Math.min(left, PeerMessage.TARGETS);
        session.onStreaming(streaming(stream, targets));
        left -= targets;
      }

      assertEquals(Math.max(0, more), session.malformed(), "the limit and " + more);
    }
  }

  @Test // delivery.md 5
  void aStreamThatEndsOrHasFewerTargetsLeavesRoomForOthers() {
    PeerSession session = session();
    int streams = PeerSession.STREAM_ENDS / PeerMessage.TARGETS;
    for (int stream = 0; stream < streams; stream++) {
      session.onStreaming(streaming(stream, PeerMessage.TARGETS));
    }
    session.onStreaming(streaming(streams, PeerMessage.TARGETS));
    assertEquals(1, session.malformed());

    session.onStreamEnded(new PeerMessage.StreamEnded(0));
    session.onStreaming(streaming(streams, PeerMessage.TARGETS));
    session.onStreaming(streaming(1, 0));
    session.onStreaming(streaming(streams + 1, PeerMessage.TARGETS));

    assertEquals(1, session.malformed());
  }

  @Test // delivery.md 5
  void aPeerHasAsManyStreamsAsAllowedAndNotOneMore() {
    for (int more = -1; more <= 1; more++) {
      PeerSession session = session();
      for (int stream = 0; stream < PeerSession.STREAMS + more; stream++) {
        session.onStreaming(streaming(stream, 1));
      }

      assertEquals(Math.max(0, more), session.malformed(), "the limit and " + more);
    }
  }

  private static PeerMessage.Streaming streaming(int stream, int targets) {
    return new PeerMessage.Streaming(
        stream, 1, Label.bytes(NEWS), LongStream.range(0, targets).boxed().toList());
  }

  private static PeerSession session() {
    SerialWorker never = new SerialWorker() {
      @Override
      public boolean offer(Runnable task) {
        return true;
      }

      @Override
      public void close() {}
    };
    return new PeerSession(
        NODE,
        new LateChannel(),
        new Routes(),
        id -> null,
        new Chunks(),
        new PeerBudget(ROOM),
        new TestNetwork(1).cluster(1).get(0),
        new Callbacks(never),
        () -> {});
  }

  @Test // delivery.md 5
  void aPeerThatTakesNoProgressIsToldOfAsManyGapsAsAllowedAndNotOfOneMore() {
    for (int more = -1; more <= 1; more++) {
      Inlet inlet = inlet();
      int items = Inlet.GAPS + more;
      endAll(inlet, 1, items);

      long gaps = 0;
      long told = 0;
      for (PeerMessage.Progressed progress = inlet.progress().orElse(null);
          progress != null;
          progress = inlet.progress().orElse(null)) {
        gaps += progress.gaps().size();
        told = progress.ended();
      }
      long expected = Math.min(items, Inlet.GAPS);
      assertEquals(List.of(expected, expected), List.of(gaps, told), "the limit and " + more);
      assertFalse(inlet.isBusy(), "it owes nothing that it will never say");
    }
  }

  @Test // P1: a handler that throws at every other item of a peer that takes no progress
  void keepsNothingOfWhatIsBeyondTheGapsThatAPeerIsToldOf() {
    Inlet inlet = inlet();
    endAll(inlet, 1, Inlet.GAPS + 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<Run> further = LongStream.range(0, 10_000)
        .mapToObj(i -> run(inlet, Inlet.GAPS + 2 + i))
        .toList();

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < further.size(); i++) {
      further.get(i).end(i % 2 == 0 ? Outcome.CLOSING : Outcome.OVERFLOW);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;

    assertTrue(bytes < 8L * further.size(), bytes + " bytes for " + further.size() + " items");
  }

  private static Inlet inlet() {
    return new Inlet(1, 2, null, 0, new DeafOutlet());
  }

  /** Ends items, no two of them that follow each other alike: each is a gap of its own. */
  private static void endAll(Inlet inlet, int first, int count) {
    for (int number = first; number < first + count; number++) {
      run(inlet, number).end(number % 2 == 0 ? Outcome.CLOSING : Outcome.OVERFLOW);
    }
  }

  private static Run run(Inlet inlet, long number) {
    ByteBuffer item = ByteBuffer.allocate(PeerMessage.Streamed.ITEM_BYTES);
    return new Run(inlet, Label.bytes(NEWS), NODE, new Chunks().copy(item, 1), number, 1);
  }
}
