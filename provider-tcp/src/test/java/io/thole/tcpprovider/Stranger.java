package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** A plain socket to a port, that says what a test tells it to say. */
final class Stranger implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;

  Stranger(Authority port) throws IOException {
    this(new Socket(port.host(), port.port()));
  }

  Stranger(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Says hello and welcome as a node, and reads the same from the other side. */
  static Stranger peer(Authority port, NodeId self) throws IOException {
    Stranger peer = new Stranger(port).hello("thole", self);
    peer.expect(FrameType.HELLO);
    if (self.authority().compareTo(port) < 0) {
      peer.frame(FrameType.WELCOME, new byte[0]).expect(FrameType.WELCOME);
    } else {
      peer.expect(FrameType.WELCOME).frame(FrameType.WELCOME, new byte[0]);
    }
    return peer;
  }

  Stranger hello(String cluster, NodeId self) throws IOException {
    return frame(FrameType.HELLO, new Hello(cluster, self).encoded());
  }

  Stranger frame(FrameType type, byte[] bytes) throws IOException {
    return say(header(type, bytes.length)).say(bytes);
  }

  Stranger say(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Reads a frame, and throws if it is of another type. */
  Stranger expect(FrameType type) throws IOException {
    byte[] header = in.readNBytes(FrameHeader.BYTES);
    if (header.length < FrameHeader.BYTES || header[1] != type.code()) {
      throw new AssertionError("no " + type + " but " + Arrays.toString(header));
    }
    in.skipNBytes(ByteBuffer.wrap(header).getInt(2));
    return this;
  }

  /** Reads a frame, and returns its bytes. */
  ByteBuffer read() throws IOException {
    byte[] header = new byte[FrameHeader.BYTES];
    in.readFully(header);
    byte[] frame = new byte[ByteBuffer.wrap(header).getInt(2)];
    in.readFully(frame);
    return ByteBuffer.wrap(frame);
  }

  /** Reads the header of a frame without bytes, and returns the number of its type. */
  int nextType() throws IOException {
    return in.readNBytes(FrameHeader.BYTES)[1];
  }

  /** Reads nothing, writes until the other side has closed, and tells whether it did. */
  boolean isCutOff() {
    long beganNanos = System.nanoTime();
    try {
      while (System.nanoTime() - beganNanos < PATIENCE_MILLIS * 1_000_000L) {
        say(header(FrameType.DATA, 0));
        LockSupport.parkNanos(1_000_000);
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Returns how many more bytes come before the other side closes; it must. */
  int bytesUntilClosed() throws IOException {
    int bytes = 0;
    try {
      while (in.read() >= 0) {
        bytes++;
      }
    } catch (SocketException e) {
      return bytes; // reset: closed while some of our bytes were unread
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  static byte[] header(FrameType type, int length) {
    return ByteBuffer.allocate(FrameHeader.BYTES)
        .put((byte) FrameHeader.WIRE_VERSION)
        .put((byte) type.code())
        .putInt(length)
        .array();
  }
}
