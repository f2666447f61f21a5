package io.thole.pubsub;

import io.thole.api.pubsub.MessageCodec;
import io.thole.api.pubsub.Topic;

/**
 * What a message says of itself beside its payload.
 *
 * @param topic its topic
 * @param type the name of the type of its payload
 */
record Label(Topic topic, String type) {
  /** Returns the label of bytes. */
  static Label bytes(Topic topic) {
    return new Label(topic, MessageCodec.BYTES);
  }

  boolean isBytes() {
    return type.equals(MessageCodec.BYTES);
  }
}
