package io.thole.core.link;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Memory without an end, until a test ends it. */
final class Plenty implements LinkMemory {
  long usedBytes;
  long limitBytes = Long.MAX_VALUE;

  @Override
  public Optional<ByteBuffer> take(int bytes, long heldBytes, int mostBytes) {
    if (usedBytes + bytes > limitBytes && mostBytes != UNLIMITED) {
      return Optional.empty();
    }
    usedBytes += bytes;
    return Optional.of(ByteBuffer.allocateDirect(bytes));
  }

  @Override
  public void give(long bytes) {
    usedBytes -= bytes;
  }
}
