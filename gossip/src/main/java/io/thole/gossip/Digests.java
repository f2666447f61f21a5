package io.thole.gossip;

import io.thole.api.NodeId;
import java.util.ArrayList;
import java.util.List;

/** What a node knows, in 64 buckets by hash: the sum of the hashes in each tells where two views differ. */
final class Digests {
  static final int BUCKETS = 64;

  private Digests() {}

  static int bucket(NodeId node) {
    return (int) (NodeHash.of(node) >>> 58);
  }

  /** Returns the sum of each bucket. */
  static List<Long> of(NodeId self, boolean member, MemberTable others) {
    long[] sums = new long[BUCKETS];
    for (int slot = 0; slot < others.size(); slot++) {
      add(sums, others.node(slot));
    }
    if (member) {
      add(sums, self);
    }
    List<Long> buckets = new ArrayList<>(BUCKETS);
    for (long sum : sums) {
      buckets.add(sum);
    }
    return buckets;
  }

  /** Returns which buckets differ, a bit each. */
  static long differing(List<Long> one, List<Long> other) {
    long mask = 0;
    for (int i = 0; i < BUCKETS; i++) {
      if (!one.get(i).equals(other.get(i))) {
        mask |= 1L << i;
      }
    }
    return mask;
  }

  static boolean in(long mask, NodeId node) {
    return (mask >>> bucket(node) & 1) != 0;
  }

  private static void add(long[] sums, NodeId node) {
    long hash = NodeHash.of(node);
    sums[(int) (hash >>> 58)] += hash;
  }
}
