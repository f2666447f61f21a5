package io.thole.api;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a node does when a part of its cluster was found unreachable. Nobody can tell a partition from a crash: a policy says
 * which of the two a node bets on.
 */
public enum PartitionPolicy {
  /** Goes on without the others, whoever they are, and merges with them once they are met again. */
  BOTH_SIDES_GO_ON,
  /**
   * Goes on while more than half of the cluster can be reached, or one half of it with the smallest address; else leaves.
   */
  KEEP_MAJORITY;

  /** Returns how configurations spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the policy that is spelt so, in whichever case.
   *
   * @throws IllegalArgumentException if there is none
   */
  static PartitionPolicy labelled(String label) {
    return Arrays.stream(values())
        .filter(policy -> policy.label().equalsIgnoreCase(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such policy: " + label));
  }
}
