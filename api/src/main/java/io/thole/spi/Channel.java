package io.thole.spi;

import io.thole.api.NodeId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A part's way to the same part on other nodes. Between two nodes that both have it open, a <em>session</em> stands: what is
 * sent in it arrives once, whole and in order, also with what is sent on other channels, however often the connection is
 * lost and made anew. A session ends when either side closes the channel, when a node leaves or is lost, or when it could
 * not be reached for 30 s; what was sent then may or may not have arrived.
 */
@ProviderType
public interface Channel extends AutoCloseable {
  /** What became of a message that was handed in. */
  enum Sending {
    /** It is in the link's buffer and will arrive unless the session ends. */
    SENT,
    /** There is no room at the moment; nothing was taken. */
    NO_CREDIT,
    /** There is no session with this node; nothing was taken. */
    NO_SESSION
  }

  /**
   * Sends a message. Any thread; never blocks; the message is encoded before this returns. Up to 8 MiB may wait for one
   * node.
   *
   * @param node to whom
   * @param message what
   * @throws IllegalArgumentException if it is longer than {@link Transport#MESSAGE_LIMIT}
   */
  Sending send(NodeId node, Encodable message);

  /**
   * Sends what answers something: as {@link #send}, but with the room that is kept for answers, another 8 MiB, so that an
   * outcome can be told where no new work would be taken.
   *
   * @param node to whom
   * @param message what
   * @throws IllegalArgumentException if it is longer than {@link Transport#MESSAGE_LIMIT}
   */
  Sending reply(NodeId node, Encodable message);

  /**
   * Closes the channel, and with it every session of it: what was sent before still goes out; messages that arrive later are
   * dropped and counted. Closed by itself when its part stops. The handler is told nothing more.
   */
  @Override
  void close();
}
