package io.thole.tcpprovider;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one connection writes. Who sends while nothing else is written does it itself, so that a single frame waits for no other thread.
 * What comes in quick succession gathers, and the connection's thread writes all of it at once, from where it lies.
 *
 * <p>Two things are kept apart. One who holds the <em>token</em> may write; who cannot have it leaves its frame among those that wait,
 * and who lets go of it looks whether there are any. And the connection's thread is <em>due</em>, once at a time.
 */
final class FrameWriter {
  /** What a waiting frame costs beside its bytes, so that a million empty ones are not for free. */
  static final int OVERHEAD_BYTES = 128;

  /** What comes this soon after a write is part of a stream: to gather it costs one call of the system, not one for each. */
  private static final long STREAM_NANOS = 50_000;

  /** Up to here a frame is copied behind its header: another piece to write would cost more. */
  private static final int COPIED_BYTES = 1 << 10;

  private static final long LINGER_SECONDS = 2; // for a peer that does not read what was sent

  private final SocketChannel channel;
  private final boolean encrypted;
  private final int limitBytes;
  private final Runnable drained;
  private final Runnable flush = this::flush;
  private final Queue<Piece> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingBytes = new AtomicInteger(); // also of what Netty holds
  private final AtomicBoolean due = new AtomicBoolean();
  private final AtomicBoolean token = new AtomicBoolean();
  private final ByteBuffer header =
      ByteBuffer.allocateDirect(FrameHeader.BYTES); // these three with the token
  private final ByteBuffer[] pieces = {header, header};
  private @Nullable Piece begun;
  private volatile @Nullable GatheringByteChannel socket; // where senders may write themselves
  private volatile long wroteNanos = System.nanoTime();
  private volatile boolean closed;

  /** A frame that waits, and what it costs. */
  private record Piece(ByteBuf head, @Nullable ByteBuf body, int cost) {
    ChannelFuture write(SocketChannel channel) {
      ChannelFuture written = channel.write(head);
      return body == null ? written : channel.write(body);
    }

    void release() {
      head.release();
      if (body != null) {
        body.release();
      }
    }
  }

  /**
   * Makes one for a connection that says hello.
   *
   * @param channel where to
   * @param encrypted whether what is written to it is not what goes over the wire: then nobody writes past it
   * @param limitBytes how much may wait
   * @param drained is told each time that everything was given to the operating system, by who gave it
   */
  FrameWriter(SocketChannel channel, boolean encrypted, int limitBytes, Runnable drained) {
    this.channel = channel;
    this.encrypted = encrypted;
    this.limitBytes = limitBytes;
    this.drained = drained;
  }

  /** Senders may write themselves from now on, if what is written is what goes over the wire. */
  void open() {
    socket = !encrypted && channel instanceof PlainSocket plain ? plain.socket() : null;
  }

  /** Sends a frame, unless there is no room. Any thread. */
  boolean send(ByteBuffer frame) {
    int cost = frame.remaining() + OVERHEAD_BYTES;
    int before = waitingBytes.getAndUpdate(used -> used + cost <= limitBytes ? used + cost : used);
    if (closed || before + cost > limitBytes) {
      return false;
    }
    GatheringByteChannel now = before == 0 ? quietSocket() : null;
    if (now != null && token.compareAndSet(false, true)) {
      return write(now, frame.duplicate(), cost);
    }
    waiting.add(piece(FrameType.DATA, frame.duplicate(), cost));
    if (closed) {
      releaseWaiting(); // it ended meanwhile, and may have looked before the frame was there
      return false;
    }
    return flushSoon();
  }

  /** Says something of the connection itself. On its thread. */
  void say(FrameType type, ByteBuffer frame) {
    Piece piece = piece(type, frame, frame.remaining() + OVERHEAD_BYTES);
    waitingBytes.addAndGet(piece.cost());
    piece.write(channel).addListener(done -> release(piece.cost()));
    channel.flush();
  }

  /**
   * Closes the connection after what waits. On its thread.
   *
   * @param last what to say at the end, if anything
   */
  void finish(@Nullable FrameType last) {
    if (!token.compareAndSet(false, true)) { // and it is never let go of
      channel.eventLoop().execute(() -> finish(last));
      return;
    }
    writeWaiting();
    closed = true;
    releaseWaiting(); // frames of threads that were just sending
    if (last != null) {
      say(last, ByteBuffer.allocate(0));
    }
    // Only the sending half: closing with unread bytes would reset the connection and lose what was
    // sent.
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.shutdownOutput());
    channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  /** Closes the connection at once. On its thread. */
  void close() {
    closed = true;
    channel.close().addListener((ChannelFutureListener) done -> releaseWaiting());
  }

  /** Returns the socket, if the calling thread may write to it and nobody has just done so. */
  private @Nullable GatheringByteChannel quietSocket() {
    GatheringByteChannel known = socket;
    return known != null
            && !channel.eventLoop().inEventLoop()
            && System.nanoTime() - wroteNanos >= STREAM_NANOS
        ? known
        : null;
  }

  /** Writes a frame here and now; what the system does not take is left to the connection's thread. */
  private boolean write(GatheringByteChannel now, ByteBuffer frame, int cost) {
    boolean whole;
    try {
      header.clear();
      new FrameHeader(FrameType.DATA, frame.remaining()).encode(header);
      header.flip();
      pieces[1] = frame;
      now.write(pieces);
      whole = !frame.hasRemaining();
      begun = whole ? null : rest(frame, cost);
    } catch (IOException e) {
      fail(e);
      return false;
    } finally {
      wroteNanos = System.nanoTime();
      token.set(false);
    }
    if (whole) {
      release(cost);
    }
    return (whole && waiting.isEmpty()) || flushSoon();
  }

  private Piece rest(ByteBuffer frame, int cost) {
    ByteBuf bytes = channel.alloc().directBuffer(header.remaining() + frame.remaining());
    return new Piece(bytes.writeBytes(header).writeBytes(frame), null, cost);
  }

  private void fail(IOException cause) {
    try {
      channel.eventLoop().execute(() -> channel.pipeline().fireExceptionCaught(cause));
    } catch (RejectedExecutionException e) {
      closed = true; // with the port
    }
  }

  /** Asks to be told on the connection's thread that everything is written, also if nothing was. Any thread. */
  boolean drainSoon() {
    return !closed && flushSoon();
  }

  private boolean flushSoon() {
    if (due.compareAndSet(false, true)) {
      try {
        if (channel instanceof PlainSocket plain) {
          plain.execute(flush);
        } else {
          channel.eventLoop().execute(flush);
        }
      } catch (RejectedExecutionException e) {
        releaseWaiting();
        return false; // the port has just closed
      }
    }
    return true;
  }

  /** Writes what waits; all of it goes out at once. */
  private void flush() {
    due.set(false);
    if (token.compareAndSet(false, true)) { // else who has it looks again
      try {
        writeWaiting();
      } finally {
        token.set(false);
      }
    }
  }

  private void writeWaiting() {
    int cost = 0;
    ChannelFuture written = null;
    for (Piece next = next(); next != null; next = next()) {
      written = next.write(channel);
      cost += next.cost();
    }
    if (written != null) {
      int all = cost;
      written.addListener(done -> release(all));
      wroteNanos = System.nanoTime();
      channel.flush();
    } else if (waitingBytes.get() == 0) {
      drained.run(); // else whoever releases the last of it tells so
    }
  }

  private @Nullable Piece next() {
    Piece first = begun;
    begun = null;
    return first == null ? waiting.poll() : first;
  }

  private void release(int cost) {
    if (waitingBytes.addAndGet(-cost) == 0) {
      drained.run();
    }
  }

  private Piece piece(FrameType type, ByteBuffer frame, int cost) {
    int length = frame.remaining();
    boolean copied = length <= COPIED_BYTES || !frame.isDirect();
    ByteBuf head = channel.alloc().directBuffer(FrameHeader.BYTES + (copied ? length : 0));
    new FrameHeader(type, length).encode(head.nioBuffer(0, FrameHeader.BYTES));
    head.writerIndex(FrameHeader.BYTES);
    return copied
        ? new Piece(head.writeBytes(frame), null, cost)
        : new Piece(head, Unpooled.wrappedBuffer(frame), cost);
  }

  private void releaseWaiting() {
    for (Piece next = waiting.poll(); next != null; next = waiting.poll()) {
      next.release();
    }
  }
}
