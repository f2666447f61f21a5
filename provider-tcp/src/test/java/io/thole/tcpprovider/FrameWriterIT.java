package io.thole.tcpprovider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Senders that write themselves, beside others and the connection's thread, each step where it hurts most. */
@Timeout(60)
class FrameWriterIT {
  private static final int LIMIT_BYTES = 1 << 20;
  private static final int PATIENCE_MILLIS = 5_000; // for a frame that nobody writes

  /** Longer than what follows a write may take to be part of a stream. */
  private static final long QUIET_NANOS = 100_000;

  private final EventLoop loop = new SingleThreadIoEventLoop(
      null, new DefaultThreadFactory("test", true), NioIoHandler.newFactory());
  private final ScriptedSocket channel = new ScriptedSocket();
  private final AtomicInteger drained = new AtomicInteger();
  private final FrameWriter writer =
      new FrameWriter(channel, false, LIMIT_BYTES, drained::incrementAndGet);
  private Socket peer = new Socket();

  /** A socket on which something happens while a sender writes. */
  private static final class ScriptedSocket extends PlainSocket {
    private Runnable meanwhile = () -> {};

    @Override
    GatheringByteChannel socket() {
      GatheringByteChannel real = super.socket();
      return new GatheringByteChannel() {
        @Override
        public long write(ByteBuffer[] pieces) throws IOException {
          long written = real.write(pieces);
          Runnable script = meanwhile;
          meanwhile = () -> {};
          script.run();
          return written;
        }

        @Override
        public long write(ByteBuffer[] pieces, int from, int length) {
          throw new AssertionError("nobody writes so");
        }

        @Override
        public int write(ByteBuffer piece) {
          throw new AssertionError("nobody writes so");
        }

        @Override
        public boolean isOpen() {
          return real.isOpen();
        }

        @Override
        public void close() throws IOException {
          real.close();
        }
      };
    }
  }

  @BeforeEach
  void connect() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      loop.register(channel).sync();
      channel.connect(server.getLocalSocketAddress()).sync();
      peer = server.accept();
    }
    peer.setSoTimeout(PATIENCE_MILLIS);
    writer.open();
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    loop.shutdownGracefully().sync();
  }

  @Test // L1
  void writesWhatWasLeftWhileTheConnectionsThreadCouldNot() throws Exception {
    channel.meanwhile = () -> {
      assertTrue(writer.send(frame("second"))); // cannot write, and leaves it to the thread
      awaitLoop(); // which cannot write either
    };

    beQuiet();
    assertTrue(writer.send(frame("first")));

    assertEquals("first", read());
    assertEquals("second", read());
  }

  @Test // L1
  void keepsTheOrderOfWhatIsLeftByOneSenderAndThenByAnother() throws Exception {
    channel.meanwhile = () -> {
      assertTrue(writer.send(frame("second")));
      awaitLoop();
      assertTrue(writer.send(frame("third")));
    };

    beQuiet();
    assertTrue(writer.send(frame("first")));
    beQuiet();
    assertTrue(writer.send(frame("fourth")));

    assertEquals("first", read());
    assertEquals("second", read());
    assertEquals("third", read());
    assertEquals("fourth", read());
  }

  @Test // L1
  void hasDrainedOnceNothingIsLeft() throws Exception {
    channel.meanwhile = () -> {
      assertTrue(writer.send(frame("second")));
      awaitLoop();
      assertEquals(0, drained.get());
    };

    beQuiet();
    assertTrue(writer.send(frame("first")));
    read();
    read();
    awaitLoop();

    assertEquals(1, drained.get());
  }

  /** Waits until the connection's thread has done what it was told. */
  private void awaitLoop() {
    loop.submit(() -> {}).syncUninterruptibly();
  }

  private static void beQuiet() {
    long beganNanos = System.nanoTime();
    while (System.nanoTime() - beganNanos < QUIET_NANOS) {
      Thread.onSpinWait();
    }
  }

  private static ByteBuffer frame(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String read() throws IOException {
    byte[] header = peer.getInputStream().readNBytes(FrameHeader.BYTES);
    int length = ByteBuffer.wrap(header).getInt(2);
    return new String(peer.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
  }
}
