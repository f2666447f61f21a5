package io.thole.tcpprovider;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SocketChannel;

/** A channel whose socket can be written to by other threads than its own. */
class PlainSocket extends NioSocketChannel {
  /** Makes one that is to be connected. */
  PlainSocket() {}

  /** Makes one that was accepted. */
  PlainSocket(Channel parent, SocketChannel accepted) {
    super(parent, accepted);
  }

  /** Returns the socket. What is written to it does not mix with what waits in the channel only if nothing waits there. */
  GatheringByteChannel socket() {
    return javaChannel();
  }
}
