package io.thole.bench.micro;

import io.thole.spi.Encodable;
import java.nio.ByteBuffer;

/**
 * A message that is always the same.
 *
 * @param value its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // which nobody compares
record Bytes(byte[] value) implements Encodable {
  @Override
  public int encodedBytes() {
    return value.length;
  }

  @Override
  public void encode(ByteBuffer target) {
    target.put(value);
  }
}
