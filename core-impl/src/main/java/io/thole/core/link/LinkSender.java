package io.thole.core.link;

import io.thole.core.link.Segments.Segment;
import io.thole.spi.Encodable;
import io.thole.spi.Transport;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a link. Messages are written once, into segments of memory, and these are batch, send buffer and
 * retention in one: a frame is a stretch of a segment, which is sent from where it lies, sent again when the connection
 * returns, and freed once the other side has acknowledged it.
 *
 * <p>At most one stretch of frames is with the transport at a time; what is handed in meanwhile gathers and goes out as one
 * frame when the transport has written. So batches grow exactly while the transport is busy, with no timer.
 *
 * <p>For one thread at a time.
 */
public final class LinkSender {
  /** How much may wait for acknowledgement before new work is turned away. */
  public static final int SEND_LIMIT = 8 << 20;

  /** The same for answers, so that an outcome can be told where no new work is taken. */
  public static final int REPLY_LIMIT = 16 << 20;

  /** How many frames may wait for acknowledgement. */
  static final int MOST_FRAMES = 65_536;

  /**
   * How long a frame of several messages gets: so long that its headers are nothing, so short that little is copied of the one
   * that comes in two pieces, which is one of each read.
   */
  private static final int FRAME_BYTES = 64 << 10;

  /** How much is handed to the transport at once. */
  private static final int STRETCH_BYTES = 512 << 10;

  private final long link;
  private final Segments segments;
  private @Nullable Frame oldest; // the first that is not acknowledged
  private @Nullable Frame next; // the first that was not sent on this connection
  private @Nullable Frame last; // the one that grows, unless it was sent
  private int frames;
  private long retainedBytes;
  private long nextSequence = 1;
  private boolean open;
  private boolean busy;
  private boolean pumping;
  private long otherLink;
  private long received;
  private boolean acknowledged = true;
  private @Nullable Encodable head; // of the run that is the last message, if that is one
  private int headAt; // where that message begins in its frame

  /** A stretch of a segment that is one frame. */
  private static final class Frame {
    final Segment segment;
    final int start;
    final long firstSequence;
    int bytes = LinkFrame.BATCH_HEADER_BYTES;
    int count;
    boolean sent;

    @Nullable
    Frame following;

    Frame(Segment segment, long firstSequence) {
      this.segment = segment;
      this.start = segment.used;
      this.firstSequence = firstSequence;
    }

    long lastSequence() {
      return firstSequence + count - 1;
    }

    boolean fits(int messageBytes) {
      return !sent && bytes + messageBytes <= FRAME_BYTES && segment.room() >= messageBytes;
    }

    /** Makes the last message longer; where encoding it throws, nothing has changed. */
    void extend(int messageAt, int length, Encodable item) {
      int at = start + bytes;
      encode(item, at, length);
      int lengthAt = start + messageAt + Short.BYTES;
      segment.bytes.putInt(lengthAt, segment.bytes.getInt(lengthAt) + length);
      bytes += length;
      segment.used = start + bytes;
    }

    /** Nothing is made for it: the segment itself stands where it begins, and ends where it must. */
    private void encode(Encodable message, int at, int length) {
      try {
        message.encode(segment.bytes.limit(at + length).position(at));
      } finally {
        segment.bytes.clear();
      }
    }

    /** Appends a message; where encoding it throws, nothing has changed. */
    void append(int channel, int length, Encodable message) {
      int at = start + bytes;
      encode(message, at + LinkFrame.MESSAGE_HEADER_BYTES, length);
      segment.bytes.putShort(at, (short) channel).putInt(at + 2, length);
      bytes += LinkFrame.MESSAGE_HEADER_BYTES + length;
      segment.used = start + bytes;
      count++;
    }
  }

  /** Where frames go. */
  @FunctionalInterface
  public interface Wire {
    /** Sends a frame; false if there is no connection or no room. */
    boolean send(ByteBuffer frame);
  }

  /**
   * Makes a sender without a connection.
   *
   * @param link the number of the link, never 0: another one for each that is made
   * @param memory where it has its memory from
   */
  public LinkSender(long link, LinkMemory memory) {
    this.link = link;
    segments = new Segments(memory);
  }

  /**
   * Takes a message, if there is room, of this link and of the memory of all.
   *
   * @param channel the number by which the other side knows the channel
   * @param message what; encoded before this returns
   * @param limitBytes how much may wait in all
   * @return false if there is no room; nothing was taken
   * @throws IllegalArgumentException if it is too long
   */
  public boolean offer(int channel, Encodable message, int limitBytes) {
    int length = message.encodedBytes();
    if (length < 0 || length > Transport.MESSAGE_LIMIT) {
      throw new IllegalArgumentException(
          "a message of " + length + " bytes; at most " + Transport.MESSAGE_LIMIT + " are allowed");
    }
    int bytes = LinkFrame.MESSAGE_HEADER_BYTES + length;
    boolean own = limitBytes == LinkMemory.UNLIMITED;
    if (retainedBytes + LinkFrame.BATCH_HEADER_BYTES + bytes > limitBytes
        || (frames >= MOST_FRAMES && !own)) {
      return false;
    }
    Frame frame = frameFor(bytes, limitBytes);
    if (frame == null) {
      return false;
    }
    frame.append(channel, length, message);
    nextSequence++;
    retainedBytes += bytes;
    head = null;
    return true;
  }

  /**
   * Takes an item of a run, if there is room: as the end of the last message, if that began with the same head and still waits.
   *
   * @param channel the number by which the other side knows the channel
   * @param begins what each message of the run begins with
   * @param item what; encoded before this returns
   * @param limitBytes how much may wait in all
   * @return false if there is no room; nothing was taken
   * @throws IllegalArgumentException if it is too long
   */
  public boolean append(int channel, Encodable begins, Encodable item, int limitBytes) {
    Frame frame = last;
    int length = item.encodedBytes();
    if (frame != null && head == begins && frame.fits(length)) {
      if (retainedBytes + length > limitBytes) {
        return false;
      }
      frame.extend(headAt, length, item);
      retainedBytes += length;
      return true;
    }
    boolean taken = offer(channel, begins.then(item), limitBytes);
    if (taken) {
      Frame begun = Objects.requireNonNull(last);
      head = begins;
      headAt = begun.bytes - LinkFrame.MESSAGE_HEADER_BYTES - begins.encodedBytes() - length;
    }
    return taken;
  }

  /** Tells whether a connection stands and the other side has said which link it has. */
  public boolean isOpen() {
    return open;
  }

  /** Tells whether something waits that could be sent at once. */
  public boolean isIdle() {
    return open && !busy && next != null;
  }

  /** Tells whether everything that was taken has been written, as far as that can be. */
  public boolean drained() {
    return !open || (!busy && (next == null || next.count == 0));
  }

  /** Tells whether something was received that is not acknowledged yet. */
  public boolean owes() {
    return !acknowledged;
  }

  /** Returns how many bytes wait for their acknowledgement. */
  public long retainedBytes() {
    return retainedBytes;
  }

  /**
   * A connection stands: says which link this is. Nothing else is sent before the other side has done the same.
   *
   * @param wire where to
   */
  public void onConnected(Wire wire) {
    onLost();
    wire.send(LinkFrame.open(link, otherLink, received));
  }

  /**
   * The other side has said which link it has: what it has not received is sent again.
   *
   * @param known the number of this link as the other side knows it
   * @param sequence what it had from that
   * @return false if it cannot have had that
   */
  public boolean onOpen(long known, long sequence) {
    boolean sound = known != link || onAck(known, sequence);
    open = true;
    next = oldest;
    return sound;
  }

  /** The connection is gone; what is taken from now on waits for the next. */
  public void onLost() {
    open = false;
    busy = false;
    for (Frame frame = oldest; frame != null; frame = frame.following) {
      frame.segment.lent |= frame.sent;
    }
  }

  /**
   * The other side has received messages.
   *
   * @param of the number of the link that it means
   * @param sequence up to which
   * @return false if it cannot have received that
   */
  public boolean onAck(long of, long sequence) {
    if (of != link) {
      return true; // of a link that is no more
    }
    if (sequence < 0 || sequence >= nextSequence) {
      return false;
    }
    while (oldest != null && oldest.lastSequence() <= sequence && !grows(oldest)) {
      releaseOldest();
    }
    return true;
  }

  /**
   * Owes an acknowledgement from now on; the next frame carries it.
   *
   * @param of the number of the other side's link
   * @param sequence the last that was received
   */
  public void owe(long of, long sequence) {
    acknowledged = acknowledged && of == otherLink && sequence == received;
    otherLink = of;
    received = sequence;
  }

  /** Everything that was handed to the transport has been written; also from inside {@link Wire#send}. */
  public void onDrained() {
    busy = false;
  }

  /**
   * Sends what can be sent.
   *
   * @param wire where to
   */
  public void pump(Wire wire) {
    if (!open || busy || pumping) {
      return;
    }
    pumping = true;
    try {
      int sentBytes = 0;
      while (next != null && sentBytes < STRETCH_BYTES) {
        Frame frame = next;
        boolean empty = frame.count == 0; // its first message could not be encoded
        if (empty ? frame == last : !sent(frame, wire)) {
          return;
        }
        sentBytes += frame.bytes;
        next = frame.following;
      }
    } finally {
      pumping = false;
    }
  }

  private boolean sent(Frame frame, Wire wire) {
    busy = true; // until onDrained, which may come before this returns
    boolean taken = wire.send(encoded(frame));
    frame.sent |= taken;
    acknowledged |= taken;
    return taken;
  }

  /**
   * Sends the acknowledgement that is owed, unless frames have carried it.
   *
   * @param wire where to
   */
  public void acknowledge(Wire wire) {
    if (open && !acknowledged && wire.send(LinkFrame.ack(otherLink, received))) {
      acknowledged = true;
    }
  }

  /** Forgets everything: the other side begins anew. */
  public void reset() {
    while (oldest != null) {
      releaseOldest();
    }
    head = null;
    nextSequence = 1;
    otherLink = 0;
    received = 0;
    acknowledged = true;
  }

  /** Memory is short: gives back what was not used since it was short before. */
  public void trim() {
    segments.trim();
  }

  /** It is over: forgets everything, gives its memory back and takes nothing more. */
  public void end() {
    reset();
    segments.end();
  }

  private boolean grows(Frame frame) {
    return frame == last && !frame.sent;
  }

  private ByteBuffer encoded(Frame frame) {
    ByteBuffer bytes = frame.segment.bytes.slice(frame.start, frame.bytes);
    if (frame.sent) { // the connection that was lost may still write it
      bytes = ByteBuffer.allocate(frame.bytes).put(bytes).rewind();
    }
    return bytes
        .put((byte) LinkFrame.BATCH)
        .putLong(otherLink)
        .putLong(received)
        .putLong(link)
        .putLong(frame.firstSequence)
        .putInt(frame.count)
        .rewind();
  }

  private @Nullable Frame frameFor(int messageBytes, int limitBytes) {
    if (last != null && last.fits(messageBytes)) {
      return last;
    }
    Segment segment = segments.withRoom(LinkFrame.BATCH_HEADER_BYTES + messageBytes, limitBytes);
    if (segment == null) {
      return null;
    }
    Frame frame = new Frame(segment, nextSequence);
    segment.used += LinkFrame.BATCH_HEADER_BYTES;
    segment.live++;
    frames++;
    retainedBytes += LinkFrame.BATCH_HEADER_BYTES;
    if (last == null) {
      oldest = frame;
    } else {
      last.following = frame;
    }
    last = frame;
    next = next == null ? frame : next;
    return frame;
  }

  private void releaseOldest() {
    Frame frame = Objects.requireNonNull(oldest);
    frames--;
    retainedBytes -= frame.bytes;
    if (--frame.segment.live == 0) {
      segments.free(frame.segment);
    }
    next = next == frame ? frame.following : next;
    oldest = frame.following;
    last = oldest == null ? null : last;
  }
}
