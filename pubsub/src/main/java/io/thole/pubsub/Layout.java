package io.thole.pubsub;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How the values of one component of a record lie in bytes. Both sides know what comes, so that nothing says it; numbers are
 * big-endian. Any thread.
 */
interface Layout {
  /** How deep records, lists, maps and optionals may lie in each other. */
  int DEPTH = 32;

  /**
   * Writes a value.
   *
   * @param value not null, and of the class that this is for
   * @param target where to
   * @param depth how deep it lies
   * @throws IllegalArgumentException if it cannot be written
   */
  void write(Object value, Written target, int depth);

  /**
   * Reads a value. Takes no more memory than a small multiple of the bytes.
   *
   * @param source from its position
   * @param depth how deep it lies
   * @throws IllegalArgumentException if there is none
   * @throws java.nio.BufferUnderflowException if it is cut short
   */
  Object read(ByteBuffer source, int depth);

  /** Returns how few bytes a value takes, at least 1: so many of them can be told from too many. */
  int leastBytes();

  /** Returns what stands for a component that the writer did not know: 0, false or empty. */
  Optional<Object> missing();

  /** Returns the next level, unless it is too deep. */
  static int deeper(int depth) {
    if (depth >= DEPTH) {
      throw new IllegalArgumentException("values lie more than " + DEPTH + " deep in each other");
    }
    return depth + 1;
  }

  /** Reads how many there are of what takes so many bytes at least. */
  static int count(ByteBuffer source, int leastBytes) {
    int count = source.getInt();
    if (count < 0 || count > source.remaining() / leastBytes) {
      throw new IllegalArgumentException(
          count + " values in " + source.remaining() + " bytes cannot be");
    }
    return count;
  }
}
