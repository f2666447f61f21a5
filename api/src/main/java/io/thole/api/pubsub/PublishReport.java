package io.thole.api.pubsub;

import java.util.Map;

/**
 * What became of one message: an outcome for each target. No target is a valid report.
 *
 * @param outcomes how many targets ended in each outcome; outcomes without a target may be missing
 */
public record PublishReport(Map<Outcome, Integer> outcomes) {
  /** Copies the map. */
  public PublishReport {
    outcomes = Map.copyOf(outcomes);
  }

  /** Returns how many targets the message had. */
  public int targets() {
    return outcomes.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Returns how many targets ended in an outcome. */
  public int count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }
}
