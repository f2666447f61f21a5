package io.thole.hello;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thole.api.Escaped;
import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Logs what is published on the topic {@code hello}, wherever there is publish/subscribe; without it, it waits and is
 * nobody's problem.
 */
@Component(
    service = {},
    immediate = true)
public final class HelloSubscriberComponent {
  private static final Logger LOG = System.getLogger(HelloSubscriberComponent.class.getName());
  private static final Topic HELLO = new Topic("hello");

  private final Map<PubSub, Subscription> subscriptions = new ConcurrentHashMap<>();

  /** Makes one; Declarative Services do. */
  @Activate
  public HelloSubscriberComponent() {}

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPubSub(PubSub pubSub) {
    subscriptions.put(pubSub, pubSub.subscribe(HELLO, this::onMessage));
  }

  // A successor is bound before its predecessor goes: each has a subscription of its own.
  void unbindPubSub(PubSub pubSub) {
    Subscription subscription = subscriptions.remove(pubSub);
    if (subscription != null) {
      subscription.close();
    }
  }

  private void onMessage(Message message) {
    LOG.log(Level.INFO, line(message));
  }

  static String line(Message message) {
    return message.topic() + ": " + Escaped.of(new String(message.toBytes(), UTF_8)) + " from "
        + message.publisher();
  }
}
