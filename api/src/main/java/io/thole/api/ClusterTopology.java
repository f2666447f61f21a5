package io.thole.api;

import java.util.List;

/**
 * One change of the cluster: who joined, who left, and the version at which this node saw it.
 *
 * <p>It carries what its publisher said, sorted; whether that makes sense (nobody twice, nobody both joined and left) is
 * judged by the core, which publishes a {@link ClusterEvent.TopologyRejected} where it does not.
 *
 * @param joined the addresses that came
 * @param left the addresses that went
 * @param version the number of this change on this node, at least 0; each node counts for itself
 */
public record ClusterTopology(List<Authority> joined, List<Authority> left, long version) {
  /**
   * Copies and sorts the lists.
   *
   * @throws IllegalArgumentException if the version is negative
   */
  public ClusterTopology {
    joined = Sorted.copy(joined);
    left = Sorted.copy(left);
    if (version < 0) {
      throw new IllegalArgumentException("version " + version + " is negative");
    }
  }

  /**
   * Returns what tells two changes apart: FNV-1a, 64 bit, over the UTF-8 bytes of the distinct sorted {@code joined},
   * joined by commas, {@code |}, the same of {@code left}, {@code |} and the decimal {@code version}.
   *
   * @return an unsigned 64-bit number; print it with {@link #hashText()}
   */
  public long hash() {
    return Fnv1a.hash(Fnv1a.sortedText(joined) + "|" + Fnv1a.sortedText(left) + "|" + version);
  }

  /** Returns the {@link #hash()} as 16 hexadecimal digits. */
  public String hashText() {
    return String.format("%016x", hash());
  }
}
