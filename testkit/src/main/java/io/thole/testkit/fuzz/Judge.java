package io.thole.testkit.fuzz;

/**
 * Says what became of an input.
 *
 * @param <R> what the decoder makes of bytes
 */
@FunctionalInterface
public interface Judge<R> {
  /**
   * Names the states that the input has reached: which message it is, or for what it was refused.
   *
   * @param input as it came
   * @param decoded what was made of it
   * @return at least one
   * @throws AssertionError if the one contradicts the other, for instance since it is not encoded as it came
   */
  Iterable<String> states(byte[] input, R decoded);
}
