package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Topic;
import io.thole.spi.SerialWorker;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What a subscription allows its streams: delivery.md, P8. */
class CreditTest {
  private static final NodeId NODE = new NodeId(new Authority("a", 1), 1);
  private static final Topic NEWS = new Topic("news");
  private static final int ITEM_BYTES = 1;

  private final Chunks chunks = new Chunks();
  private final Worker worker = new Worker();

  /** Runs when it is told. */
  private static final class Worker implements SerialWorker {
    final Queue<Runnable> tasks = new ArrayDeque<>();

    @Override
    public boolean offer(Runnable task) {
      return tasks.add(task);
    }

    @Override
    public void close() {}

    void runAll() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }

  /** An end of a stream that is published to as fast as its credit allows. */
  private final class Stream {
    final Inlet inlet;
    long next = 1;
    Credit credit = Credit.FIRST;

    Stream(LocalSubscription place) {
      inlet = new Inlet(1, 1, place, 0, new DeafOutlet());
    }

    /** Sends items, has them handled, and hears what is said of them. */
    Credit send(int count) {
      ByteBuffer items =
          ByteBuffer.allocate(count * (PeerMessage.Streamed.ITEM_BYTES + ITEM_BYTES));
      while (items.hasRemaining()) {
        items.putInt(ITEM_BYTES).put((byte) 0);
      }
      Run run = new Run(inlet, Label.bytes(NEWS), NODE, chunks.copy(items.flip(), 1), next, count);
      inlet.take(run, LocalSubscription::begin);
      next += count;
      worker.runAll();
      PeerMessage.Progressed progress = inlet.progress().orElseThrow();
      assertEquals(next - 1, progress.ended());
      credit = progress.credit();
      return credit;
    }

    Credit sendAll(int times) {
      for (int i = 0; i < times; i++) {
        send(credit.messages());
      }
      return credit;
    }
  }

  private LocalSubscription subscription(ReceiveBudget budget) {
    OwnedPubSub owner = new OwnedPubSub(new PubSubBroker(), "test");
    return new LocalSubscription(
        new Target(NODE, 1, NEWS),
        Backlog.WAIT,
        message -> {},
        owner,
        worker,
        budget,
        new LocalSubscription.Watch() {
          @Override
          public void delivered(LocalSubscription subscription, Delivery delivery) {}

          @Override
          public void failed(LocalSubscription subscription, Throwable thrown) {}

          @Override
          public void waiting(LocalSubscription subscription) {}

          @Override
          public void slow(LocalSubscription subscription, int backlog) {}

          @Override
          public void closing(LocalSubscription subscription) {}
        });
  }

  @Test // P8
  void doublesWhileAllOfItIsUsedUpToItsEnd() {
    Stream stream = new Stream(subscription(new ReceiveBudget(64 << 20)));

    assertEquals(new Credit(512, 512 << 10), stream.send(256));
    assertEquals(new Credit(512, 512 << 10), stream.send(100));
    assertEquals(new Credit(512, 512 << 10), stream.send(383));
    assertEquals(new Credit(1_024, 1 << 20), stream.send(384));
    assertEquals(Credit.MOST, stream.sendAll(10));
  }

  @Test // P8: all that a node has granted stays under its receive budget
  void isNoMoreThanTheBudgetAndComesBackWhenAStreamEnds() {
    ReceiveBudget budget = new ReceiveBudget(1 << 20);
    Stream first = new Stream(subscription(budget));
    Stream second = new Stream(subscription(budget));

    assertEquals(new Credit(1_024, 1 << 20), first.sendAll(10)); // 768 KiB of the budget
    assertEquals(new Credit(512, 512 << 10), second.sendAll(10)); // the rest

    first.inlet.close(first.next - 1);
    assertEquals(new Credit(1_024, 1 << 20), second.sendAll(1));
  }

  @Test // P8: else what was granted could overflow
  void isSharedByTheStreamsOfOneSubscription() {
    LocalSubscription place = subscription(new ReceiveBudget(64 << 20));
    Stream first = new Stream(place);
    Stream second = new Stream(place);
    Stream third = new Stream(place);
    int most = first.sendAll(10).messages() + second.sendAll(10).messages();
    int all = most + third.sendAll(10).messages();

    assertEquals(2 * Credit.MOST.messages(), most);
    assertTrue(all <= Target.MESSAGES / 2 + 3 * Credit.FIRST.messages(), () -> all + " granted");
  }

  @Test // delivery.md 7
  void nobodyGrantsNothing() {
    PeerMessage progress = new PeerMessage.Progressed(1, 1, 1, 1, Credit.FIRST, List.of());
    ByteBuffer bytes = ByteBuffer.allocate(progress.encodedBytes());
    progress.encode(bytes);
    assertEquals(Optional.of(progress), PeerMessage.decode(bytes.flip().duplicate()));
    for (int at : new int[] {2 + 28, 2 + 32}) {
      ByteBuffer forged =
          ByteBuffer.allocate(bytes.limit()).put(bytes.duplicate()).putInt(at, 0);
      assertEquals(Optional.empty(), PeerMessage.decode(forged.flip()));
    }
  }
}
