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

  private int nextBytes = SMALLEST_BYTES;
  private @Nullable Segment current;
  private final ArrayDeque<Segment> spares = new ArrayDeque<>();
  private int used; // of the largest
  private int mostUsed; // since nothing waited
  private int kept; // used and spare together, once nothing waits

  /** A piece of memory that is filled from its beginning and freed as a whole. */
  static final class Segment {
    final ByteBuffer bytes;
    int used;
    int live;
    boolean lent; // a connection that was lost may still write it

    Segment(int capacity) {
      bytes = ByteBuffer.allocateDirect(capacity);
    }

    boolean isLargest() {
      return bytes.capacity() == LARGEST_BYTES;
    }

    int room() {
      return bytes.capacity() - used;
    }
  }

  /** Returns the segment to go on with: the current one, if there is room in it. */
  Segment withRoom(int neededBytes) {
    Segment segment = current;
    if (segment != null && segment.room() >= neededBytes) {
      return segment;
    }
    segment = neededBytes <= LARGEST_BYTES ? spares.poll() : null;
    if (segment == null) {
      segment = new Segment(Math.max(neededBytes, nextBytes));
      nextBytes = Math.min(2 * nextBytes, LARGEST_BYTES);
    }
    used += segment.isLargest() ? 1 : 0;
    mostUsed = Math.max(mostUsed, used);
    current = segment;
    return segment;
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
    if (!segment.lent) {
      segment.used = 0;
      if (!last && segment.isLargest()) {
        spares.push(segment);
      }
    }
    if (last) {
      kept = Math.max(mostUsed, kept - 1);
      mostUsed = used;
      while (used + spares.size() > kept && !spares.isEmpty()) {
        spares.remove();
      }
    }
  }
}
