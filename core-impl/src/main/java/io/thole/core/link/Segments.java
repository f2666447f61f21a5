package io.thole.core.link;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one sender, outside the heap: it is written to the wire from where it lies. A link that carries little has little;
 * one that carries much reuses what was freed.
 */
final class Segments {
  private static final int SMALLEST_BYTES = 4 << 10;
  private static final int LARGEST_BYTES = 128 << 10;

  private final LinkMemory memory;
  private int nextBytes = SMALLEST_BYTES;
  private @Nullable Segment current;
  private final ArrayDeque<Segment> spares = new ArrayDeque<>();
  private int used; // of the largest
  private int mostUsed; // since nothing waited
  private int kept; // used and spare together, once nothing waits
  private int leastSpares; // since the last trim
  private long heldBytes;
  private boolean ended;

  Segments(LinkMemory memory) {
    this.memory = memory;
  }

  /** A piece of memory that is filled from its beginning and freed as a whole. */
  static final class Segment {
    final ByteBuffer bytes;
    int used;
    int live;
    boolean lent; // a connection that was lost may still write it

    Segment(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    boolean isLargest() {
      return bytes.capacity() == LARGEST_BYTES;
    }

    int room() {
      return bytes.capacity() - used;
    }
  }

  /** Returns the segment to go on with: the current one, if there is room in it; null if there is no memory. */
  @Nullable
  Segment withRoom(int neededBytes, int limitBytes) {
    Segment segment = current;
    if (segment != null && segment.room() >= neededBytes) {
      return segment;
    }
    if (segment != null && segment.live == 0) {
      current = null;
      free(segment);
    }
    segment = neededBytes <= LARGEST_BYTES ? spares.poll() : null;
    leastSpares = Math.min(leastSpares, spares.size());
    if (segment == null) {
      segment = ended ? null : another(neededBytes, limitBytes);
    }
    if (segment != null) {
      used += segment.isLargest() ? 1 : 0;
      mostUsed = Math.max(mostUsed, used);
      current = segment;
    }
    return segment;
  }

  /** Takes a segment, if need be a small one, or in the place of spares. */
  private @Nullable Segment another(int neededBytes, int limitBytes) {
    Segment segment = limitBytes == LinkMemory.UNLIMITED
        ? null // is little
        : take(Math.max(neededBytes, nextBytes), limitBytes);
    if (segment != null) {
      nextBytes = Math.min(2 * nextBytes, LARGEST_BYTES);
      return segment;
    }
    leastSpares = spares.size();
    trim();
    return take(Math.max(neededBytes, SMALLEST_BYTES), limitBytes);
  }

  private @Nullable Segment take(int bytes, int limitBytes) {
    ByteBuffer taken = memory.take(bytes, heldBytes, limitBytes).orElse(null);
    if (taken == null) {
      return null;
    }
    heldBytes += bytes;
    return new Segment(taken);
  }

  private void give(Segment segment) {
    heldBytes -= segment.bytes.capacity();
    memory.give(segment.bytes.capacity());
  }

  /**
   * Learns that nothing in a segment is needed any more. Spares are for a stream: whenever nothing waits, as many stay as were needed since
   * that was so last, or one less than before; so they go one by one when the stream has ended.
   */
  void free(Segment segment) {
    boolean last = segment == current;
    if (segment.lent) {
      current = last ? null : current;
    }
    if (!last || segment.lent) {
      used -= segment.isLargest() ? 1 : 0;
    }
    segment.used = 0;
    if (segment.lent || (!last && !segment.isLargest())) {
      give(segment);
    } else if (!last) {
      spares.push(segment);
    }
    if (last) {
      kept = Math.max(mostUsed, kept - 1);
      mostUsed = used;
      while (used + spares.size() > kept && !spares.isEmpty()) {
        give(spares.remove());
      }
      leastSpares = Math.min(leastSpares, spares.size());
    }
  }

  /** Gives back what was not used since this was called before. A link that is busy keeps what it needs. */
  void trim() {
    for (; leastSpares > 0; leastSpares--) {
      give(spares.remove());
    }
    leastSpares = spares.size();
    Segment segment = current;
    if (segment != null && segment.live == 0 && spares.isEmpty()) {
      used -= segment.isLargest() ? 1 : 0;
      current = null;
      nextBytes = SMALLEST_BYTES;
      give(segment);
    }
  }

  /** Gives back everything, and takes no more. */
  void end() {
    ended = true;
    current = null;
    spares.clear();
    memory.give(heldBytes);
    heldBytes = 0;
  }
}
