package io.thole.core.run;

import io.thole.core.link.LinkMemory;
import io.thole.core.link.LinkSender;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * The memory of all links of a node, outside the heap. Any thread.
 *
 * <p>A link may hold a quarter of what is free for all, and half of it with answers: so peers that acknowledge nothing leave a part
 * to those that do, ten of them a tenth. A small share is never denied.
 *
 * @see <a href="https://doi.org/10.1109/90.664262">Choudhury and Hahne, Dynamic queue length thresholds</a>
 */
final class LinkBudget implements LinkMemory {
  /** What each link may have whatever the others hold: a few of the smallest segments, 16 MiB for a thousand peers. */
  static final int SHARE_BYTES = 16 << 10;

  private static final int HEAP_PART = 8;

  /** What may be held of what is free: as much as leaves something where one peer after the other stands still. */
  private static final int FREE_PART = 4;

  private final long limitBytes;
  private final IntFunction<ByteBuffer> outside;
  private final Runnable shortage;
  private final AtomicLong usedBytes = new AtomicLong();

  /**
   * Makes one of which nothing is taken.
   *
   * @param limitBytes how much there is, beside what is never denied
   * @param outside makes memory outside the heap
   * @param shortage is called where memory was denied, under the lock of a link: what links keep unused is to go back
   */
  LinkBudget(long limitBytes, IntFunction<ByteBuffer> outside, Runnable shortage) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("memory of links: " + limitBytes + " bytes");
    }
    this.limitBytes = limitBytes;
    this.outside = outside;
    this.shortage = shortage;
  }

  /** Returns how much the links of a node of this process may have: an eighth of the heap, beside it. */
  static long usualBytes() {
    return Runtime.getRuntime().maxMemory() / HEAP_PART;
  }

  @Override
  public Optional<ByteBuffer> take(int bytes, long heldBytes, int mostBytes) {
    long freeBytes = limitBytes - usedBytes.addAndGet(bytes);
    long allBytes = heldBytes + bytes;
    boolean sure = mostBytes == UNLIMITED || allBytes <= SHARE_BYTES;
    if (sure || allBytes <= freeBytes / FREE_PART * (mostBytes / LinkSender.SEND_LIMIT)) {
      try {
        return Optional.of(outside.apply(bytes));
      } catch (OutOfMemoryError e) { // others have all that there is outside the heap
        if (sure) {
          return Optional.of(ByteBuffer.allocate(bytes));
        }
      }
    }
    give(bytes);
    shortage.run();
    return Optional.empty();
  }

  @Override
  public void give(long bytes) {
    usedBytes.addAndGet(-bytes);
  }

  /** Returns how much links have. */
  long usedBytes() {
    return usedBytes.get();
  }
}
