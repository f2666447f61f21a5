package io.thole.testkit.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which members each node has published, compared with who is there. */
final class Views {
  private final List<BitSet> published = new ArrayList<>();
  private final BitSet there = new BitSet();
  private final BitSet sizes = new BitSet();
  private long publications;
  private int witness; // the node that was wrong when last looked at, since it mostly still is

  /** The next node begins to be there, and has published these. */
  void begin(BitSet known) {
    there.set(published.size());
    published.add((BitSet) known.clone());
  }

  /** A node is there no more. */
  void end(int node) {
    there.clear(node);
  }

  /** A node has published one change. */
  void take(int node, boolean joined, int about) {
    published.get(node).set(about, joined);
  }

  /** All changes of one publication were taken. */
  void complete(int node) {
    publications++;
    sizes.set(size(node));
  }

  /** Counts publications from now on. */
  void countFromHere() {
    publications = 0;
    sizes.clear();
  }

  /** Returns how often any node has published. */
  long publications() {
    return publications;
  }

  /** Returns how many different sizes of views were published. */
  int distinctSizes() {
    return sizes.cardinality();
  }

  /** Returns how many members a node has published. */
  int size(int node) {
    return published.get(node).cardinality();
  }

  /** Tells whether a node that is there has published exactly those that are. */
  boolean isRight(int node) {
    return published.get(node).equals(there);
  }

  /** Tells whether all nodes that are there have published exactly those that are. */
  boolean allRight() {
    if (there.get(witness) && !isRight(witness)) {
      return false;
    }
    for (int node = there.nextSetBit(0); node >= 0; node = there.nextSetBit(node + 1)) {
      if (!isRight(node)) {
        witness = node;
        return false;
      }
    }
    return true;
  }

  /** Returns how many of the nodes that are there have not published exactly those that are. */
  int wrong() {
    return (int) there.stream().filter(node -> !isRight(node)).count();
  }
}
