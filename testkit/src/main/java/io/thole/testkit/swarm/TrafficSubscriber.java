package io.thole.testkit.swarm;

import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Subscription;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A handler of a client. */
final class TrafficSubscriber implements MessageHandler {
  private final Traffic traffic;
  private final TrafficClient client;
  private final int topic;
  private final String name;
  private final int throwsEach;
  private final int closesAt;
  private @Nullable Subscription subscription;
  private long handled;

  /**
   * Makes it.
   *
   * @param topic the number of the topic
   * @param name unlike that of any other of this client
   * @param throwsEach at which of its messages it throws: every so many; 0 is never
   * @param closesAt at which of them it unsubscribes, in the middle of whatever came together, while there is traffic; 0 is never
   */
  TrafficSubscriber(
      Traffic traffic, TrafficClient client, int topic, String name, int throwsEach, int closesAt) {
    this.traffic = traffic;
    this.client = client;
    this.topic = topic;
    this.name = name;
    this.throwsEach = throwsEach;
    this.closesAt = closesAt;
  }

  int topic() {
    return topic;
  }

  void open(Subscription opened) {
    subscription = opened;
  }

  void close() {
    Subscription open = subscription;
    if (open != null) {
      subscription = null;
      open.close();
    }
  }

  @Override
  public void onMessage(Message message) {
    if (subscription == null) {
      client.violate("called-after-its-end", name + " was closed");
      return;
    }
    handled++;
    boolean throwing = throwsEach > 0 && handled % throwsEach == 0;
    ByteBuffer payload = handled % 2 == 0 ? message.payload() : ByteBuffer.wrap(message.toBytes());
    if (topic == Traffic.EMPTY) {
      traffic.handledEmpty(client, message.publisher(), payload.remaining());
    } else {
      Optional<TrafficMessage> read = TrafficMessage.read(payload);
      Optional<TrafficClient> from = read.flatMap(what -> traffic.client(what.client()));
      if (from.isEmpty() || from.get().scope(read.get().scope()).isEmpty()) {
        client.violate("payload", name + " was given " + payload + " of " + message.publisher());
      } else {
        client.handled(from.get(), read.get(), message.publisher(), name, throwing);
      }
    }
    if (handled == closesAt && traffic.goesOn()) {
      client.unsubscribe(this);
    }
    if (throwing) {
      throw new IllegalStateException("as agreed");
    }
  }
}
