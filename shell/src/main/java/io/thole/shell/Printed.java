package io.thole.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.Escaped;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.TopicFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The topics whose messages the shell prints, a line each. They outlive the publish/subscribe bundle: whoever follows it is
 * given them again. Any thread.
 */
final class Printed {
  /** How many topics one shell prints: more than anyone reads. */
  static final int LIMIT = 100;

  private final Aside aside;
  private final Map<String, Entry> entries = new TreeMap<>();
  private @Nullable PubSub pubSub;

  private record Entry(boolean json, @Nullable Subscription subscription) {}

  /**
   * Prints nothing yet.
   *
   * @param aside where lines go
   */
  Printed(Aside aside) {
    this.aside = aside;
  }

  /** Goes on with another publish/subscribe; the one before ends its own subscriptions. */
  synchronized void use(PubSub next) {
    pubSub = next;
    entries.replaceAll((name, entry) ->
        new Entry(entry.json(), subscribed(next, TopicFilter.of(name), entry.json())));
  }

  /** Waits for a successor, unless there is one already. */
  synchronized void lose(PubSub gone) {
    if (gone.equals(pubSub)) {
      pubSub = null;
      entries.replaceAll((name, entry) -> new Entry(entry.json(), null));
    }
  }

  /**
   * Prints a topic from now on.
   *
   * @param topic which one
   * @param json whether as objects
   * @return the members that have not acknowledged it within 5 s
   * @throws CommandFailedException if it is printed already, or one too many
   */
  synchronized CompletionStage<List<NodeId>> add(TopicFilter topic, boolean json) {
    if (entries.containsKey(topic.name())) {
      throw new CommandFailedException(
          topic + " is printed already; end it with: unsubscribe " + topic);
    }
    if (entries.size() >= LIMIT) {
      throw new CommandFailedException(
          LIMIT + " topics are printed already; end one with: unsubscribe TOPIC");
    }
    PubSub now = pubSub;
    Subscription subscription = now == null ? null : subscribed(now, topic, json);
    entries.put(topic.name(), new Entry(json, subscription));
    return subscription == null
        ? CompletableFuture.completedFuture(List.of())
        : subscription.spread();
  }

  /** Prints a topic no more; tells whether it was printed. */
  boolean remove(TopicFilter topic) {
    Optional<Subscription> ended;
    synchronized (this) {
      Entry entry = entries.remove(topic.name());
      if (entry == null) {
        return false;
      }
      ended = Optional.ofNullable(entry.subscription());
    }
    ended.ifPresent(Subscription::close); // waits for a line that is being printed
    return true;
  }

  private Subscription subscribed(PubSub by, TopicFilter topic, boolean json) {
    return by.subscribe(topic, new Printing(aside, json));
  }

  /** Prints what it is told. It has a name, since events and accounts name whoever subscribes. */
  private record Printing(Aside aside, boolean json) implements MessageHandler {
    @Override
    public void onMessage(Message message) {
      byte[] payload = message.toBytes();
      String text = new String(payload, UTF_8);
      String publisher = message.publisher().toString();
      aside.line(
          json
              ? Json.of(Row.EMPTY
                  .with("topic", message.topic().name())
                  .with("publisher", publisher)
                  .with("bytes", payload.length)
                  .with("text", text))
              : message.topic() + ": " + Escaped.plain(text) + " from " + publisher);
    }
  }
}
