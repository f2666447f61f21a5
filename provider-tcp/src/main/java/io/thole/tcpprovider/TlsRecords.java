package io.thole.tcpprovider;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What goes over one connection after its TLS handshake: seals what is written into records, and opens those that come. It takes the
 * place of Netty's handler, which hands on every record by itself and makes buffers for each. Confined to the thread of the
 * connections.
 *
 * <p>Nothing is sealed before the socket has room for it: what waits is held once, and the memory it lies in is used while it is warm.
 * What is opened is valid until the one who is told of it returns.
 */
final class TlsRecords extends ChannelDuplexHandler {
  /** Of each record: its type, a version, and how many bytes follow. */
  static final int HEADER_BYTES = 5;

  /** How much is sealed before it is written: one call of the system each, and it stays in the processor's cache. */
  private static final int WRITE_BYTES = 128 << 10;

  /** Of how many frames a record may be made: each is looked at several times for it. */
  private static final int MOST_SOURCES = 256;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final TlsBuffers buffers;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final ByteBuffer[] sources = new ByteBuffer[MOST_SOURCES];
  private long waitingBytes;
  private ByteBuffer begun = NOTHING; // a record that is not whole
  private @Nullable ByteBuf early; // what came before there was anybody to be told
  private @Nullable ChannelHandlerContext place;
  private boolean open;
  private boolean sealing;
  private boolean over; // neither sealed nor opened any more

  /** Bytes to be sealed, as far as they are not, and who is told that they were written. */
  private record Waiting(ByteBuf owner, ByteBuffer bytes, ChannelPromise written) {}

  /**
   * Makes it, to be added behind Netty's handler before that is removed.
   *
   * @param engine has its handshake behind it
   */
  TlsRecords(SSLEngine engine, TlsBuffers buffers) {
    this.engine = engine;
    this.buffers = buffers;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    place = context;
  }

  /** Begins to hand on what comes: whoever reads it is there now. After this has been added. */
  void open() {
    ChannelHandlerContext context = Objects.requireNonNull(place);
    open = true;
    ByteBuf bytes = early;
    early = null;
    if (bytes != null) {
      channelRead(context, bytes);
    }
    flush(context); // the last words of the handshake as well
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!open) {
      early = early == null ? bytes : Unpooled.wrappedBuffer(early, bytes);
      return;
    }
    try {
      read(context, bytes);
    } catch (SSLException e) {
      fail(context, e);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise written) {
    ByteBuf bytes = (ByteBuf) message;
    waiting.add(new Waiting(bytes, bytes.nioBuffer(), written));
    waitingBytes += bytes.readableBytes();
    if (over) {
      dropWaiting();
    }
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    seal(context);
    context.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    seal(context);
    context.fireChannelWritabilityChanged();
  }

  /** Says goodbye, as TLS has it, and closes. What waits is lost, as it is without TLS. */
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise closed) {
    if (!over) {
      over = true;
      sayLast(context);
    }
    dropWaiting();
    context.close(closed);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over = true;
    dropWaiting();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    over = true;
    dropWaiting();
    if (early != null) {
      early.release();
      early = null;
    }
  }

  private void read(ChannelHandlerContext context, ByteBuf bytes) throws SSLException {
    ByteBuffer record = buffers.record().put(begun);
    begun = NOTHING;
    ByteBuffer opened = buffers.opened();
    boolean closed = false;
    try {
      while (!over && !closed && take(record, bytes)) {
        closed = open(context, record.flip(), opened);
        record.clear();
        if (opened.remaining() < TlsBuffers.RECORD_BYTES) {
          handOn(context, opened);
        }
      }
    } finally {
      handOn(context, opened); // also what came before a record that is refused
    }
    if (closed) {
      close(context, context.newPromise());
    } else if (!over) {
      begun = copy(record.flip());
    }
  }

  /** Opens a record, and tells whether the other side says goodbye in it. */
  private boolean open(ChannelHandlerContext context, ByteBuffer record, ByteBuffer opened)
      throws SSLException {
    sayOwn(context); // as long as it has to say something, the engine opens nothing
    SSLEngineResult result = engine.unwrap(record, opened);
    if (result.getStatus() == Status.CLOSED) {
      return true;
    }
    if (record.hasRemaining()) {
      throw stuck(result);
    }
    sayOwn(context); // new keys are answered with new keys
    return false;
  }

  /** Fills a record, and tells whether it is whole. */
  private static boolean take(ByteBuffer record, ByteBuf bytes) throws SSLException {
    if (!fill(record, bytes, HEADER_BYTES)) {
      return false;
    }
    int length = HEADER_BYTES + Short.toUnsignedInt(record.getShort(HEADER_BYTES - 2));
    if (length > TlsBuffers.RECORD_BYTES) {
      throw new SSLException("a TLS record of " + length + " bytes, " + TlsBuffers.RECORD_BYTES
          + " is the longest there is");
    }
    return fill(record, bytes, length);
  }

  private static boolean fill(ByteBuffer record, ByteBuf bytes, int length) {
    int missing = Math.max(0, length - record.position());
    int come = Math.min(missing, bytes.readableBytes());
    int limit = record.limit();
    bytes.readBytes(record.limit(record.position() + come));
    record.limit(limit);
    return come == missing;
  }

  private static ByteBuffer copy(ByteBuffer rest) {
    return rest.hasRemaining() ? ByteBuffer.allocate(rest.remaining()).put(rest).flip() : NOTHING;
  }

  private static void handOn(ChannelHandlerContext context, ByteBuffer opened) {
    ByteBuf plain = Unpooled.wrappedBuffer(opened.flip());
    opened.clear();
    if (plain.isReadable()) {
      context.fireChannelRead(plain);
    }
  }

  /** Seals what waits and the socket has room for. */
  private void seal(ChannelHandlerContext context) {
    if (sealing || over) {
      return;
    }
    sealing = true;
    try {
      while (!over && context.channel().isWritable() && somethingToSay()) {
        writeSealed(context);
        context.flush();
      }
    } catch (SSLException e) {
      fail(context, e);
    } finally {
      sealing = false;
    }
  }

  private boolean somethingToSay() {
    return !waiting.isEmpty() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
  }

  /** Writes some records; what was sealed goes out even where the next cannot be: each has its number. */
  private void writeSealed(ChannelHandlerContext context) throws SSLException {
    long usual =
        waitingBytes + (waitingBytes >> 8) + 64; // a record adds 22 bytes, and JDK 17 some padding
    ByteBuf sealed = context.alloc().directBuffer((int) Math.min(usual, WRITE_BYTES), WRITE_BYTES);
    List<ChannelPromise> whole = new ArrayList<>();
    try {
      while (takeWhole(whole) && sealed.maxWritableBytes() >= buffers.sealed().capacity()) {
        sealRecord(sealed);
      }
    } finally {
      context.write(sealed).addListener(done -> {
        for (ChannelPromise promise : whole) {
          if (done.isSuccess()) {
            promise.trySuccess();
          } else {
            promise.tryFailure(done.cause());
          }
        }
      });
    }
  }

  /** Takes away what is sealed to its end; tells whether there is more. */
  private boolean takeWhole(List<ChannelPromise> whole) {
    for (Waiting first = waiting.peek();
        first != null && !first.bytes().hasRemaining();
        first = waiting.peek()) {
      waiting.remove().owner().release();
      whole.add(first.written());
    }
    return somethingToSay();
  }

  private void sealRecord(ByteBuf sealed) throws SSLException {
    ByteBuffer record = buffers.sealed();
    SSLEngineResult result = engine.wrap(sources, 0, gather(), record);
    if (result.getStatus() != Status.OK || result.bytesProduced() == 0) {
      throw stuck(result);
    }
    waitingBytes -= result.bytesConsumed();
    sealed.writeBytes(record.flip());
  }

  /**
   * After the handshake there are tickets, new keys and goodbyes: nothing that takes time on another thread, or waits for an answer.
   * Whatever else the engine wants is not given, and the connection ends.
   */
  private static SSLException stuck(SSLEngineResult result) {
    return new SSLException(
        "TLS does not go on: " + result.getStatus() + ", " + result.getHandshakeStatus());
  }

  /** Puts together what one record is to be made of. */
  private int gather() {
    int count = 0;
    int bytes = 0;
    for (Waiting next : waiting) {
      if (count == MOST_SOURCES || bytes >= 1 << 14) {
        break;
      }
      sources[count++] = next.bytes();
      bytes += next.bytes().remaining();
    }
    if (count == 0) {
      sources[count++] = NOTHING;
    }
    return count;
  }

  /** Tells the other side what was wrong, if TLS has a word for it, and then whoever reads. */
  private void fail(ChannelHandlerContext context, SSLException cause) {
    if (!over) {
      over = true;
      sayLast(context);
      dropWaiting();
      context.fireExceptionCaught(cause);
    }
  }

  /** Writes the alert that the engine has for the other side, or its goodbye. */
  private void sayLast(ChannelHandlerContext context) {
    engine.closeOutbound();
    try {
      sayOwn(context);
    } catch (SSLException e) {
      dropWaiting(); // it has no words; the connection is closed all the same
    }
  }

  /** Writes what the engine itself has to say: a few bytes, whatever the socket has room for. */
  private void sayOwn(ChannelHandlerContext context) throws SSLException {
    boolean said = false;
    while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      ByteBuffer record = buffers.sealed();
      SSLEngineResult result = engine.wrap(NOTHING, record);
      if (result.bytesProduced() == 0) {
        throw stuck(result);
      }
      context.write(Unpooled.copiedBuffer(record.flip()));
      said = true;
    }
    if (said) {
      context.flush();
    }
  }

  private void dropWaiting() {
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      next.owner().release();
      next.written().tryFailure(new ClosedChannelException());
    }
    waitingBytes = 0;
  }
}
