package io.thole.tcpprovider;

import java.nio.ByteBuffer;

/**
 * What comes before each frame on the wire, {@value #BYTES} bytes, big-endian: the wire version (1 byte), the
 * {@linkplain FrameType#code() type} (1) and the length of the frame (4).
 *
 * <p>The version comes first, so that the first byte of a stranger (HTTP, TLS, SSH) already ends the connection; the type
 * comes before the length because it says how long a frame may be. Everyone speaks {@link #WIRE_VERSION}.
 *
 * @param type what the frame is for
 * @param length how many bytes follow, 0 to the limit of the type
 */
record FrameHeader(FrameType type, int length) {
  /** How many bytes a header takes up. */
  static final int BYTES = 6;

  /** The one version of the wire format that there is. */
  static final int WIRE_VERSION = 1;

  /**
   * Checks the length.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  FrameHeader {
    if (length < 0 || length > type.limit()) {
      throw new IllegalArgumentException(
          "length " + length + " of a " + type + " frame is not within 0.." + type.limit());
    }
  }

  /** What can be told from the bytes that have arrived. */
  sealed interface Reading {
    /**
     * A frame is there, and the bytes are read up to its end.
     *
     * @param header its header
     * @param frame its bytes, a view of those that arrived: nothing is copied, nothing is allocated by a stranger's word
     */
    record Whole(FrameHeader header, ByteBuffer frame) implements Reading {}

    /**
     * There is no whole frame yet; nothing was read.
     *
     * @param bytes how many more are known to be needed, at least 1
     */
    record Partial(int bytes) implements Reading {}

    /**
     * No peer of ours sends this; the connection must be closed. Nothing was read.
     *
     * @param refusal what is wrong
     * @param value the number that is wrong
     */
    record Refused(Refusal refusal, int value) implements Reading {}
  }

  /** What can be wrong with a header. */
  enum Refusal {
    /** It is of another wire version, or from something that is no node at all. */
    VERSION,
    /** There is no such type of frame. */
    TYPE,
    /** The length is negative, or over the limit of the type. */
    LENGTH
  }

  /**
   * Writes the header; the frame comes right after it.
   *
   * @param target has room for {@link #BYTES}
   */
  void encode(ByteBuffer target) {
    target.put((byte) WIRE_VERSION).put((byte) type.code()).putInt(length);
  }

  /**
   * Reads the next frame. Whatever the bytes are, this does not throw, and it refuses as soon as they show that something
   * is wrong.
   *
   * @param arrived big-endian; its position moves past a frame that is whole, and else stays
   */
  static Reading decode(ByteBuffer arrived) {
    int start = arrived.position();
    int available = arrived.remaining();
    if (available < 1) {
      return new Reading.Partial(BYTES);
    }
    int version = Byte.toUnsignedInt(arrived.get(start));
    if (version != WIRE_VERSION) {
      return new Reading.Refused(Refusal.VERSION, version);
    }
    if (available < 2) {
      return new Reading.Partial(BYTES - available);
    }
    int code = Byte.toUnsignedInt(arrived.get(start + 1));
    return FrameType.of(code)
        .map(type -> decode(arrived, type))
        .orElseGet(() -> new Reading.Refused(Refusal.TYPE, code));
  }

  private static Reading decode(ByteBuffer arrived, FrameType type) {
    int start = arrived.position();
    int available = arrived.remaining();
    if (available < BYTES) {
      return new Reading.Partial(BYTES - available);
    }
    int length = arrived.getInt(start + 2);
    if (length < 0 || length > type.limit()) {
      return new Reading.Refused(Refusal.LENGTH, length);
    }
    if (available < BYTES + length) {
      return new Reading.Partial(BYTES + length - available);
    }
    arrived.position(start + BYTES + length);
    return new Reading.Whole(
        new FrameHeader(type, length), arrived.slice(start + BYTES, length).asReadOnlyBuffer());
  }
}
