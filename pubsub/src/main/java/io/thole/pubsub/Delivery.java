package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.Topic;
import java.nio.ByteBuffer;

/** A message on its way to one handler. */
final class Delivery implements Message, Waiting {
  private final Origin origin;
  private final long publication;
  private final int place;
  private final Label label;
  private final NodeId publisher;
  private final byte[] payload;
  private volatile boolean over;

  /**
   * Makes one.
   *
   * @param origin is told what becomes of it
   * @param publication the number under which it is told
   * @param place the target's place in the report
   * @param label its topic and type
   * @param publisher who published it
   * @param payload is shared with other deliveries, and never changed
   */
  Delivery(
      Origin origin, long publication, int place, Label label, NodeId publisher, byte[] payload) {
    this.origin = origin;
    this.publication = publication;
    this.place = place;
    this.label = label;
    this.publisher = publisher;
    this.payload = payload;
  }

  int payloadBytes() {
    return payload.length;
  }

  @Override
  public int messages() {
    return 1;
  }

  @Override
  public long bytes() {
    return (long) payload.length + ReceiveBudget.OVERHEAD;
  }

  @Override
  public void handle(MessageHandler handler, LocalSubscription subscription) {
    try {
      handler.onMessage(this);
      subscription.delivered(this);
    } catch (Throwable thrown) { // a handler may throw anything, and must harm nobody
      end(Outcome.REJECTED, Unreadable.reason(thrown));
      subscription.failed(thrown);
    }
  }

  @Override
  public Waiting first(int count) {
    throw new AssertionError("one message has no part of " + count);
  }

  @Override
  public Waiting after(int count) {
    throw new AssertionError("one message has no part after " + count);
  }

  /** Says what became of it; from now on the handler can do nothing with it. */
  @Override
  public void end(Outcome outcome) {
    end(outcome, "");
  }

  private void end(Outcome outcome, String reason) {
    over = true;
    origin.ended(publication, place, outcome, reason);
  }

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
    return ByteBuffer.wrap(payload).asReadOnlyBuffer();
  }

  @Override
  public byte[] toBytes() {
    check();
    return payload.clone();
  }

  private void check() {
    if (over) {
      throw over(label.topic());
    }
  }

  /** Returns what is thrown at whoever has kept a message. */
  static IllegalStateException over(Topic topic) {
    return new IllegalStateException("a message on topic " + topic
        + " is read after its handler returned; copy it before, with toBytes()");
  }
}
