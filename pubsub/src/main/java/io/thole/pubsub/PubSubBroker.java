package io.thole.pubsub;

import io.thole.api.Account;
import io.thole.api.ClusterException;
import io.thole.api.NotStartedException;
import io.thole.api.grain.GrainKind;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.MessageCodec;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicStatus;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.PartContext;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publish/subscribe over channels between nodes. What it knows, it knows from its start to its stop: an {@link Exchange}.
 * Any thread.
 */
public final class PubSubBroker implements ClusterPubSub {
  private final Codecs codecs = new Codecs();
  private final PeerBudget peerBudget;
  private volatile PubSubSettings settings;
  private boolean found; // the start's own
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
    this(settings, PeerBudget.ofHeap());
  }

  PubSubBroker(PubSubSettings settings, PeerBudget peerBudget) {
    this.settings = settings;
    this.peerBudget = peerBudget;
  }

  /**
   * Takes new settings; they count for what is published from now on.
   *
   * @param next what it is told
   */
  public void configure(PubSubSettings next) {
    settings = next;
  }

  /**
   * Adds a codec; it is used at once. One of a higher rank with the same name comes before it, and of the same rank one that was added
   * before.
   *
   * @param codec asked for its name and class once, here
   * @param rank the higher, the sooner
   * @throws IllegalArgumentException if its name breaks the grammar or is one of those built in
   */
  public void add(MessageCodec<?> codec, int rank) {
    codecs.add(codec, rank);
  }

  /**
   * Takes back a codec: what is published and delivered from now on does without.
   *
   * @param codec one that was added
   */
  public void remove(MessageCodec<?> codec) {
    codecs.remove(codec);
  }

  Codecs codecs() {
    return codecs;
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
    if (!found) {
      ServiceLoader.load(MessageCodec.class, PubSubBroker.class.getClassLoader())
          .forEach(codec -> add(codec, 0));
      found = true;
    }
    Books fresh = new Books();
    Exchange begun = new Exchange(context, () -> settings, fresh, peerBudget);
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

  CompletionStage<PublishReport> publish(Label label, byte[] payload) {
    Exchange running = exchange;
    if (running != null) {
      return running.publish(label, payload);
    }
    PublishRefusedException refusal =
        new PublishRefusedException(Reason.NOT_JOINED, absence + "; topic " + label.topic());
    return CompletableFuture.failedFuture(refused(label.topic(), refusal));
  }

  /** Takes note of a refusal. */
  PublishRefusedException refused(Topic topic, PublishRefusedException refusal) {
    books.of(topic).refused();
    return refusal;
  }

  Publisher publisher(OwnedPubSub owner, Label label) {
    Exchange running = exchange;
    if (running == null) {
      throw new NotStartedException(absence + "; topic " + label.topic());
    }
    return running.publisher(owner, label);
  }

  Subscription subscribe(
      OwnedPubSub owner, TopicFilter topic, Backlog backlog, MessageHandler handler) {
    Exchange running = exchange;
    if (running == null) {
      throw new NotStartedException(absence + "; topic " + topic);
    }
    return running.subscribe(owner, topic, backlog, handler);
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
