package io.thole.pubsub;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The memory in which items of streams wait for their handlers. That of a busy stream is used again and again. Any thread. */
final class Chunks {
  /** How long one is that is used again: what a busy link delivers in one piece fits. */
  static final int BYTES = 16 << 10;

  /** What is shorter than this is no sign of a busy stream, and would waste most of a chunk. */
  private static final int LEAST_BYTES = BYTES / 2;

  /** How many wait for use: together as much as may be under way to one subscription of one publisher. */
  private static final int SPARES = (int) (Sink.BYTES / BYTES);

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<ByteBuffer> spares = new ArrayDeque<>(); // under the lock

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

    /** Returns the items, from 0 to the limit, read-only: a view for each who asks. */
    ByteBuffer items() {
      return items.duplicate();
    }

    /** Returns how long the items are. */
    int length() {
      return items.limit();
    }

    /** Returns what it takes in memory. */
    int bytes() {
      return memory.capacity();
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
    ByteBuffer memory = length >= LEAST_BYTES && length <= BYTES ? poll() : null;
    if (memory == null) {
      memory = ByteBuffer.allocate(length >= LEAST_BYTES ? Math.max(length, BYTES) : length);
    }
    memory.clear().put(items).flip();
    return new Chunk(this, memory, memory.asReadOnlyBuffer(), holders);
  }

  private @Nullable ByteBuffer poll() {
    lock.lock();
    try {
      return spares.poll();
    } finally {
      lock.unlock();
    }
  }

  private void give(ByteBuffer memory) {
    if (memory.capacity() != BYTES) {
      return;
    }
    lock.lock();
    try {
      if (spares.size() < SPARES) {
        spares.push(memory); // the one used last is the one that the processor still has at hand
      }
    } finally {
      lock.unlock();
    }
  }
}
