package io.thole.spi;

import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** What a part does with what others send it. */
@ConsumerType
@FunctionalInterface
public interface ChannelHandler {
  /**
   * Is told a batch, in the order in which it was sent. Called one at a time for each sender; must not block.
   *
   * @param from the sender
   * @param messages each from position to limit; valid until this returns
   */
  void onMessages(NodeId from, List<ByteBuffer> messages);
}
