package io.thole.testkit.swarm;

import io.thole.api.Agreement;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.nio.ByteBuffer;
import java.util.List;

/** Thole's own gossiper, with an ear at what it says and is told. */
final class TappedGossiper implements Gossiper {
  private final Gossiper gossiper;
  private final Ear ear;

  /** Is told what is said. */
  interface Ear {
    void sent(NodeId to, GossipMessage message);

    void received(NodeId from, GossipMessage message);

    /** Something was thrown that the link would only log. */
    void failed(Throwable thrown);
  }

  TappedGossiper(Gossiper gossiper, Ear ear) {
    this.gossiper = gossiper;
    this.ear = ear;
  }

  @Override
  public String name() {
    return gossiper.name();
  }

  @Override
  public boolean givesVerdicts() {
    return gossiper.givesVerdicts();
  }

  @Override
  public Agreement agreement() {
    return gossiper.agreement();
  }

  @Override
  public void start(PartContext context) {
    gossiper.start(new TappedContext(
        context, handler -> new TappedHandler(handler), channel -> new TappedChannel(channel)));
  }

  @Override
  public void stop() {
    gossiper.stop();
  }

  /** Hears what is sent. */
  private final class TappedChannel implements Channel {
    private final Channel channel;

    TappedChannel(Channel channel) {
      this.channel = channel;
    }

    @Override
    public Sending send(NodeId node, Encodable message) {
      return heard(node, message, channel.send(node, message));
    }

    @Override
    public Sending reply(NodeId node, Encodable message) {
      return heard(node, message, channel.reply(node, message));
    }

    @Override
    public Sending cast(NodeId node, Encodable message) {
      return heard(node, message, channel.cast(node, message));
    }

    @Override
    public void close() {
      channel.close();
    }

    private Sending heard(NodeId node, Encodable message, Sending sending) {
      if (sending == Sending.SENT && message instanceof GossipMessage gossip) {
        ear.sent(node, gossip);
      }
      return sending;
    }
  }

  /** Hears what is received. */
  private final class TappedHandler implements ChannelHandler {
    private final ChannelHandler handler;

    TappedHandler(ChannelHandler handler) {
      this.handler = handler;
    }

    @Override
    public void onBegun(NodeId peer) {
      guarded(() -> handler.onBegun(peer));
    }

    @Override
    public void onMessages(NodeId from, List<ByteBuffer> messages) {
      messages.forEach(message ->
          GossipMessage.decode(message.slice()).ifPresent(gossip -> ear.received(from, gossip)));
      guarded(() -> handler.onMessages(from, messages));
    }

    @Override
    public void onEnded(NodeId peer) {
      guarded(() -> handler.onEnded(peer));
    }

    private void guarded(Runnable call) {
      try {
        call.run();
      } catch (RuntimeException | Error thrown) {
        ear.failed(thrown);
        throw thrown;
      }
    }
  }
}
