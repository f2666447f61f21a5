package io.thole.core.link;

import io.thole.api.Escaped;
import io.thole.spi.Channel;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The frames of a link, big-endian; the first byte is the type.
 *
 * <ul>
 *   <li>OPEN (1), the first on every connection, from both sides: the version of all this (1 byte), the number of the
 *       sender's link, never 0 (8), the number of the receiver's link as the sender knows it, or 0 (8), and the last sequence that it
 *       had from that (8).
 *   <li>BATCH (2): an acknowledgement (16 bytes: link and sequence), the sender's link (8), the sequence of the first message
 *       (8), how many there are (4); then for each message the receiver's number of the channel (2), its length (4) and its
 *       bytes.
 *   <li>ACK (3): an acknowledgement alone.
 *   <li>REFUSED (4): the sender wants nothing to do with the receiver; the rest is the reason, in UTF-8.
 *   <li>CAST (5): a message outside the sequence, which is neither kept nor acknowledged: the receiver's number of the channel
 *       (2); the rest is the message.
 * </ul>
 */
public final class LinkFrame {
  /** The version of the link's protocol. */
  public static final int VERSION = 1;

  static final int OPEN = 1;
  static final int BATCH = 2;
  static final int ACK = 3;
  static final int REFUSED = 4;
  static final int CAST = 5;

  /** How many bytes of a batch come before its messages. */
  static final int BATCH_HEADER_BYTES = 1 + 8 + 8 + 8 + 8 + 4;

  /** How many bytes come before each message of a batch. */
  static final int MESSAGE_HEADER_BYTES = 2 + 4;

  private static final int OPEN_BYTES = 1 + 1 + 8 + 8 + 8;
  private static final int ACK_BYTES = 1 + 8 + 8;
  private static final int CAST_HEADER_BYTES = 1 + 2;
  private static final int LONGEST_REASON = 256;

  private LinkFrame() {}

  /** What frames say, one call for each statement. */
  public interface Reader {
    /**
     * The other side says which link it has.
     *
     * @param link the number of its link, never 0
     * @param known the number of this side's link as it knows it, or 0
     * @param received the last sequence that it had from that
     */
    void onOpen(long link, long known, long received);

    /**
     * The other side has received.
     *
     * @param link which link of this side
     * @param sequence up to which message
     */
    void onAck(long link, long sequence);

    /**
     * A message.
     *
     * @param link the link of the other side
     * @param sequence its sequence
     * @param channel the number of the channel
     * @param message from position to limit; valid until this returns
     * @return false if it cannot follow the one before; then the frame is read no further
     */
    boolean onMessage(long link, long sequence, int channel, ByteBuffer message);

    /**
     * A message outside the sequence.
     *
     * @param channel the number of the channel
     * @param message from position to limit; valid until this returns
     * @return false if it makes no sense
     */
    boolean onCast(int channel, ByteBuffer message);

    /**
     * The other side refuses this one.
     *
     * @param reason why, printable
     */
    void onRefused(String reason);
  }

  /**
   * Reads a frame. Whatever the bytes are, this does not throw.
   *
   * @param frame the frame, big-endian
   * @param reader is told what it says, up to where it makes sense
   * @return whether all of it made sense
   */
  public static boolean read(ByteBuffer frame, Reader reader) {
    if (!frame.hasRemaining()) {
      return false;
    }
    return switch (frame.get()) {
      case OPEN -> readOpen(frame, reader);
      case BATCH -> readBatch(frame, reader);
      case ACK -> readAck(frame, reader);
      case REFUSED -> readRefused(frame, reader);
      case CAST -> readCast(frame, reader);
      default -> false;
    };
  }

  private static boolean readOpen(ByteBuffer frame, Reader reader) {
    if (frame.remaining() != OPEN_BYTES - 1 || frame.get() != VERSION) {
      return false;
    }
    long link = frame.getLong();
    if (link == 0) {
      return false; // stands for none
    }
    reader.onOpen(link, frame.getLong(), frame.getLong());
    return true;
  }

  private static boolean readAck(ByteBuffer frame, Reader reader) {
    if (frame.remaining() != ACK_BYTES - 1) {
      return false;
    }
    reader.onAck(frame.getLong(), frame.getLong());
    return true;
  }

  private static boolean readBatch(ByteBuffer frame, Reader reader) {
    if (frame.remaining() < BATCH_HEADER_BYTES - 1) {
      return false;
    }
    reader.onAck(frame.getLong(), frame.getLong());
    long link = frame.getLong();
    long sequence = frame.getLong();
    int count = frame.getInt();
    for (int i = 0; i < count; i++) {
      if (frame.remaining() < MESSAGE_HEADER_BYTES) {
        return false;
      }
      int channel = Short.toUnsignedInt(frame.getShort());
      int length = frame.getInt();
      if (length < 0 || length > frame.remaining()) {
        return false;
      }
      int next = frame.position() + length;
      boolean follows =
          reader.onMessage(link, sequence + i, channel, frame.slice(frame.position(), length));
      if (!follows) {
        return false;
      }
      frame.position(next);
    }
    return count > 0 && !frame.hasRemaining();
  }

  private static boolean readCast(ByteBuffer frame, Reader reader) {
    int length = frame.remaining() - Short.BYTES;
    if (length < 0 || length > Channel.CAST_LIMIT) {
      return false;
    }
    int channel = Short.toUnsignedInt(frame.getShort());
    return reader.onCast(channel, frame.slice());
  }

  private static boolean readRefused(ByteBuffer frame, Reader reader) {
    byte[] text = new byte[Math.min(frame.remaining(), LONGEST_REASON)];
    frame.get(text);
    reader.onRefused(Escaped.plain(new String(text, StandardCharsets.UTF_8)));
    return true;
  }

  static ByteBuffer open(long link, long known, long received) {
    return ByteBuffer.allocate(OPEN_BYTES)
        .put((byte) OPEN)
        .put((byte) VERSION)
        .putLong(link)
        .putLong(known)
        .putLong(received)
        .flip();
  }

  static ByteBuffer ack(long link, long sequence) {
    return ByteBuffer.allocate(ACK_BYTES)
        .put((byte) ACK)
        .putLong(link)
        .putLong(sequence)
        .flip();
  }

  /**
   * Returns the frame that casts a message.
   *
   * @param channel the number by which the other side knows the channel
   * @param message what; encoded before this returns
   * @throws IllegalArgumentException if it is too long
   */
  public static ByteBuffer cast(int channel, Encodable message) {
    int length = message.encodedBytes();
    if (length < 0 || length > Channel.CAST_LIMIT) {
      throw new IllegalArgumentException(
          "a cast message of " + length + " bytes; at most " + Channel.CAST_LIMIT + " are allowed");
    }
    ByteBuffer frame = ByteBuffer.allocate(CAST_HEADER_BYTES + length);
    message.encode(frame.slice(CAST_HEADER_BYTES, length));
    return frame.put((byte) CAST).putShort((short) channel).rewind();
  }

  /**
   * Returns the frame that refuses a node.
   *
   * @param reason why; cut to 256 bytes
   */
  public static ByteBuffer refused(String reason) {
    byte[] text = Escaped.plain(reason).getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, LONGEST_REASON);
    return ByteBuffer.allocate(1 + length)
        .put((byte) REFUSED)
        .put(text, 0, length)
        .flip();
  }
}
