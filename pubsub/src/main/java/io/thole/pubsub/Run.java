package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.Topic;
import io.thole.pubsub.Chunks.Chunk;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Items of a stream that arrived together, on their way to one handler. It is the message of each of them in turn: nothing is made
 * for an item. The worker alone moves it on; how far it is, others see through {@link #done()}. Until then whoever has it wait may
 * part it.
 */
final class Run implements Waiting, Message {
  private static final int NONE = -1;

  private final Inlet inlet;
  private final Label label;
  private final NodeId publisher;
  private final Chunk chunk; // shared with the runs of other subscriptions
  private final ByteBuffer items;
  private final long bytes;
  private final AtomicLong progress = new AtomicLong(); // bytes of payload, and below them items
  private long first; // these four change only while it waits
  private int count;
  private int begin; // of its items in the chunk
  private int end;
  private int at; // then the worker's own: where the payload of the current item begins
  private int length = NONE;
  private int settled; // these under the inlet's lock
  private int settledBytes;

  /**
   * Makes one.
   *
   * @param inlet where the stream ends
   * @param label its topic and type
   * @param publisher who published it
   * @param chunk the items, each a length of 4 bytes and a payload; released by this
   * @param first the number of the first
   * @param count how many
   */
  Run(Inlet inlet, Label label, NodeId publisher, Chunk chunk, long first, int count) {
    this(inlet, label, publisher, chunk, (long) chunk.bytes() + ReceiveBudget.OVERHEAD);
    this.first = first;
    this.count = count;
    this.end = chunk.length();
  }

  private Run(Inlet inlet, Label label, NodeId publisher, Chunk chunk, long bytes) {
    this.inlet = inlet;
    this.label = label;
    this.publisher = publisher;
    this.chunk = chunk;
    this.items = chunk.items();
    this.bytes = bytes;
  }

  long first() {
    return first;
  }

  /** Returns how many items have an outcome. */
  int done() {
    return (int) progress.get();
  }

  int settled() {
    return settled;
  }

  /** Takes note that the inlet knows of all that have an outcome, and returns how many bytes of payload are new to it. */
  long settle() {
    long now = progress.get();
    settled = (int) now;
    int bytes = (int) (now >>> Integer.SIZE) - settledBytes;
    settledBytes += bytes;
    return bytes;
  }

  /** Passes over the current item, and returns its bytes. */
  long skip() {
    int bytes = length;
    next();
    settled++;
    settledBytes += bytes;
    return bytes;
  }

  /** Passes over all that are left, and returns their bytes. */
  long skipAll() {
    int bytes = end - begin - count * PeerMessage.Streamed.ITEM_BYTES - settledBytes;
    settled = count;
    settledBytes += bytes;
    return bytes;
  }

  @Override
  public Run first(int some) {
    Run part = part(first, some, begin, position(some));
    begin = part.end;
    at = begin;
    first += some;
    count -= some;
    return part;
  }

  @Override
  public Run after(int some) {
    Run part = part(first + some, count - some, position(some), end);
    end = part.begin;
    count = some;
    return part;
  }

  private Run part(long from, int some, int begins, int ends) {
    Run part = new Run(inlet, label, publisher, chunk.held(), 0);
    part.first = from;
    part.count = some;
    part.begin = begins;
    part.at = begins;
    part.end = ends;
    return part;
  }

  /** Returns where the item after so many begins. */
  private int position(int some) {
    int position = begin;
    for (int i = 0; i < some; i++) {
      position += PeerMessage.Streamed.ITEM_BYTES + items.getInt(position);
    }
    return position;
  }

  private void next() {
    long before = progress.get(); // the worker alone writes it
    progress.lazySet(before + ((long) length << Integer.SIZE) + 1);
    at += length;
    length = NONE;
  }

  @Override
  public int messages() {
    return count;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void handle(MessageHandler handler, LocalSubscription subscription) {
    inlet.begin(this);
    int left = count;
    while (left > 0 && subscription.isOpen()) {
      left--;
      length = items.getInt(at);
      at += PeerMessage.Streamed.ITEM_BYTES;
      try {
        handler.onMessage(this);
        next();
      } catch (Throwable thrown) { // a handler may throw anything, and must harm nobody
        inlet.rejected(this, Unreadable.reason(thrown));
        subscription.failed(thrown);
      }
    }
    if (left > 0) {
      inlet.end(this, subscription.ending());
    }
    inlet.done(this, subscription.isAlmostIdle());
    chunk.release();
  }

  @Override
  public void end(Outcome outcome) {
    inlet.end(this, outcome);
    chunk.release();
  }

  // The message that the handler looks at.

  @Override
  public Topic topic() {
    return label.topic();
  }

  @Override
  public String type() {
    return label.type();
  }

  @Override
  public NodeId publisher() {
    return publisher;
  }

  @Override
  public ByteBuffer payload() {
    check();
    return items.slice(at, length);
  }

  @Override
  public byte[] toBytes() {
    check();
    byte[] bytes = new byte[length];
    items.get(at, bytes);
    return bytes;
  }

  private void check() {
    if (length == NONE) {
      throw Delivery.over(label.topic());
    }
  }
}
