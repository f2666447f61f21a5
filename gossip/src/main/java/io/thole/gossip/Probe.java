package io.thole.gossip;

import io.thole.api.NodeId;

/** A probe that is under way. Confined to its engine. */
final class Probe {
  final int sequence;
  final NodeId target;
  long sentNanos;
  long indirectNanos; // when others are asked
  long failNanos;
  boolean indirect;
  int nacksMissing;

  Probe(int sequence, NodeId target, long sentNanos) {
    this.sequence = sequence;
    this.target = target;
    this.sentNanos = sentNanos;
  }

  long dueNanos() {
    return indirect ? failNanos : indirectNanos;
  }

  void shift(long nanos) {
    sentNanos += nanos;
    indirectNanos += nanos;
    failNanos += nanos;
  }
}
