package io.thole.pubsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.OverflowPolicy;
import io.thole.api.pubsub.Topic;
import io.thole.spi.SerialWorker;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is dropped of items that arrive together, while a handler is at them: delivery.md, P8. */
class DroppingTest {
  private static final NodeId NODE = new NodeId(new Authority("a", 1), 1);
  private static final Topic NEWS = new Topic("news");

  /** So long that memory for them is used again as soon as nobody holds it. */
  private static final int ITEM_BYTES = 3_000;

  private static final long BUDGET = 1 << 20;

  private final Chunks chunks = new Chunks();
  private final ReceiveBudget budget = new ReceiveBudget(BUDGET);
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Integer> slow = new ArrayList<>();
  private final List<Integer> handled = new ArrayList<>();
  private final List<PeerMessage.Gap> gaps = new ArrayList<>();
  private Consumer<Integer> meanwhile = number -> {};
  private int next = 1;

  private LocalSubscription place = subscription(Backlog.WAIT);
  private Inlet inlet = new Inlet(1, 1, place, 0, new DeafOutlet());

  private void subscribe(Backlog backlog) {
    place = subscription(backlog);
    inlet = new Inlet(1, 1, place, 0, new DeafOutlet());
  }

  private LocalSubscription subscription(Backlog backlog) {
    SerialWorker worker = new SerialWorker() {
      @Override
      public boolean offer(Runnable task) {
        return tasks.add(task);
      }

      @Override
      public void close() {}
    };
    return new LocalSubscription(
        new Target(NODE, SubscriptionId.of(1, backlog.policy()), NEWS),
        backlog,
        this::onMessage,
        new OwnedPubSub(new PubSubBroker(), "test"),
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
          public void slow(LocalSubscription subscription, int backlog) {
            slow.add(backlog);
          }

          @Override
          public void closing(LocalSubscription subscription) {}
        });
  }

  private void onMessage(Message message) {
    ByteBuffer payload = message.payload();
    assertEquals(ITEM_BYTES, payload.remaining());
    int number = payload.getInt(0);
    meanwhile.accept(number);
    for (int at = 0; at < ITEM_BYTES; at += Integer.BYTES) {
      assertEquals(number, message.payload().getInt(at), "the memory of another message");
    }
    handled.add(number);
  }

  /** So many items arrive together. */
  private void arrive(int count) {
    ByteBuffer items = ByteBuffer.allocate(count * (PeerMessage.Streamed.ITEM_BYTES + ITEM_BYTES));
    for (int i = 0; i < count; i++) {
      items.putInt(ITEM_BYTES);
      for (int at = 0; at < ITEM_BYTES; at += Integer.BYTES) {
        items.putInt(next + i);
      }
    }
    Run run = new Run(inlet, Label.bytes(NEWS), NODE, chunks.copy(items.flip(), 1), next, count);
    next += count;
    inlet.take(run, LocalSubscription::begin);
  }

  private void handle() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Hears all that is said, and that it is all: every item, every byte, and the memory. */
  private void settle() {
    handle();
    PeerMessage.Progressed last = null;
    for (PeerMessage.Progressed said = inlet.progress().orElse(null);
        said != null;
        said = inlet.progress().orElse(null)) {
      gaps.addAll(said.gaps());
      last = said;
    }
    assertEquals(next - 1, last == null ? 0 : last.ended());
    assertEquals((next - 1L) * ITEM_BYTES, last == null ? 0 : last.bytes());
    assertTrue(budget.take(BUDGET, 0), "memory was not given back");
    budget.give(BUDGET);
  }

  private static PeerMessage.Gap overflow(int first, int last) {
    return new PeerMessage.Gap(first, last, Outcome.OVERFLOW);
  }

  private static List<Integer> numbers(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toList();
  }

  @Test // P8
  void ofWhatArrivesTogetherTheNewestAreKept() {
    subscribe(Backlog.dropOldest(3));

    arrive(10);
    settle();

    assertEquals(numbers(8, 10), handled);
    assertEquals(List.of(overflow(1, 7)), gaps);
    assertEquals(List.of(0), slow);
  }

  @Test // P8
  void ofWhatArrivesTogetherTheOldestAreKept() {
    subscribe(Backlog.dropNewest(3));

    arrive(10);
    settle();

    assertEquals(numbers(1, 3), handled);
    assertEquals(List.of(overflow(4, 10)), gaps);
    assertEquals(List.of(0), slow);
  }

  @Test // P8
  void whatFitsToTheLastMessageIsNotDropped() {
    for (Backlog backlog : List.of(Backlog.dropOldest(5), Backlog.dropNewest(5))) {
      subscribe(backlog);
      next = 1;
      handled.clear();

      arrive(2);
      arrive(3);
      settle();

      assertEquals(numbers(1, 5), handled);
      assertEquals(List.of(), gaps);
      assertEquals(List.of(), slow);
    }
  }

  @Test // P8: what has arrived with the one that is handled is not out of reach
  void whatIsOldestIsDroppedThoughItsHandlerHasBegunWithThoseBefore() {
    subscribe(Backlog.dropOldest(4));
    meanwhile = number -> {
      if (number == 1) {
        arrive(2);
      } else if (number == 3) {
        arrive(9);
      }
    };

    arrive(4); // of these 2 is dropped while 1 is handled, and 4 while 3 is
    settle();

    assertEquals(List.of(1, 3, 12, 13, 14, 15), handled);
    assertEquals(List.of(overflow(2, 2), overflow(4, 11)), gaps);
    assertEquals(List.of(3, 3), slow);
  }

  @Test // P8
  void asMuchAsWaitsIsKeptAndWhatComesMeanwhileIsDropped() {
    subscribe(Backlog.dropNewest(4));
    meanwhile = number -> {
      if (number == 1) {
        arrive(2);
      }
    };

    arrive(4); // of the next two there is room for one: 2, 3 and 4 wait
    settle();

    assertEquals(numbers(1, 5), handled);
    assertEquals(List.of(overflow(6, 6)), gaps);
  }

  @Test // P8: memory has its limit as well
  void whereMemoryIsShortWhatIsOldestMakesRoomAsLongAsThereIsAny() {
    subscribe(Backlog.dropOldest(Backlog.LIMIT));
    arrive(20);
    arrive(20);
    assertTrue(budget.take(BUDGET - 300_000, 0));

    arrive(20); // 64 KiB as those before, and it may hold as much as is free then
    budget.give(BUDGET - 300_000);
    settle();

    assertEquals(numbers(21, 60), handled);
    assertEquals(List.of(overflow(1, 20)), gaps);
  }

  @Test // P8
  void whereOthersHoldAllMemoryTheNewOneIsDropped() {
    for (Backlog backlog : List.of(Backlog.dropOldest(10), Backlog.dropNewest(10))) {
      subscribe(backlog);
      next = 1;
      gaps.clear();
      assertTrue(budget.take(BUDGET - 100, 0));

      arrive(12);
      budget.give(BUDGET - 100);
      settle();

      assertEquals(List.of(overflow(1, 12)), gaps);
    }
  }

  @Test // P6
  void whatWaitsOfThoseThatArrivedTogetherEndsWithTheSubscription() {
    for (Backlog backlog : List.of(Backlog.dropOldest(5), Backlog.dropNewest(5))) {
      subscribe(backlog);
      next = 1;
      handled.clear();
      gaps.clear();
      meanwhile = number -> {
        if (number == 2) {
          place.end(Outcome.UNSUBSCRIBED);
          arrive(1);
        }
      };

      arrive(5);
      settle();

      assertEquals(List.of(1, 2), handled);
      assertEquals(List.of(new PeerMessage.Gap(3, 6, Outcome.UNSUBSCRIBED)), gaps);
      assertEquals(List.of(), slow);
    }
  }

  @Test // P3
  void whatIsRejectedAmongThoseThatAreDroppedIsToldInItsPlace() {
    subscribe(Backlog.dropOldest(3));
    meanwhile = number -> {
      if (number == 1) {
        arrive(1);
      } else if (number == 3) {
        throw new IllegalStateException("as agreed");
      }
    };

    arrive(3);
    arrive(1); // 1 is dropped here: 2, 3 and 4 wait
    settle();

    assertEquals(List.of(2, 4), handled);
    assertEquals(List.of(overflow(1, 1), new PeerMessage.Gap(3, 3, Outcome.REJECTED)), gaps);
  }

  @Test // P8: a publisher that does not know of policies has credit, and it comes back
  void whoeverMindsItsCreditIsNotHeldUpEither() {
    subscribe(Backlog.dropOldest(10));

    for (int round = 1; round <= 20; round++) {
      arrive(100);
      PeerMessage.Progressed said = inlet.progress().orElseThrow();
      assertEquals(next - 1 - 10, said.ended());
      assertEquals(Credit.FIRST, said.credit());
    }
    settle();
  }

  @ParameterizedTest // P3, P5, P8: whatever arrives when
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyMessageIsHandledOrToldInOrderAndTheNewestAlways(long seed) {
    Random random = new Random(seed);
    int most = 1 + random.nextInt(12);
    subscribe(random.nextBoolean() ? Backlog.dropOldest(most) : Backlog.dropNewest(most));
    meanwhile = number -> {
      if (random.nextInt(3) == 0 && next < 3_000) {
        arrive(1 + random.nextInt(20));
      }
    };

    for (int i = 0; i < 200; i++) {
      arrive(1 + random.nextInt(20));
      if (random.nextBoolean()) {
        handle();
      }
    }
    int last = next - 1;
    settle();

    List<Integer> all = new ArrayList<>(handled);
    gaps.forEach(gap -> all.addAll(numbers((int) gap.first(), (int) gap.last())));
    assertEquals(handled.stream().sorted().toList(), handled, () -> "order, seed " + seed);
    assertEquals(numbers(1, next - 1), all.stream().sorted().toList(), () -> "seed " + seed);
    assertFalse(gaps.isEmpty(), () -> "nothing dropped, seed " + seed);
    if (SubscriptionId.policy(place.target().id()).orElseThrow() == OverflowPolicy.DROP_OLDEST) {
      assertTrue(handled.contains(last), () -> "the newest, seed " + seed);
    }
  }
}
