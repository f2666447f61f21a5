package io.thole.tcpprovider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.thole.api.Authority;
import io.thole.api.Escaped;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection in its TLS handshake. It lets nothing through before the other side has proved who it is, and then gives way
 * to a {@link TcpConnection}. Confined to the thread of the connections.
 *
 * <p>It stands before Netty's handler and looks at the first byte, which shows whether this is TLS at all: whoever speaks
 * something else gets no byte back, not even an alert.
 */
final class TlsDoor extends ChannelInboundHandlerAdapter {
  private static final int ALERT = 21; // the first byte of a TLS record, RFC 8446, 5.1
  private static final int HANDSHAKE = 22;
  private static final long CLOSE_MILLIS = 1_000; // for a peer that does not read the last words
  private static final String FATAL_ALERT = "Received fatal alert: "; // the JDK's words
  private static final String NO_CERTIFICATE = "Empty client certificate chain";

  private final TlsDoors doors;
  private final TcpPort port;
  private final SocketChannel channel;
  private final @Nullable Authority dialled;
  private final long beganNanos;
  private final Inside inside = new Inside();
  private @Nullable TlsSession session;
  private @Nullable SslHandler handler; // with the session
  private boolean known; // to speak TLS
  private boolean over;

  /**
   * Closes a door behind a connection.
   *
   * @param dialled the address that this node has dialled, or null if the other side did
   */
  TlsDoor(
      TlsDoors doors,
      TcpPort port,
      SocketChannel channel,
      @Nullable Authority dialled,
      long beganNanos) {
    this.doors = doors;
    this.port = port;
    this.channel = channel;
    this.dialled = dialled;
    this.beganNanos = beganNanos;
  }

  SocketChannel channel() {
    return channel;
  }

  /** Returns the address that this node has dialled; null if the other side did. */
  @Nullable
  Authority dialled() {
    return dialled;
  }

  /** Nothing is read before there is something that understands it. */
  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel.config().setAutoRead(false);
    doors.prepare(this);
  }

  /** Begins the handshake. */
  void begin(TlsSession tls) {
    if (over) {
      return;
    }
    session = tls;
    SslHandler shaking = new SslHandler(tls.engine(), false, doors.worker());
    shaking.setHandshakeTimeoutMillis(0); // the port looks at the time, of all connections at once
    shaking.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
    handler = shaking;
    channel.pipeline().addLast(shaking, inside);
    channel.config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!known && !over && bytes.isReadable()) {
      int first = bytes.getUnsignedByte(bytes.readerIndex());
      known = first == HANDSHAKE || (first == ALERT && dialled != null);
      if (!known) {
        refuse(
            RefusalKind.NO_TLS,
            first == FrameHeader.WIRE_VERSION
                ? "a node without TLS"
                : "no TLS: the first byte is " + first);
      }
    }
    if (over) {
      bytes.release();
    } else {
      context.fireChannelRead(bytes);
    }
  }

  /** The connection is closed, by whomever. */
  void onClosed() {
    end(RefusalKind.OTHER, "the other side closed the connection in the TLS handshake");
  }

  /** Lets time pass. */
  void onTime(long nowNanos, long limitNanos) {
    if (nowNanos - beganNanos >= limitNanos) {
      refuse(RefusalKind.LATE, "no TLS handshake within " + limitNanos / 1_000_000 + " ms");
    }
  }

  /** Closes without a word to anyone, as the port does when it closes. */
  void close() {
    over = true;
    closeNow();
  }

  /** Closes, without a byte to the other side. */
  void refuse(RefusalKind refusal, String reason) {
    end(refusal, reason);
    closeNow();
  }

  /** Returns what went wrong, for people: in printable ASCII, and without the bytes of the other side. */
  static String reason(Throwable cause) {
    Throwable first =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (first instanceof NotSslRecordException) {
      return "bytes that are no TLS"; // Netty's words hold them
    }
    String words =
        Objects.requireNonNullElse(first.getMessage(), first.getClass().getSimpleName());
    if (first instanceof SSLException && words.startsWith(FATAL_ALERT)) {
      return "the other side refuses this node's certificate, or its TLS: "
          + Escaped.plain(words.substring(FATAL_ALERT.length()));
    }
    return Escaped.plain(words);
  }

  private void end(RefusalKind refusal, String reason) {
    if (!over) {
      over = true;
      port.barred(channel, dialled, refusal, reason);
    }
  }

  /** Closes at the head of the pipeline, past Netty's handler, which would say goodbye first. */
  private void closeNow() {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      first.close();
    }
  }

  private void fail(Throwable cause) {
    Optional<TlsSession.Refused> refused =
        Optional.ofNullable(session).flatMap(TlsSession::refused);
    if (refused.isPresent()) {
      end(refused.get().refusal(), refused.get().reason());
    } else if (dialled == null && NO_CERTIFICATE.equals(cause.getMessage())) {
      end(RefusalKind.NO_CERTIFICATE, "it has no certificate");
    } else {
      end(RefusalKind.TLS, "TLS handshake failed: " + reason(cause));
    }
  }

  private void pass(TlsSession tls) {
    Optional<Proof> proof = tls.proof();
    if (proof.isEmpty()) {
      refuse(RefusalKind.NO_CERTIFICATE, "it has no certificate"); // absence of proof
      return;
    }
    over = true;
    doors.leave(this);
    TlsRecords records = new TlsRecords(tls.engine(), doors.buffers());
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(records);
    pipeline.remove(this);
    pipeline.remove(inside);
    // Here or when it returns, it hands on what it has read behind the handshake, still sealed.
    pipeline.remove(Objects.requireNonNull(handler));
    port.meet(channel, dialled, proof.get());
    records.open();
  }

  /** Stands behind Netty's handler and hears how the handshake ends. */
  private final class Inside extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done && session != null && !over) {
        if (done.isSuccess()) {
          pass(session);
        } else {
          fail(done.cause());
        }
      }
    }

    /** Nothing can come before the end of the handshake; if it does, it is nobody's. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((ByteBuf) message).release();
      refuse(RefusalKind.PROTOCOL, "bytes before the end of the TLS handshake");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(cause);
      closeNow();
    }
  }
}
