package io.thole.bench;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine;
import io.thole.gossip.GossipSettings;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What gossip keeps of a member of which nothing is new, beside its id: the heap after a collection, with many members and
 * before. One thread, and a collector that says exactly what is used.
 */
final class EntryMemory {
  /** So many that all else weighs nothing. */
  static final int MEMBERS = 10_000;

  /** So many engines with these members that what the rest of the process keeps or gives up meanwhile weighs nothing either. */
  private static final int ENGINES = 10;

  private static final int COLLECTIONS = 3; // what the first one leaves is gone after the next

  private EntryMemory() {}

  /** Measures, in bytes for each member. */
  static double bytesPerMember() {
    NodeId self = NodeId.at(new Authority("10.255.255.255", 26_050));
    List<NodeId> members = IntStream.range(0, MEMBERS)
        .mapToObj(i -> new NodeId(new Authority("10.0." + i / 256 + "." + i % 256, 26_050), i + 1))
        .toList();
    warmUp(self, members);
    List<GossipEngine> engines = new ArrayList<>();
    for (int i = 0; i < ENGINES; i++) {
      engines.add(new GossipEngine(self, true, GossipSettings.lan(), 1, 0));
      engines.get(i).onProposed(members, 0);
    }
    try {
      long with = used();
      engines.clear();
      return (with - used()) / (double) (ENGINES * MEMBERS);
    } finally {
      Reference.reachabilityFence(members);
    }
  }

  /** Loads the classes, and has each id compute what it keeps; what this made is garbage once it has returned. */
  private static void warmUp(NodeId self, List<NodeId> members) {
    new GossipEngine(self, true, GossipSettings.lan(), 1, 0).onProposed(members, 0);
  }

  /** Returns the result for a program: one object on one line. */
  static String json(double bytes) {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"membership\",\"entries\":%d,\"bytesPerEntry\":%.1f}%n",
        MEMBERS,
        bytes);
  }

  /** Returns the result for people. */
  static String line(double bytes) {
    return String.format(
        Locale.ROOT,
        "memory of a settled entry, beside its id: %.0f B, of %,d entries%n",
        bytes,
        MEMBERS);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
