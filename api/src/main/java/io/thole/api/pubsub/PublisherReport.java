package io.thole.api.pubsub;

import io.thole.api.NodeId;
import java.util.List;
import java.util.Map;

/**
 * What became of the messages of a {@link Publisher}.
 *
 * @param published the number of the last message
 * @param settled up to which number every target of every message has its outcome
 * @param targets how many outcomes there are to be in all
 * @param outcomes how many targets ended in each outcome; outcomes without a target may be missing
 * @param exceptions which messages were not delivered somewhere, the latest {@link #EXCEPTIONS} of them
 */
public record PublisherReport(
    long published,
    long settled,
    long targets,
    Map<Outcome, Long> outcomes,
    List<Missed> exceptions) {
  /** How many exceptions are kept; the counts hold them all. */
  public static final int EXCEPTIONS = 1_000;

  /**
   * Messages that had another outcome than {@link Outcome#DELIVERED} at one subscription.
   *
   * @param first the number of the first
   * @param last the number of the last
   * @param node the node of the subscription
   * @param outcome what became of them
   * @param reason where their payload could not be read, why: printable ASCII, at most 200 characters; else empty
   */
  public record Missed(long first, long last, NodeId node, Outcome outcome, String reason) {
    /** Makes one without a reason. */
    public Missed(long first, long last, NodeId node, Outcome outcome) {
      this(first, last, node, outcome, "");
    }
  }

  /** Copies the map and the list. */
  public PublisherReport {
    outcomes = Map.copyOf(outcomes);
    exceptions = List.copyOf(exceptions);
  }

  /** Returns how many targets ended in an outcome. */
  public long count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /** Returns how many targets have no outcome yet. */
  public long open() {
    return targets - outcomes.values().stream().mapToLong(Long::longValue).sum();
  }
}
