package io.thole.pubsub;

import java.nio.ByteBuffer;

/** The bytes of a value as they are written: they grow, up to those of the longest message. For one thread. */
final class Written {
  private ByteBuffer bytes = ByteBuffer.allocate(256);

  Written putByte(int value) {
    room(1).put((byte) value);
    return this;
  }

  Written putShort(int value) {
    room(2).putShort((short) value);
    return this;
  }

  Written putInt(int value) {
    room(4).putInt(value);
    return this;
  }

  Written putLong(long value) {
    room(8).putLong(value);
    return this;
  }

  /** Puts a length and so many bytes. */
  Written putBytes(byte[] some) {
    putInt(some.length);
    room(some.length).put(some);
    return this;
  }

  /** Leaves room for a length, and returns where it is. */
  int beginLength() {
    putInt(0);
    return bytes.position();
  }

  /** Fills in the length of what was put since. */
  void endLength(int began) {
    bytes.putInt(began - 4, bytes.position() - began);
  }

  byte[] toBytes() {
    byte[] exact = new byte[bytes.position()];
    bytes.get(0, exact);
    return exact;
  }

  private ByteBuffer room(int more) {
    if (more > PeerMessage.PAYLOAD_LIMIT - bytes.position()) {
      throw new IllegalArgumentException(
          "it takes more than the " + PeerMessage.PAYLOAD_LIMIT + " bytes that a message may have");
    }
    if (more > bytes.remaining()) {
      int size = Math.max(bytes.position() + more, 2 * bytes.capacity());
      bytes = ByteBuffer.allocate(size).put(bytes.flip());
    }
    return bytes;
  }
}
