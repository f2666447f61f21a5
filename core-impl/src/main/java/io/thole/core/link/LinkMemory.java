package io.thole.core.link;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Where all links of a node have their memory from, so that it is bounded in sum. Any thread. */
public interface LinkMemory {
  /** As a limit: what a link says for itself is never turned away, and no peer makes it longer. */
  int UNLIMITED = Integer.MAX_VALUE;

  /**
   * Takes memory.
   *
   * @param bytes how much
   * @param heldBytes how much the link has already
   * @param limitBytes how much it may have for what it is about to take: more for answers than for new work
   * @return memory that nobody else has; empty if there is none for this link
   */
  Optional<ByteBuffer> take(int bytes, long heldBytes, int limitBytes);

  /** So much memory that was taken is held no more: the collector frees it, once no transport writes from it. */
  void give(long bytes);
}
