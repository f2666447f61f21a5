package io.thole.testkit.fuzz;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param name what was fuzzed
 * @param seed what it began with
 * @param inputs how many inputs there were
 * @param states how many of them have reached each state
 * @param mostBytes the most that was allocated for an input
 * @param mostBytesBeside the most that was allocated beside the allowance for each byte of an input
 * @param nanos how long it took
 */
public record FuzzReport(
    String name,
    long seed,
    long inputs,
    Map<String, Long> states,
    long mostBytes,
    long mostBytesBeside,
    long nanos) {
  /** Returns how many inputs have reached a state. */
  public long count(String state) {
    return states.getOrDefault(state, 0L);
  }

  /** One line of figures, and one of states. */
  @Override
  public String toString() {
    String reached = states.entrySet().stream()
        .map(state -> String.format("%s %,d", state.getKey(), state.getValue()))
        .collect(Collectors.joining(", "));
    return String.format(
        "fuzz %s: %,d inputs in %.1f s, seed %d; 0 uncaught; at most %,d bytes allocated for one,"
            + " %,d beside what its length allows%n  %s",
        name, inputs, nanos / 1e9, seed, mostBytes, mostBytesBeside, reached);
  }
}
