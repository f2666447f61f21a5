package io.thole.api.pubsub;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Turns the values of one type into bytes and back, under a name that travels with each message. Whoever registers one as a service
 * has it used on its node; it may go, come back and be replaced while messages flow. In plain Java it is found by the
 * {@link java.util.ServiceLoader}, or given to the broker.
 *
 * <ol>
 *   <li>Name and class are asked for once, when it comes, and stay.
 *   <li>The name says what the bytes mean: who changes that in a way that others cannot read changes the name.
 *   <li>It has no state: any number of threads call it at once, and a call may still run when it is taken back.
 *   <li>Bytes come from strangers: what makes no sense is thrown at, and nothing larger than them is made of their promise.
 * </ol>
 *
 * @param <T> the class of the values
 */
@ConsumerType
public interface MessageCodec<T> {
  /** The type of what is published as bytes. */
  String BYTES = "bytes";

  /** The type of {@link String}: UTF-8. */
  String TEXT = "text";

  /** The most characters of a name. */
  int NAME_LIMIT = 128;

  /**
   * Returns the name of the type: 1 to {@link #NAME_LIMIT} of the characters {@code A-Z a-z 0-9 . _ / -}, and neither
   * {@link #BYTES} nor {@link #TEXT}. The same on all nodes, and not that of a class, which may move.
   */
  String typeName();

  /** Returns the class of the values. */
  Class<T> type();

  /**
   * Writes a value.
   *
   * @param value not null
   * @return its bytes; nobody changes them
   * @throws RuntimeException if it cannot be written; the message is then refused
   */
  byte[] encode(T value);

  /**
   * Reads a value.
   *
   * @param bytes from position to limit, read-only, and valid until this returns
   * @return not null
   * @throws RuntimeException if they are no such value; its text is what the publisher is told
   */
  T decode(ByteBuffer bytes);
}
