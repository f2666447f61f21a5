package io.thole.spi;

import io.thole.api.NodeId;
import org.osgi.annotation.versioning.ProviderType;

/** A part's way to the same part on other nodes. */
@ProviderType
public interface Channel extends AutoCloseable {
  /** What became of a message that was handed in. */
  enum Sending {
    /** It is in the link's buffer and will arrive unless the link's session ends. */
    SENT,
    /** There is no room at the moment; nothing was taken. */
    NO_CREDIT
  }

  /**
   * Sends a message. Any thread; never blocks; the message is encoded before this returns.
   *
   * @param node to whom
   * @param message what
   */
  Sending send(NodeId node, Encodable message);

  /** Closes the channel; messages that still arrive for it are dropped and counted. */
  @Override
  void close();
}
