package io.thole.api.pubsub;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an application does with a value that was published.
 *
 * @param <T> its class
 */
@ConsumerType
@FunctionalInterface
public interface TypedHandler<T> {
  /**
   * Is told a value. Returning means delivered; throwing means rejected.
   *
   * @param value may be kept
   * @param message how it came; valid until this returns
   * @throws Exception whatever it likes; the publisher is told {@link Outcome#REJECTED}
   */
  void onMessage(T value, Message message) throws Exception;
}
