package io.thole.pubsub;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all messages take that wait for a handler, and what of it streams were promised. Any thread.
 *
 * <p>A subscription may hold as much as is free for all, so that one that stands still leaves half, a second one a third, and
 * never nothing for those that keep up.
 *
 * @see <a href="https://doi.org/10.1109/90.664262">Choudhury and Hahne, Dynamic queue length thresholds</a>
 */
final class ReceiveBudget {
  /** The most for all, where the heap is large. */
  static final long LIMIT = 64L << 20;

  /** What a message takes beside its payload. */
  static final int OVERHEAD = 64;

  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong grantedBytes = new AtomicLong();

  ReceiveBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Returns the budget of this process: {@link #LIMIT} or a quarter of the heap. */
  static ReceiveBudget ofHeap() {
    return new ReceiveBudget(Math.min(LIMIT, Runtime.getRuntime().maxMemory() / 4));
  }

  /**
   * Takes room for a message.
   *
   * @param bytes its size with {@link #OVERHEAD}
   * @param heldBytes what its subscription holds already
   * @return false if there is none
   */
  boolean take(long bytes, long heldBytes) {
    long freeBytes = limitBytes - usedBytes.addAndGet(bytes);
    if (freeBytes >= 0 && (heldBytes == 0 || heldBytes + bytes <= freeBytes)) {
      return true;
    }
    give(bytes);
    return false;
  }

  void give(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /** Grants credit for so much more; false if all that was granted would exceed this budget. */
  boolean grant(long bytes) {
    if (grantedBytes.addAndGet(bytes) <= limitBytes) {
      return true;
    }
    revoke(bytes);
    return false;
  }

  /** What was granted is granted no more. */
  void revoke(long bytes) {
    grantedBytes.addAndGet(-bytes);
  }
}
