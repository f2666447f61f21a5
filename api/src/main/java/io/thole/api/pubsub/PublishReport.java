package io.thole.api.pubsub;

import io.thole.api.NodeId;
import java.util.List;
import java.util.Map;

/**
 * What became of one message: an outcome for each target. No target is a valid report.
 *
 * @param outcomes how many targets ended in each outcome; outcomes without a target may be missing
 * @param unreadable targets that could not read the payload, the first {@link #UNREADABLE} of them; the counts hold them all, as
 *     {@link Outcome#REJECTED}
 */
public record PublishReport(Map<Outcome, Integer> outcomes, List<Unreadable> unreadable) {
  /** How many targets that could not read it are kept. */
  public static final int UNREADABLE = 8;

  /**
   * A target that could not read the payload, so that its handler was not called.
   *
   * @param node its node
   * @param reason why, in its words: printable ASCII, at most 200 characters
   */
  public record Unreadable(NodeId node, String reason) {}

  /** Copies map and list. */
  public PublishReport {
    outcomes = Map.copyOf(outcomes);
    unreadable = List.copyOf(unreadable);
  }

  /** Makes one of what all could read. */
  public PublishReport(Map<Outcome, Integer> outcomes) {
    this(outcomes, List.of());
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
