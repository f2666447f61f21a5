package io.thole.pubsub;

import io.thole.api.Account;
import io.thole.api.ClusterException;
import io.thole.api.NotStartedException;
import io.thole.api.grain.GrainKind;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicStatus;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.PartContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Publish/subscribe. So far it takes its place among the parts of a node and refuses everything: delivery comes with
 * phase 2.
 */
public final class PubSubBroker implements ClusterPubSub {
  private static final PubSub CLOSED = new ClosedPubSub();

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public void start(PartContext context) {
    if (!context.kinds().contains(GrainKind.TOPIC)) {
      throw new ClusterException("the kind " + GrainKind.TOPIC
          + ", which publish/subscribe needs, is not registered; there are " + context.kinds());
    }
  }

  @Override
  public void stop(boolean graceful) {}

  @Override
  public PubSub pubSub(String owner) {
    return CLOSED;
  }

  @Override
  public List<Account> accounts() {
    return List.of();
  }

  private static final class ClosedPubSub implements PubSub {
    private static final String REASON = "publish/subscribe is not open: it comes with phase 2";

    @Override
    public CompletionStage<PublishReport> publish(Topic topic, byte[] payload) {
      return CompletableFuture.failedFuture(new PublishRefusedException(
          PublishRefusedException.Reason.NOT_JOINED, REASON + "; topic " + topic));
    }

    @Override
    public Subscription subscribe(Topic topic, MessageHandler handler) {
      throw new NotStartedException(REASON + "; topic " + topic);
    }

    @Override
    public List<TopicStatus> topics() {
      return List.of();
    }
  }
}
