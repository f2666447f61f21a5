package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;

/** Hashes that are the same on every node: of a run of a node for rings and views, of an address for tables. */
final class NodeHash {
  private NodeHash() {}

  static long of(NodeId node) {
    return mix(of(node.authority()) ^ mix(node.incarnation()));
  }

  static long of(Authority address) {
    return mix(((long) address.host().hashCode() << 16) ^ address.port());
  }

  /** The finaliser of SplittableRandom (Stafford's mix 13): every bit of the input counts for every bit of the output. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
