package io.thole.api.pubsub;

import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** A message on its way into a handler; valid until the handler returns. */
@ProviderType
public interface Message {
  /** Returns the topic on which it was published. */
  Topic topic();

  /** Returns the node that published it. */
  NodeId publisher();

  /** Returns the name of the type of the payload: {@link MessageCodec#BYTES} unless a codec wrote it. */
  default String type() {
    return MessageCodec.BYTES;
  }

  /**
   * Returns the payload where it lies, read-only, from position to limit: without a copy, and valid until the handler returns. Each
   * call gives a view of its own position.
   */
  default ByteBuffer payload() {
    return ByteBuffer.wrap(toBytes()).asReadOnlyBuffer();
  }

  /** Returns a copy of the payload, which may be kept. */
  byte[] toBytes();
}
