package io.thole.testkit.swarm;

import io.thole.api.Account;
import io.thole.api.NodeId;
import io.thole.api.pubsub.PubSub;
import io.thole.spi.ChannelHandler;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.PartContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Publish/subscribe, of which is told what it throws where the link would only log it. */
final class TappedPubSub implements ClusterPubSub {
  private final ClusterPubSub pubSub;
  private final Consumer<Throwable> failed;

  TappedPubSub(ClusterPubSub pubSub, Consumer<Throwable> failed) {
    this.pubSub = pubSub;
    this.failed = failed;
  }

  @Override
  public String name() {
    return pubSub.name();
  }

  @Override
  public void start(PartContext context) {
    pubSub.start(new TappedContext(context, this::tapped, UnaryOperator.identity()));
  }

  @Override
  public void stop(boolean graceful) {
    pubSub.stop(graceful);
  }

  @Override
  public PubSub pubSub(String owner) {
    return pubSub.pubSub(owner);
  }

  @Override
  public List<Account> accounts() {
    return pubSub.accounts();
  }

  private ChannelHandler tapped(ChannelHandler handler) {
    return new ChannelHandler() {
      @Override
      public void onBegun(NodeId peer) {
        guarded(() -> handler.onBegun(peer));
      }

      @Override
      public void onMessages(NodeId from, List<ByteBuffer> messages) {
        guarded(() -> handler.onMessages(from, messages));
      }

      @Override
      public void onEnded(NodeId peer) {
        guarded(() -> handler.onEnded(peer));
      }
    };
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error thrown) {
      failed.accept(thrown);
      throw thrown;
    }
  }
}
