package io.thole.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The books of one topic or kind of grain on one node: what was asked for, and what became of it. At rest it is
 * {@linkplain #balanced() balanced}: accepted + refused = attempts, and every target has exactly one outcome.
 *
 * @param scope what it is of: {@code topic NAME} or {@code kind NAME}
 * @param attempts how often someone asked to publish or to call
 * @param accepted how many of these were accepted
 * @param refused how many were refused at once, so that nobody saw them
 * @param targets how many outcomes were to be awaited: one for each subscription of each accepted message, one for each
 *     accepted call
 * @param outcomes how many targets ended in each outcome, by its name in lower camel case ({@code nodeLost}), in the order in
 *     which people read them
 * @param open how many targets have no outcome yet
 */
public record Account(
    String scope,
    long attempts,
    long accepted,
    long refused,
    long targets,
    Map<String, Long> outcomes,
    long open) {
  /** Copies the outcomes, whose order stays. */
  public Account {
    outcomes = Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
  }

  /** Tells whether it adds up: also while targets are open, if it was read at one moment. */
  public boolean balanced() {
    long ended = outcomes.values().stream().mapToLong(Long::longValue).sum();
    return accepted + refused == attempts && ended + open == targets;
  }
}
