package io.thole.grains.run;

import io.thole.api.NodeId;
import io.thole.spi.Channel;
import io.thole.spi.Channel.Sending;
import io.thole.spi.Encodable;
import org.jspecify.annotations.Nullable;

/**
 * The part's channel, which is there only once sessions may have begun in it. Until then what is sent finds no session, and is
 * sent again soon; an answer finds no room, and waits. Any thread.
 */
final class LateChannel {
  private volatile @Nullable Channel channel;

  void opened(Channel opened) {
    channel = opened;
  }

  Sending send(NodeId node, Encodable message) {
    Channel open = channel;
    return open == null ? Sending.NO_SESSION : open.send(node, message);
  }

  Sending gather(NodeId node, Encodable message) {
    Channel open = channel;
    return open == null ? Sending.NO_SESSION : open.gather(node, message);
  }

  Sending reply(NodeId node, Encodable message) {
    Channel open = channel;
    return open == null ? Sending.NO_CREDIT : open.reply(node, message);
  }

  Sending hold(NodeId node, Encodable message) {
    Channel open = channel;
    return open == null ? Sending.NO_CREDIT : open.hold(node, message);
  }

  void close() {
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
