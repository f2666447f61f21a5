package io.thole.pubsub;

import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.TypedHandler;
import java.util.Optional;

/**
 * Reads a payload before a handler of values is called. On the worker of the subscription.
 *
 * @param codecs those of this node
 * @param type the class of the values
 * @param own what reads them if nobody else does
 * @param handler whose values they are
 * @param <T> the class of the values
 */
record TypedReader<T>(
    Codecs codecs, Class<T> type, Optional<Coded<T>> own, TypedHandler<? super T> handler)
    implements MessageHandler {
  @Override
  public void onMessage(Message message) throws Exception {
    handler.onMessage(read(message), message);
  }

  private T read(Message message) {
    Coded<? extends T> coded = coded(message.type());
    Object value;
    try {
      value = coded.codec().decode(message.payload());
    } catch (Throwable thrown) { // foreign code over foreign bytes
      throw new Unreadable("type " + coded.name() + ": " + Unreadable.words(thrown), thrown);
    }
    if (!type.isInstance(value)) {
      throw new Unreadable("type " + coded.name() + ": its codec made something else", null);
    }
    return type.cast(value);
  }

  private Coded<? extends T> coded(String name) {
    Optional<Coded<? extends T>> registered = codecs.reading(name, type);
    if (registered.isPresent()) {
      return registered.get();
    }
    if (own.isPresent() && own.get().name().equals(name)) {
      return own.get();
    }
    throw new Unreadable(
        codecs.knows(name)
            ? "type " + name + " is not what is subscribed to"
            : "no codec for type " + name,
        null);
  }

  /** Tells whether two handlers are one of an application's. */
  static boolean isSame(MessageHandler one, MessageHandler other) {
    return one == other
        || (one instanceof TypedReader<?> reader
            && other instanceof TypedReader<?> second
            && reader.handler == second.handler
            && reader.type == second.type);
  }

  /** Returns the handler that an application has given. */
  static Object application(MessageHandler handler) {
    return handler instanceof TypedReader<?> reader ? reader.handler : handler;
  }
}
