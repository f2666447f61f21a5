package io.thole.pubsub;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The memory in which items of streams wait for their handlers. That of a busy stream is used again and again. Any thread. */
final class Chunks {
  /** How long the longest is that is used again: a run that fills a frame of a link fits. */
  static final int MOST_BYTES = 64 << 10;

  /** What is shorter is no sign of a busy stream: it is left to the collector. */
  private static final int LEAST_BYTES = 4 << 10;

  /** How much waits for use: as much as may be under way to one subscription of one publisher. */
  private static final long SPARE_BYTES = Credit.MOST.bytes();

  private final ReentrantLock lock = new ReentrantLock();
  private final List<ArrayDeque<ByteBuffer>>
      spares = // by size: a power of two each; these under the lock
      Stream.generate(ArrayDeque<ByteBuffer>::new)
              .limit(sizeClass(MOST_BYTES) + 1L)
              .toList();
  private long spareBytes;

  /** Items, for as long as anyone holds them. */
  static final class Chunk {
    private final Chunks home;
    private final ByteBuffer memory;
    private final ByteBuffer items;
    private final AtomicInteger holders;

    private Chunk(Chunks home, ByteBuffer memory, ByteBuffer items, int holders) {
      this.home = home;
      this.memory = memory;
      this.items = items;
      this.holders = new AtomicInteger(holders);
    }

    /** Returns the items, from 0 to the limit, read-only; for all who hold it, so nobody moves its position. */
    ByteBuffer items() {
      return items;
    }

    /** Returns how long the items are. */
    int length() {
      return items.limit();
    }

    /** Returns what it takes in memory. */
    int bytes() {
      return memory.capacity();
    }

    /** One of its holders has made another one of itself. */
    Chunk held() {
      holders.incrementAndGet();
      return this;
    }

    /** One of its holders needs it no more. */
    void release() {
      if (holders.decrementAndGet() == 0) {
        home.give(memory);
      }
    }
  }

  /**
   * Copies items.
   *
   * @param items from position to limit
   * @param holders how many will release it, at least 1
   */
  Chunk copy(ByteBuffer items, int holders) {
    int length = items.remaining();
    ByteBuffer memory =
        length > LEAST_BYTES && length <= MOST_BYTES ? spare(length) : ByteBuffer.allocate(length);
    memory.clear().put(items).flip();
    return new Chunk(this, memory, memory.asReadOnlyBuffer(), holders);
  }

  private ByteBuffer spare(int length) {
    lock.lock();
    try {
      ByteBuffer memory = spares.get(sizeClass(length)).poll();
      if (memory != null) {
        spareBytes -= memory.capacity();
        return memory;
      }
    } finally {
      lock.unlock();
    }
    return ByteBuffer.allocate(LEAST_BYTES << sizeClass(length));
  }

  private void give(ByteBuffer memory) {
    int bytes = memory.capacity();
    if (bytes <= LEAST_BYTES || bytes > MOST_BYTES) {
      return;
    }
    lock.lock();
    try {
      if (spareBytes + bytes <= SPARE_BYTES) {
        spareBytes += bytes;
        spares
            .get(sizeClass(bytes))
            .push(memory); // the one used last is the one that the processor still has at hand
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns how often the least has to be doubled until so much fits. */
  private static int sizeClass(int bytes) {
    return Integer.SIZE - Integer.numberOfLeadingZeros((bytes - 1) / LEAST_BYTES);
  }
}
