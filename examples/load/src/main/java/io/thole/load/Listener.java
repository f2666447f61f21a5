package io.thole.load;

import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Handles what arrives on one topic: writes it down and returns. Has a subscription at each publish/subscribe that is
 * there: in a replacement the new one is there before the old one goes.
 */
final class Listener {
  private final JournalComponent journals;
  private final Supplier<String> node;
  private final ReentrantLock lock = new ReentrantLock(); // no handler takes it
  private final Set<PubSub> present = new LinkedHashSet<>();
  private final Map<PubSub, Subscription> subscriptions = new ConcurrentHashMap<>();
  private @Nullable Topic topic;

  Listener(JournalComponent journals, Supplier<String> node) {
    this.journals = journals;
    this.node = node;
  }

  /** Listens to a topic, or to none. */
  void listen(Optional<Topic> next) {
    lock.lock();
    try {
      if (!next.equals(Optional.ofNullable(topic))) {
        subscriptions.values().forEach(Subscription::close);
        subscriptions.clear();
        topic = next.orElse(null);
        present.forEach(this::subscribe);
      }
    } finally {
      lock.unlock();
    }
  }

  void arrived(PubSub pubSub) {
    lock.lock();
    try {
      present.add(pubSub);
      subscribe(pubSub);
    } finally {
      lock.unlock();
    }
  }

  void left(PubSub pubSub) {
    lock.lock();
    try {
      present.remove(pubSub);
      Subscription subscription = subscriptions.remove(pubSub);
      if (subscription != null) {
        subscription.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private void subscribe(PubSub pubSub) {
    if (topic != null) {
      String place = journals.place(topic.name());
      subscriptions.put(pubSub, pubSub.subscribe(topic, message -> handle(message, place)));
      journals.noted("subscribed as " + place);
    }
  }

  private void handle(Message message, String place) {
    LoadMessage.decode(message.toBytes())
        .ifPresent(what -> journals.handled(
            "topic " + message.topic(), what, message.publisher().toString(), node.get(), place));
  }
}
