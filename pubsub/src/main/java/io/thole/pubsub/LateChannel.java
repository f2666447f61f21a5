package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.spi.Channel;
import io.thole.spi.Channel.Sending;
import io.thole.spi.Encodable;
import org.jspecify.annotations.Nullable;

/** A channel that may be used before it is open: sessions begin while it is being opened. Has no room until then. Any thread. */
final class LateChannel {
  private volatile @Nullable Channel channel;

  void opened(Channel opened) {
    channel = opened;
  }

  Sending send(NodeId node, Encodable message) {
    Channel open = channel;
    return open == null ? Sending.NO_CREDIT : open.send(node, message);
  }

  Sending reply(NodeId node, Encodable message) {
    Channel open = channel;
    return open == null ? Sending.NO_CREDIT : open.reply(node, message);
  }

  Sending append(NodeId node, Encodable head, Encodable item) {
    Channel open = channel;
    return open == null ? Sending.NO_CREDIT : open.append(node, head, item);
  }

  void close() {
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
