package io.thole.tcpprovider;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.tcpprovider.FrameHeader.Reading;
import io.thole.tcpprovider.Handshake.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection: it cuts frames from the bytes that come, asks the {@link Handshake} what they mean, tells the
 * {@link TcpPort}, and gathers what is to be sent. Confined to the port's thread, but for {@link #send}.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter {
  /** How much memory stays for frames in pieces: the usual ones fit. */
  private static final int KEPT_BYTES = 128 << 10;

  /** How often at most its peer's address is dialled because somebody else says to be there: whoever lies makes few dials. */
  private static final long DOUBT_NANOS = 1_000_000_000;

  private final TcpPort port;
  private final SocketChannel channel;
  private final Handshake handshake;
  private final FrameWriter writer;
  private final @Nullable Authority target; // that this node has dialled, and this connection alone
  private @Nullable Authority dialled;
  private final ByteBuf begun = Unpooled.buffer(0); // a frame that is not whole
  private int missingBytes; // to that frame, as far as its header tells
  private long begunNanos; // when that frame began, while there is one
  private int heldBytes; // what the port knows to be held for it
  private boolean welcomed;
  private boolean opened;
  private boolean doubted;
  private long doubtedNanos; // means something once doubted
  private boolean over;
  private volatile boolean up;

  /**
   * Makes a connection.
   *
   * @param encrypted whether what is written to the channel is not what goes over the wire
   * @param dialled the address that this node has dialled, or null if the other side did
   */
  TcpConnection(
      TcpPort port,
      SocketChannel channel,
      boolean encrypted,
      Handshake handshake,
      TcpSettings settings,
      @Nullable Authority dialled) {
    this.port = port;
    this.channel = channel;
    this.handshake = handshake;
    this.writer = new FrameWriter(channel, encrypted, settings.waitingBytes(), this::drained);
    this.target = dialled;
    this.dialled = dialled;
  }

  /** Tells whether its peer was found at the very address that it says is its own: so that is who listens there. */
  boolean isReached() {
    return target != null
        && peer().map(NodeId::authority).filter(target::equals).isPresent();
  }

  /** Somebody else says to be at its peer's address. Tells whether to look who is there now. */
  boolean doubt(long nowNanos) {
    boolean due = !doubted || nowNanos - doubtedNanos >= DOUBT_NANOS;
    if (due) {
      doubted = true;
      doubtedNanos = nowNanos;
    }
    return due;
  }

  /** Returns the address that this node has dialled, or that another of its connections to the same peer had. */
  Optional<Authority> dialled() {
    return Optional.ofNullable(dialled);
  }

  /** Owes the answer to a dial from now on, for another connection that gave way to this one. */
  void answer(Authority dial) {
    dialled = dial;
  }

  /** Returns who the other side is, once it has said so. */
  Optional<NodeId> peer() {
    return handshake.peer();
  }

  /** Returns why the other side was rejected, if it was. */
  RefusalKind refusal() {
    return handshake.refusal();
  }

  /** Tells whether this side decides which connection to keep. */
  boolean arbiter() {
    return handshake.arbiter();
  }

  /** Tells whether both sides have accepted each other and neither has said goodbye. */
  boolean up() {
    return up;
  }

  /** Tells whether the node was told that it is up. */
  boolean wasUp() {
    return opened;
  }

  /** Tells whether the end of this was not told yet. */
  boolean alive() {
    return !over;
  }

  SocketChannel channel() {
    return channel;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (dialled != null) {
      hello();
    }
  }

  /** Reads frames where they arrived; only one that comes in pieces is put together first. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    boolean goesOn = begun.isReadable();
    boolean advanced = false;
    while (begun.isReadable() && bytes.isReadable() && !over) {
      begun.writeBytes(bytes, Math.min(missingBytes, bytes.readableBytes()));
      advanced |= take(begun);
    }
    if (!over) {
      advanced |= take(bytes);
      keep(bytes);
      long nowNanos = System.nanoTime();
      begunNanos = goesOn && !advanced ? begunNanos : nowNanos;
      handshake.onRest(begun.isReadable(), advanced, nowNanos);
      if (begun.isReadable()) {
        port.sweepSoon();
      }
      account();
    }
    bytes.release();
  }

  /** Returns since when the frame is awaited that is not whole; means something only where there is one. */
  long begunNanos() {
    return begunNanos;
  }

  /** Tells whether a frame is not whole. */
  boolean holdsFrame() {
    return !over && begun.isReadable();
  }

  /** Gives back what is held, unless there is a frame in it. */
  void trim() {
    if (!holdsFrame()) {
      release();
    }
  }

  /** Gives back what is held: nothing more is read. */
  void release() {
    begun.clear().capacity(0);
    account();
  }

  private void account() {
    int more = begun.capacity() - heldBytes;
    heldBytes += more;
    port.held(more);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(false, "the other side closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(false, TlsDoor.reason(cause));
  }

  /** Sends a frame, unless there is no room. Any thread. */
  boolean send(ByteBuffer frame) {
    return up && writer.send(frame);
  }

  /** Asks for {@code onDrained} on the connection's thread. Any thread. */
  boolean drainSoon() {
    return up && writer.drainSoon();
  }

  /** Says WELCOME, once. */
  void welcome() {
    if (!welcomed) {
      welcomed = true;
      say(FrameType.WELCOME);
    }
  }

  /** Tells whether this side has said WELCOME. */
  boolean hasWelcomed() {
    return welcomed;
  }

  /** Is the connection of its peer from now on. */
  void open() {
    opened = true;
    writer.open();
    up = true;
  }

  /** Says that another connection is kept, and closes this one. */
  void giveWay() {
    say(FrameType.REDUNDANT);
    over = true;
    close();
  }

  /** Closes the connection and tells the port why, once. */
  void end(boolean announced, String reason) {
    if (!over) {
      over = true;
      close();
      port.ended(this, announced, reason);
    }
  }

  /** Closes the connection after what was sent, and tells the port at once. */
  void part(String reason) {
    if (!over) {
      over = true;
      up = false;
      writer.finish(null);
      port.ended(this, false, reason);
    }
  }

  /**
   * Closes the connection because the port closes; nobody is told but the peer.
   *
   * @param announced whether to say goodbye: then what waits is sent first, and the other side closes
   */
  void leave(boolean announced) {
    over = true;
    if (announced && welcomed && channel.isActive()) {
      up = false;
      writer.finish(FrameType.GOODBYE);
    } else {
      close();
    }
  }

  /** Ends what took too long; tells whether something is still awaited. */
  boolean passTime(long nowNanos) {
    handshake.onTime(nowNanos).ifPresent(rejected -> end(false, rejected.reason()));
    return !over && handshake.waits();
  }

  /** Takes the frames that are whole; tells whether there was any. */
  private boolean take(ByteBuf arrived) {
    ByteBuffer bytes = arrived.nioBuffer();
    List<ByteBuffer> batch = new ArrayList<>();
    boolean whole = true;
    while (whole && !over) {
      Reading reading = FrameHeader.decode(bytes);
      whole = reading instanceof Reading.Whole;
      if (reading instanceof Reading.Whole frame) {
        Step step = handshake.onFrame(frame.header().type(), frame.frame());
        if (step instanceof Step.Data) {
          batch.add(frame.frame());
        } else {
          deliver(batch);
          carryOut(step);
        }
      } else if (reading instanceof Reading.Refused refused) {
        deliver(batch);
        carryOut(handshake.onRefused(refused));
      } else if (reading instanceof Reading.Partial partial) {
        missingBytes = partial.bytes();
      }
    }
    deliver(batch);
    arrived.skipBytes(bytes.position());
    return bytes.position() > 0;
  }

  /** Keeps the beginning of a frame until the rest of it comes. */
  private void keep(ByteBuf rest) {
    if (!begun.isReadable()) {
      begun.clear();
      if (begun.capacity() > KEPT_BYTES) {
        begun.capacity(KEPT_BYTES);
      }
    }
    begun.writeBytes(rest);
  }

  private void carryOut(Step step) {
    if (step instanceof Step.Introduced) {
      answerHello();
      port.introduced(this);
    } else if (step instanceof Step.Welcomed) {
      port.welcomed(this);
    } else if (step instanceof Step.Goodbye) {
      end(true, "the other side said goodbye");
    } else if (step instanceof Step.Redundant) {
      over = true;
      close();
      port.redundant(this);
    } else if (step instanceof Step.Rejected rejected) {
      if (rejected.node()) {
        answerHello();
      }
      end(false, rejected.reason());
    } else {
      throw new AssertionError("no such step: " + step);
    }
  }

  private void deliver(List<ByteBuffer> batch) {
    if (!batch.isEmpty()) {
      port.arrived(this, List.copyOf(batch));
      batch.clear();
    }
  }

  private void answerHello() {
    if (dialled == null) {
      hello();
    }
  }

  private void hello() {
    writer.say(FrameType.HELLO, ByteBuffer.wrap(port.self().encoded()));
  }

  private void say(FrameType type) {
    writer.say(type, ByteBuffer.allocate(0));
  }

  private void drained() {
    if (up) {
      port.drained(this);
    }
  }

  private void close() {
    up = false;
    writer.close();
  }
}
