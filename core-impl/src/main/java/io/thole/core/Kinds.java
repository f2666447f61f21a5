package io.thole.core;

import java.util.List;
import java.util.TreeMap;

/** The kinds that this node has, each counted by how many register it. Confined to the loop. */
final class Kinds {
  private final TreeMap<String, Integer> registrations = new TreeMap<>();

  void register(String kind) {
    registrations.merge(kind, 1, Integer::sum);
  }

  void unregister(String kind) {
    registrations.computeIfPresent(kind, (name, count) -> count == 1 ? null : count - 1);
  }

  boolean contains(String kind) {
    return registrations.containsKey(kind);
  }

  List<String> names() {
    return List.copyOf(registrations.keySet());
  }
}
