package io.thole.bench.micro;

import io.thole.core.link.LinkFrame;
import io.thole.core.link.LinkReceiver;
import io.thole.core.link.LinkSender;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One end of a link whose frames arrive as soon as they are written: no socket, no thread. For one thread. */
final class LinkEnd implements LinkFrame.Reader {
  private static final int CHANNEL = 7;

  private final LinkSender sender;
  private final LinkReceiver receiver = new LinkReceiver();
  private LinkSender.Wire wire = frame -> false;
  private long messages;
  private long bytes;

  LinkEnd(long number) {
    sender = new LinkSender(number, new Plenty());
  }

  /** Opens the link on both sides. */
  void connect(LinkEnd other) {
    wire = frame -> sent(other, frame);
    other.wire = frame -> other.sent(this, frame);
    ByteBuffer ours = opening();
    ByteBuffer theirs = other.opening(); // neither hears the other before it has said its own
    wire.send(ours);
    other.wire.send(theirs);
  }

  private ByteBuffer opening() {
    List<ByteBuffer> said = new ArrayList<>();
    sender.onConnected(said::add);
    return said.get(0);
  }

  private boolean sent(LinkEnd other, ByteBuffer frame) {
    if (!LinkFrame.read(frame, other)) {
      throw new IllegalStateException("a frame makes no sense");
    }
    sender.onDrained();
    return true;
  }

  /** Takes a message. */
  void offer(Encodable message) {
    check(sender.offer(CHANNEL, message, LinkSender.SEND_LIMIT));
  }

  /** Takes an item of a run. */
  void append(Encodable begins, Encodable item) {
    check(sender.append(CHANNEL, begins, item, LinkSender.SEND_LIMIT));
  }

  private static void check(boolean taken) {
    if (!taken) {
      throw new IllegalStateException("no room: nothing is acknowledged");
    }
  }

  /** Writes all that was taken. */
  void write() {
    sender.pump(wire);
  }

  /** Acknowledges all that was received. */
  void acknowledge() {
    sender.owe(receiver.otherLink(), receiver.received());
    sender.acknowledge(wire);
  }

  /** Returns how many bytes wait for their acknowledgement. */
  long waiting() {
    return sender.retainedBytes();
  }

  /** Returns how many messages were received. */
  long messages() {
    return messages;
  }

  /** Returns how many bytes they had. */
  long bytes() {
    return bytes;
  }

  @Override
  public void onOpen(long link, long known, long received) {
    receiver.onOpen(link);
    sender.onOpen(known, received);
  }

  @Override
  public void onAck(long link, long sequence) {
    sender.onAck(link, sequence);
  }

  @Override
  public boolean onMessage(long link, long sequence, int channel, ByteBuffer message) {
    messages++;
    bytes += message.remaining();
    return receiver.onMessage(link, sequence) == LinkReceiver.Passing.NEW;
  }

  @Override
  public boolean onCast(int channel, ByteBuffer message) {
    return false;
  }

  @Override
  public void onRefused(String reason) {
    throw new IllegalStateException("refused: " + reason);
  }
}
