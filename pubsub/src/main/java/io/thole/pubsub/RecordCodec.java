package io.thole.pubsub;

import io.thole.api.pubsub.MessageCodec;
import io.thole.api.pubsub.MessageType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Writes and reads records, component by component; {@link MessageType} says which, and how they may change. Any thread.
 *
 * @param <T> the record
 */
public final class RecordCodec<T> implements MessageCodec<T> {
  private final String name;
  private final Class<T> type;
  private final RecordLayout layout;

  private RecordCodec(String name, Class<T> type) {
    Codecs.check(name);
    this.name = name;
    this.type = type;
    layout = new Layouts().of(type);
  }

  /**
   * Makes one for a record that has no {@link MessageType}: one of somebody else's.
   *
   * @param name the name of the type
   * @param type the record
   * @throws IllegalArgumentException if no message can have this name, or a component of the record is of a type that none can have
   */
  public static <T extends Record> RecordCodec<T> of(String name, Class<T> type) {
    return new RecordCodec<>(name, type);
  }

  /** Returns the codec of a class that is a record with a name. */
  static <T> Optional<RecordCodec<T>> named(Class<T> type) {
    MessageType named = type.getAnnotation(MessageType.class);
    if (named == null) {
      return Optional.empty();
    }
    if (!type.isRecord() || type.getTypeParameters().length > 0) {
      throw new IllegalArgumentException(
          type.getName() + " has a MessageType and is no record without type parameters");
    }
    return Optional.of(new RecordCodec<>(named.value(), type));
  }

  @Override
  public String typeName() {
    return name;
  }

  @Override
  public Class<T> type() {
    return type;
  }

  @Override
  public byte[] encode(T value) {
    Written written = new Written();
    layout.write(value, written, 0);
    return written.toBytes();
  }

  @Override
  public T decode(ByteBuffer bytes) {
    try {
      T value = type.cast(layout.read(bytes, 0));
      if (bytes.hasRemaining()) {
        throw new IllegalArgumentException(bytes.remaining() + " bytes are left over");
      }
      return value;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it is cut short", e);
    }
  }
}
