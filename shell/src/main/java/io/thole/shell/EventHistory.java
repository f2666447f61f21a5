package io.thole.shell;

import io.thole.api.ClusterEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The last events, with the time at which they were told. One thread at a time adds, as the event stream does; any thread
 * reads.
 */
final class EventHistory {
  /** How many events are kept, and how many may wait for one who follows: a day of a quiet cluster. */
  static final int LIMIT = 1_000;

  private final InstantSource clock;
  private final ConcurrentLinkedDeque<Entry> entries = new ConcurrentLinkedDeque<>();
  private final List<BlockingQueue<Entry>> followers = new CopyOnWriteArrayList<>();
  private final AtomicLong next = new AtomicLong();

  /** An event, its place in the order, and when it was told. */
  record Entry(long number, Instant at, ClusterEvent event) {}

  EventHistory(InstantSource clock) {
    this.clock = clock;
  }

  void add(ClusterEvent event) {
    Entry entry = new Entry(next.getAndIncrement(), clock.instant(), event);
    entries.addLast(entry);
    if (entry.number() >= LIMIT) {
      entries.removeFirst();
    }
    followers.forEach(queue -> queue.offer(entry));
  }

  /** Returns the last entries, the oldest first. */
  List<Entry> last(int count) {
    List<Entry> all = List.copyOf(entries);
    return all.subList(Math.max(0, all.size() - count), all.size());
  }

  /** Returns the entries that are no older than so much, the oldest first. */
  List<Entry> since(Duration age) {
    Instant oldest = clock.instant().minus(age);
    return entries.stream().filter(entry -> !entry.at().isBefore(oldest)).toList();
  }

  /**
   * Hands a reader the last entries and then each new one, until the thread is interrupted. A reader who falls too far
   * behind is told how many it missed.
   */
  void follow(int count, Consumer<Entry> reader) throws InterruptedException {
    BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(LIMIT);
    followers.add(queue);
    try {
      long expected = -1;
      for (Entry entry : last(count)) {
        reader.accept(entry);
        expected = entry.number() + 1;
      }
      while (true) {
        Entry entry = queue.take();
        if (entry.number() < expected) {
          continue;
        }
        if (expected >= 0 && entry.number() > expected) {
          reader.accept(new Entry(
              expected, entry.at(), new ClusterEvent.EventsDropped(entry.number() - expected)));
        }
        reader.accept(entry);
        expected = entry.number() + 1;
      }
    } finally {
      followers.remove(queue);
    }
  }
}
