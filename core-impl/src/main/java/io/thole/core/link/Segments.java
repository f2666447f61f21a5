package io.thole.core.link;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The memory of one sender. A link that carries little has little; one that carries much reuses what was freed. */
final class Segments {
  private static final int SMALLEST_BYTES = 4 << 10;
  private static final int LARGEST_BYTES = 128 << 10;

  /** How many segments stay for reuse: as many as may wait for acknowledgement before new work is turned away. */
  private static final int MOST_SPARES = LinkSender.SEND_LIMIT / LARGEST_BYTES;

  private int nextBytes = SMALLEST_BYTES;
  private @Nullable Segment current;
  private final ArrayDeque<Segment> spares = new ArrayDeque<>();

  /** A piece of memory that is filled from its beginning and freed as a whole. */
  static final class Segment {
    final ByteBuffer bytes;
    int used;
    int live;

    Segment(int capacity) {
      bytes = ByteBuffer.allocate(capacity);
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
    current = segment;
    return segment;
  }

  /** Learns that nothing in a segment is needed any more. Spares are for a stream: once nothing waits, they go. */
  void free(Segment segment) {
    segment.used = 0;
    if (segment == current) {
      spares.clear();
    } else if (segment.bytes.capacity() == LARGEST_BYTES && spares.size() < MOST_SPARES) {
      spares.add(segment);
    }
  }
}
