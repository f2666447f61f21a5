package io.thole.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One end of a plain Netty connection, the floor that everything else is compared with: frames with their length before
 * them, put together by whoever sends, written by the event loop, all that has gathered at once. It promises nothing: no
 * sequence, no credit, no report. A frame is its length (4 bytes), its type (1) and its payload.
 */
final class FloorEnd extends ChannelInboundHandlerAdapter {
  static final byte MESSAGE = 0;
  static final byte REQUEST = 1;
  static final byte REPLY = 2;
  static final byte FAN = 3;

  private static final int HEADER_BYTES = 4 + 1;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MOST_BUFFERS = 8; // that wait to be written
  private static final long PAUSE_NANOS = 20_000;

  private final SocketChannel channel;
  private final Receiver receiver;
  private final ReentrantLock lock = new ReentrantLock();
  private ArrayDeque<ByteBuf> gathering = new ArrayDeque<>(); // these under the lock
  private boolean writing;
  private ArrayDeque<ByteBuf> batch = new ArrayDeque<>(); // these are the event loop's own
  private final ByteBuf begun = Unpooled.buffer(); // a frame that is not whole

  /** Is told what arrives. */
  @FunctionalInterface
  interface Receiver {
    /**
     * A frame came; on the event loop.
     *
     * @param bytes the payload is next in it, and may be read or not; valid until this returns
     * @param length how long the payload is
     */
    void onFrame(FloorEnd end, byte type, ByteBuf bytes, int length);
  }

  FloorEnd(SocketChannel channel, Receiver receiver) {
    this.channel = channel;
    this.receiver = receiver;
    channel
        .config()
        .setTcpNoDelay(true)
        .setAllocator(PooledByteBufAllocator.DEFAULT)
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(2_048, BUFFER_BYTES, 2 * BUFFER_BYTES));
  }

  /** Sends a frame; waits while too much waits to be written, unless it is called on the event loop. */
  void send(byte type, byte[] payload) {
    while (!offer(type, payload)) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean offer(byte type, byte[] payload) {
    lock.lock();
    try {
      if (gathering.size() >= MOST_BUFFERS && !channel.eventLoop().inEventLoop()) {
        return false;
      }
      bufferFor(HEADER_BYTES + payload.length)
          .writeInt(1 + payload.length)
          .writeByte(type)
          .writeBytes(payload);
      if (!writing) {
        writing = true;
        channel.eventLoop().execute(this::write);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private ByteBuf bufferFor(int frameBytes) {
    ByteBuf last = gathering.peekLast();
    if (last == null || last.writableBytes() < frameBytes) {
      last = channel.alloc().directBuffer(BUFFER_BYTES, BUFFER_BYTES);
      gathering.add(last);
    }
    return last;
  }

  /** Writes what has gathered, and then again, until there is nothing. */
  private void write() {
    lock.lock();
    try {
      if (gathering.isEmpty()) {
        writing = false;
        return;
      }
      ArrayDeque<ByteBuf> full = gathering;
      gathering = batch;
      batch = full;
    } finally {
      lock.unlock();
    }
    ByteBuf last = batch.removeLast();
    batch.forEach(channel::write);
    batch.clear();
    channel.writeAndFlush(last).addListener(done -> write());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    while (begun.isReadable() && bytes.isReadable()) {
      begun.writeBytes(bytes, Math.min(missing(begun), bytes.readableBytes()));
      take(begun);
    }
    take(bytes);
    begun.discardReadBytes().writeBytes(bytes);
    bytes.release();
  }

  /** Reads all frames that are whole. */
  private void take(ByteBuf bytes) {
    while (missing(bytes) == 0) {
      int length = bytes.readInt() - 1;
      byte type = bytes.readByte();
      int next = bytes.readerIndex() + length;
      receiver.onFrame(this, type, bytes, length);
      bytes.readerIndex(next);
    }
  }

  /** Returns how many bytes are known to be missing to the next frame. */
  private static int missing(ByteBuf bytes) {
    int available = bytes.readableBytes();
    return available < HEADER_BYTES
        ? HEADER_BYTES - available
        : Math.max(0, 4 + bytes.getInt(bytes.readerIndex()) - available);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // the measurement that misses what it waits for says so
  }
}
