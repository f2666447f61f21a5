package io.thole.pubsub;

import io.thole.api.pubsub.MessageCodec;
import java.nio.ByteBuffer;
import java.util.UUID;

/** A codec as an application in plain Java has it: named in META-INF/services. */
public final class FoundCodec implements MessageCodec<UUID> {
  @Override
  public String typeName() {
    return "test/uuid";
  }

  @Override
  public Class<UUID> type() {
    return UUID.class;
  }

  @Override
  public byte[] encode(UUID value) {
    return ByteBuffer.allocate(16)
        .putLong(value.getMostSignificantBits())
        .putLong(value.getLeastSignificantBits())
        .array();
  }

  @Override
  public UUID decode(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }
}
