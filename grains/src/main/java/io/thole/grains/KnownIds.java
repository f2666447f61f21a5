package io.thole.grains;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thole.api.grain.GrainId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names of grains, and remembers those read lately: most calls name a grain that was named before, and then nothing is
 * checked or made again. Any thread: what it remembers is immutable, and whoever does not see it makes it again.
 */
public final class KnownIds {
  /** How many are remembered, a power of two: a peer may make up names. */
  static final int MOST = 1_024;

  private final @Nullable GrainId[] known = new GrainId[MOST];

  /**
   * Reads a kind and a key.
   *
   * @throws BufferUnderflowException if the source ends before
   * @throws IllegalArgumentException if one breaks the grammar
   */
  GrainId read(ByteBuffer source) {
    int kindBytes = skip(source);
    int kindAt = source.position() - kindBytes;
    int keyBytes = skip(source);
    int keyAt = source.position() - keyBytes;
    int place = (hash(source, kindAt, kindBytes) * 31 + hash(source, keyAt, keyBytes)) & MOST - 1;
    GrainId id = known[place];
    if (id == null
        || !is(id.key(), source, keyAt, keyBytes)
        || !is(id.kind(), source, kindAt, kindBytes)) {
      id = new GrainId(text(source, kindAt, kindBytes), text(source, keyAt, keyBytes));
      known[place] = id;
    }
    return id;
  }

  /** Passes over a name; returns its length. */
  private static int skip(ByteBuffer source) {
    int length = Byte.toUnsignedInt(source.get());
    if (length > source.remaining()) {
      throw new BufferUnderflowException();
    }
    source.position(source.position() + length);
    return length;
  }

  private static int hash(ByteBuffer source, int at, int length) {
    int hash = 0;
    for (int i = at; i < at + length; i++) {
      hash = 31 * hash + source.get(i);
    }
    return hash ^ hash >>> 10;
  }

  private static boolean is(String name, ByteBuffer source, int at, int length) {
    if (name.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (name.charAt(i) != source.get(at + i)) {
        return false;
      }
    }
    return true;
  }

  private static String text(ByteBuffer source, int at, int length) {
    byte[] bytes = new byte[length];
    source.get(at, bytes);
    return new String(bytes, US_ASCII);
  }
}
