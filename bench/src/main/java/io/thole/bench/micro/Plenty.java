package io.thole.bench.micro;

import io.thole.core.link.LinkMemory;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Memory for the links of a measurement, without a bound: they acknowledge at once, and need little. */
final class Plenty implements LinkMemory {
  @Override
  public Optional<ByteBuffer> take(int bytes, long heldBytes, int limitBytes) {
    return Optional.of(ByteBuffer.allocateDirect(bytes));
  }

  @Override
  public void give(long bytes) {}
}
