package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.Topic;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Items of a stream that arrived together, on their way to one handler. It is the message of each of them in turn: nothing is made
 * for an item. The worker alone moves it on; how far it is, others see through {@link #done()}.
 */
final class Run implements Waiting, Message {
  private final Inlet inlet;
  private final Topic topic;
  private final NodeId publisher;
  private final ByteBuffer items; // shared with the runs of other subscriptions, and never changed
  private final int itemsBytes;
  private final long first;
  private final int count;
  private final AtomicInteger done = new AtomicInteger();
  private volatile int doneBytes; // of payload
  private int at; // the worker's own: where the payload of the current item begins
  private int length = -1;
  private int settled; // these under the inlet's lock
  private int settledBytes;

  /**
   * Makes one.
   *
   * @param inlet where the stream ends
   * @param topic its topic
   * @param publisher who published it
   * @param items from 0 to its limit, each a length of 4 bytes and a payload; read-only
   * @param first the number of the first
   * @param count how many
   */
  Run(Inlet inlet, Topic topic, NodeId publisher, ByteBuffer items, long first, int count) {
    this.inlet = inlet;
    this.topic = topic;
    this.publisher = publisher;
    this.items = items;
    this.itemsBytes = items.limit();
    this.first = first;
    this.count = count;
  }

  long first() {
    return first;
  }

  /** Returns how many items have an outcome. */
  int done() {
    return done.get();
  }

  int settled() {
    return settled;
  }

  /** Takes note that the inlet knows of items, and returns how many bytes of payload are new to it. */
  long settle(int items) {
    settled = items;
    int bytes = doneBytes - settledBytes;
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
    int bytes = itemsBytes - count * PeerMessage.Streamed.ITEM_BYTES - settledBytes;
    settled = count;
    settledBytes += bytes;
    return bytes;
  }

  private void next() {
    int bytes = doneBytes + length; // the worker alone writes it
    doneBytes = bytes;
    at += length;
    length = -1;
    done.lazySet(done.get() + 1);
  }

  @Override
  public int messages() {
    return count;
  }

  @Override
  public long bytes() {
    return (long) itemsBytes + ReceiveBudget.OVERHEAD;
  }

  @Override
  public void handle(MessageHandler handler, LocalSubscription subscription) {
    inlet.begin(this);
    while (done.get() < count && subscription.isOpen()) {
      length = items.getInt(at);
      at += PeerMessage.Streamed.ITEM_BYTES;
      try {
        handler.onMessage(this);
        next();
      } catch (Throwable thrown) { // a handler may throw anything, and must harm nobody
        inlet.rejected(this);
        subscription.failed(thrown);
      }
    }
    if (done.get() < count) {
      inlet.end(this, subscription.ending());
    }
    inlet.done(this, subscription.isAlmostIdle());
  }

  @Override
  public void end(Outcome outcome) {
    inlet.end(this, outcome);
  }

  // The message that the handler looks at.

  @Override
  public Topic topic() {
    return topic;
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
    if (length < 0) {
      throw Delivery.over(topic);
    }
  }
}
