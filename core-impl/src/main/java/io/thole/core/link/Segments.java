package io.thole.core.link;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The memory of one sender. A link that carries little has little; one that carries much reuses what was freed. */
final class Segments {
  private static final int SMALLEST_BYTES = 4 << 10;
  private static final int LARGEST_BYTES = 128 << 10;

  private int nextBytes = SMALLEST_BYTES;
  private @Nullable Segment current;
  private @Nullable Segment spare;

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
    if (spare != null && spare.room() >= neededBytes) {
      segment = spare;
      spare = null;
    } else {
      segment = new Segment(Math.max(neededBytes, nextBytes));
      nextBytes = Math.min(2 * nextBytes, LARGEST_BYTES);
    }
    current = segment;
    return segment;
  }

  /** Learns that nothing in a segment is needed any more. */
  void free(Segment segment) {
    segment.used = 0;
    if (segment != current && segment.bytes.capacity() == LARGEST_BYTES) {
      spare = segment;
    }
  }
}
