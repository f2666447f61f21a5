package io.thole.spi;

import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a part does with what others send it. For one peer its methods are called one at a time and in order: the session
 * begins, messages, the session ends. They run on threads that carry the traffic of all, so they must not block; they may
 * send.
 */
@ConsumerType
@FunctionalInterface
public interface ChannelHandler {
  /**
   * Is told a batch, in the order in which it was sent.
   *
   * @param from the sender
   * @param messages each from position to limit; valid until this returns
   */
  void onMessages(NodeId from, List<ByteBuffer> messages);

  /**
   * A session with a node begins: from now on it can be sent to. Nothing of an earlier one counts.
   *
   * @param peer the node
   */
  default void onBegun(NodeId peer) {}

  /**
   * The session with a node has ended: what was sent to it and not answered may or may not have arrived.
   *
   * @param peer the node
   */
  default void onEnded(NodeId peer) {}
}
