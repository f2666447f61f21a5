package io.thole.core.run;

import io.thole.api.NodeId;
import io.thole.core.link.LinkSender;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A channel that is open on this node. */
final class LinkChannel implements Channel {
  private static final System.Logger LOG = System.getLogger(LinkChannel.class.getName());

  private final LinkPort port;
  private final int number;
  private final String name;
  private final ChannelHandler handler;
  private volatile boolean open = true;
  private volatile @Nullable LinkLine last; // to which something was appended

  LinkChannel(LinkPort port, int number, String name, ChannelHandler handler) {
    this.port = port;
    this.number = number;
    this.name = name;
    this.handler = handler;
  }

  /** Returns the number by which other nodes know it. */
  int number() {
    return number;
  }

  String name() {
    return name;
  }

  @Override
  public Sending send(NodeId node, Encodable message) {
    return send(node, message, LinkSender.SEND_LIMIT);
  }

  @Override
  public Sending reply(NodeId node, Encodable message) {
    return send(node, message, LinkSender.REPLY_LIMIT);
  }

  @Override
  public Sending gather(NodeId node, Encodable message) {
    LinkLine line = open ? port.line(node) : null;
    return line == null ? Sending.NO_SESSION : line.gather(this, message);
  }

  @Override
  public Sending hold(NodeId node, Encodable message) {
    LinkLine line = open ? port.line(node) : null;
    return line == null ? Sending.NO_SESSION : line.hold(this, message);
  }

  @Override
  public Sending append(NodeId node, Encodable head, Encodable item) {
    LinkLine line = last;
    if (line == null || !line.leadsTo(node)) {
      line = port.line(node);
      last = line;
    }
    return line == null || !open ? Sending.NO_SESSION : line.append(this, head, item);
  }

  @Override
  public Sending cast(NodeId node, Encodable message) {
    LinkLine line = open ? port.line(node) : null;
    return line == null ? Sending.NO_SESSION : line.cast(this, message);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      port.closed(this);
    }
  }

  void begun(NodeId peer) {
    guarded(() -> handler.onBegun(peer));
  }

  void deliver(NodeId peer, List<ByteBuffer> messages) {
    List<ByteBuffer> given = List.copyOf(messages);
    guarded(() -> handler.onMessages(peer, given));
  }

  void ended(NodeId peer) {
    guarded(() -> handler.onEnded(peer));
  }

  private Sending send(NodeId node, Encodable message, int limitBytes) {
    LinkLine line = open ? port.line(node) : null;
    return line == null ? Sending.NO_SESSION : line.send(this, message, limitBytes);
  }

  private void guarded(Runnable call) {
    if (!open) {
      return;
    }
    try {
      call.run();
    } catch (Throwable thrown) { // a part's handler may throw anything; the link goes on
      LOG.log(Level.ERROR, "the handler of channel " + name + " failed", thrown);
    }
  }
}
