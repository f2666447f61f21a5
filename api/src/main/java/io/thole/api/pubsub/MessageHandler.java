package io.thole.api.pubsub;

import org.osgi.annotation.versioning.ConsumerType;

/** What an application does with a message. */
@ConsumerType
@FunctionalInterface
public interface MessageHandler {
  /**
   * Is told a message. Returning means delivered; throwing means rejected.
   *
   * @param message valid until this returns
   * @throws Exception whatever it likes; the publisher is told {@link Outcome#REJECTED}
   */
  void onMessage(Message message) throws Exception;
}
