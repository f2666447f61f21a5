package io.thole.tcpprovider;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.AbstractEventExecutor;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A channel whose socket can be written to by other threads than its own. */
class PlainSocket extends NioSocketChannel {
  /** Makes one that is to be connected. */
  PlainSocket() {}

  /** Makes one that was accepted. */
  PlainSocket(Channel parent, SocketChannel accepted) {
    super(parent, accepted);
  }

  /**
   * Has the channel's thread run a task as soon as it can. Where that thread waits for its sockets, {@code EventLoop.execute} wakes it
   * twice: Netty's loop asks its selector once more to wake up, to be sure, and finds nothing to do in the round after. Here it
   * is woken once, and the task is in the queue before that. Any thread.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the thread has ended
   */
  void execute(Runnable task) {
    ((AbstractEventExecutor) eventLoop()).lazyExecute(task);
    if (!eventLoop().inEventLoop()) {
      SelectionKey key = registration().attachment();
      key.selector().wakeup();
    }
  }

  /** Returns the socket. What is written to it does not mix with what waits in the channel only if nothing waits there. */
  GatheringByteChannel socket() {
    return javaChannel();
  }
}
