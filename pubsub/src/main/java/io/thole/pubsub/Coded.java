package io.thole.pubsub;

import io.thole.api.pubsub.MessageCodec;

/**
 * A codec with what it said of itself when it came.
 *
 * @param name the name of the type
 * @param type the class of the values
 * @param codec the codec
 * @param rank the higher, the sooner
 * @param <T> the class of the values
 */
record Coded<T>(String name, Class<T> type, MessageCodec<T> codec, int rank) {
  /** Asks a codec. */
  static <T> Coded<T> of(MessageCodec<T> codec, int rank) {
    return new Coded<>(codec.typeName(), codec.type(), codec, rank);
  }
}
