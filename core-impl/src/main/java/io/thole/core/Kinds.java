package io.thole.core;

import java.util.List;
import java.util.TreeMap;

/** The kinds that this node has, each counted by how many register it. Confined to the loop. */
final class Kinds {
  private final TreeMap<String, Integer> registrations = new TreeMap<>();
  private List<String> names = List.of();

  void register(String kind) {
    registrations.merge(kind, 1, Integer::sum);
    names = List.copyOf(registrations.keySet());
  }

  void unregister(String kind) {
    registrations.computeIfPresent(kind, (name, count) -> count == 1 ? null : count - 1);
    names = List.copyOf(registrations.keySet());
  }

  boolean contains(String kind) {
    return registrations.containsKey(kind);
  }

  List<String> names() {
    return names;
  }
}
