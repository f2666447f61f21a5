package io.thole.pubsub;

import io.thole.api.Account;
import io.thole.api.ClusterException;
import io.thole.api.NotStartedException;
import io.thole.api.grain.GrainKind;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicStatus;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.PartContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publish/subscribe over channels between nodes. What it knows, it knows from its start to its stop: an {@link Exchange}.
 * Any thread.
 */
public final class PubSubBroker implements ClusterPubSub {
  private volatile PubSubSettings settings;
  private volatile Books books = new Books();
  private volatile @Nullable Exchange exchange;
  private volatile String absence = "publish/subscribe has not started";

  /** Makes a broker with {@link PubSubSettings#DEFAULTS}. */
  public PubSubBroker() {
    this(PubSubSettings.DEFAULTS);
  }

  /**
   * Makes a broker that is not started.
   *
   * @param settings what it is told
   */
  public PubSubBroker(PubSubSettings settings) {
    this.settings = settings;
  }

  /**
   * Takes new settings; they count for what is published from now on.
   *
   * @param next what it is told
   */
  public void configure(PubSubSettings next) {
    settings = next;
  }

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
    Books fresh = new Books();
    Exchange begun = new Exchange(context, () -> settings, fresh);
    begun.open();
    books = fresh;
    exchange = begun;
  }

  @Override
  public void stop(boolean graceful) {
    Exchange running = exchange;
    if (running != null) {
      running.close(graceful);
      absence = "publish/subscribe has stopped";
      exchange = null;
    }
  }

  @Override
  public OwnedPubSub pubSub(String owner) {
    return new OwnedPubSub(this, owner);
  }

  @Override
  public List<Account> accounts() {
    return books.read();
  }

  CompletionStage<PublishReport> publish(Topic topic, byte[] payload) {
    Exchange running = exchange;
    if (running != null) {
      return running.publish(topic, payload);
    }
    books.of(topic).refused();
    return CompletableFuture.failedFuture(
        new PublishRefusedException(Reason.NOT_JOINED, absence + "; topic " + topic));
  }

  Publisher publisher(OwnedPubSub owner, Topic topic) {
    Exchange running = exchange;
    if (running == null) {
      throw new NotStartedException(absence + "; topic " + topic);
    }
    return running.publisher(owner, topic);
  }

  Subscription subscribe(OwnedPubSub owner, Topic topic, MessageHandler handler) {
    Exchange running = exchange;
    if (running == null) {
      throw new NotStartedException(absence + "; topic " + topic);
    }
    return running.subscribe(owner, topic, handler);
  }

  List<TopicStatus> topics() {
    Exchange running = exchange;
    return running == null ? List.of() : running.topics();
  }

  void forget(OwnedPubSub owner) {
    Exchange running = exchange;
    if (running != null) {
      running.forget(owner);
    }
  }
}
