package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The other members that a node knows, each at a slot from 0 to {@link #size}, at most one for each address. Flat arrays: with
 * ten thousand members on ten thousand simulated nodes each byte of an entry is 100 MB. For one thread.
 */
final class MemberTable {
  static final int NONE = -1;

  private final SplittableRandom random;
  private NodeId[] nodes = new NodeId[8];
  private int[] refutations = new int[8];
  private boolean[] suspects = new boolean[8];
  private boolean[] met = new boolean[8];
  private int[] order = new int[8]; // a permutation of the slots: whom to probe when
  private int[] index = new int[32]; // open addressing by address: slot + 1, or 0
  private int size;
  private int suspected;
  private int probed; // how far the probes have come in the order
  private long hash;

  /**
   * Makes a table that is empty.
   *
   * @param random decides in which order members are probed
   */
  MemberTable(SplittableRandom random) {
    this.random = random;
  }

  int size() {
    return size;
  }

  /** Returns how many are suspected. */
  int suspected() {
    return suspected;
  }

  /** Returns the sum of the hashes of all members: the same whatever their order. */
  long hash() {
    return hash;
  }

  NodeId node(int slot) {
    return nodes[slot];
  }

  int refutation(int slot) {
    return refutations[slot];
  }

  boolean isSuspect(int slot) {
    return suspects[slot];
  }

  void refute(int slot, int refutation) {
    refutations[slot] = refutation;
  }

  /** Tells whether this run itself was met here, or is known by what others say alone. */
  boolean isMet(int slot) {
    return met[slot];
  }

  void meet(int slot) {
    met[slot] = true;
  }

  void suspect(int slot, boolean suspect) {
    if (suspects[slot] != suspect) {
      suspects[slot] = suspect;
      suspected += suspect ? 1 : -1;
    }
  }

  /** Returns the slot of the member at an address, or {@link #NONE}. */
  int find(Authority address) {
    int at = home(address);
    for (int entry = index[at]; entry != 0; entry = index[at]) {
      if (nodes[entry - 1].authority().equals(address)) {
        return entry - 1;
      }
      at = (at + 1) & (index.length - 1);
    }
    return NONE;
  }

  /** Returns the slot of exactly this run of a node, or {@link #NONE}. */
  int find(NodeId node) {
    int slot = find(node.authority());
    return slot != NONE && nodes[slot].incarnation() == node.incarnation() ? slot : NONE;
  }

  /** Adds a member whose address is not there. */
  int add(NodeId node, int refutation) {
    if (size == nodes.length) {
      grow();
    }
    int slot = size++;
    nodes[slot] = node;
    refutations[slot] = refutation;
    suspects[slot] = false;
    met[slot] = false;
    hash += NodeHash.of(node);
    link(slot);
    // It is probed at a random moment of the round that is under way, or of the next (SWIM 4.3).
    int place = random.nextInt(size);
    order[slot] = order[place];
    order[place] = slot;
    return slot;
  }

  /** Removes a member; the last one takes its slot. */
  void remove(int slot) {
    suspect(slot, false);
    hash -= NodeHash.of(nodes[slot]);
    int last = size - 1;
    unlink(slot);
    if (slot != last) {
      unlink(last);
      nodes[slot] = nodes[last];
      refutations[slot] = refutations[last];
      suspects[slot] = suspects[last];
      met[slot] = met[last];
      link(slot);
    }
    nodes[last] = null;
    suspects[last] = false;
    size = last;
    forgetOrder(slot, last);
  }

  /** Returns the slot of whoever is probed next: everyone once in each round, in an order that is drawn anew each time. */
  int next() {
    if (probed >= size) {
      probed = 0;
    }
    int drawn = probed + random.nextInt(size - probed);
    int slot = order[drawn];
    order[drawn] = order[probed];
    order[probed++] = slot;
    return slot;
  }

  private void forgetOrder(int slot, int last) {
    int place = 0;
    while (order[place] != slot) {
      place++;
    }
    if (place < probed) { // keep those that have been probed at the front
      order[place] = order[--probed];
      place = probed;
    }
    order[place] = order[size];
    for (int i = 0; slot != last && i < size; i++) {
      if (order[i] == last) {
        order[i] = slot;
        return;
      }
    }
  }

  private int home(Authority address) {
    return (int) NodeHash.of(address) & (index.length - 1);
  }

  private void link(int slot) {
    int at = home(nodes[slot].authority());
    while (index[at] != 0) {
      at = (at + 1) & (index.length - 1);
    }
    index[at] = slot + 1;
  }

  /** Takes a slot out of the index, and moves up those that had to go past it. */
  private void unlink(int slot) {
    int mask = index.length - 1;
    int hole = home(nodes[slot].authority());
    while (index[hole] != slot + 1) {
      hole = (hole + 1) & mask;
    }
    index[hole] = 0;
    for (int at = (hole + 1) & mask; index[at] != 0; at = (at + 1) & mask) {
      int home = home(nodes[index[at] - 1].authority());
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        index[hole] = index[at];
        index[at] = 0;
        hole = at;
      }
    }
  }

  private void grow() {
    int capacity = size + (size >> 1);
    nodes = Arrays.copyOf(nodes, capacity);
    refutations = Arrays.copyOf(refutations, capacity);
    suspects = Arrays.copyOf(suspects, capacity);
    met = Arrays.copyOf(met, capacity);
    order = Arrays.copyOf(order, capacity);
    if (capacity * 3 / 2 > index.length) {
      index = new int[Integer.highestOneBit(capacity * 3 / 2) * 2];
      for (int slot = 0; slot < size; slot++) {
        link(slot);
      }
    }
  }
}
