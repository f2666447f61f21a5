package io.thole.testkit.fuzz;

import java.nio.ByteBuffer;

/**
 * What is fuzzed.
 *
 * @param <R> what it makes of bytes
 */
@FunctionalInterface
public interface Decoder<R> {
  /**
   * Decodes. Must not throw, and must make the same of the same bytes each time; what it allocates is measured.
   *
   * @param input from position to limit; big-endian
   */
  R decode(ByteBuffer input);
}
