package io.thole.core;

import io.thole.api.grain.GrainKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The kinds that this node has, each as often as it is registered. Confined to the loop, but for {@link #get}. */
final class Kinds {
  private final TreeMap<String, List<Optional<GrainKind>>> registrations = new TreeMap<>();
  private volatile Map<String, GrainKind> first = Map.of();
  private List<String> names = List.of();

  /** Registers a kind whose grains are none of this node's business. */
  void register(String name) {
    register(name, Optional.empty());
  }

  void register(String name, GrainKind kind) {
    register(name, Optional.of(kind));
  }

  void unregister(String name) {
    unregister(name, Optional.empty());
  }

  void unregister(String name, GrainKind kind) {
    unregister(name, Optional.of(kind));
  }

  boolean contains(String name) {
    return registrations.containsKey(name);
  }

  /** Returns the names, sorted; the same object until they change. */
  List<String> names() {
    return names;
  }

  /** Returns what makes the grains of a kind: of several that bear its name, the one that came first. Any thread. */
  Optional<GrainKind> get(String name) {
    return Optional.ofNullable(first.get(name));
  }

  private void register(String name, Optional<GrainKind> kind) {
    registrations.computeIfAbsent(name, unheard -> new ArrayList<>()).add(kind);
    changed();
  }

  private void unregister(String name, Optional<GrainKind> kind) {
    registrations.computeIfPresent(name, (key, registered) -> {
      for (int i = 0; i < registered.size(); i++) {
        if (registered.get(i).orElse(null)
            == kind.orElse(null)) { // as a plug-in equals it, others may
          registered.remove(i);
          break;
        }
      }
      return registered.isEmpty() ? null : registered;
    });
    changed();
  }

  private void changed() {
    if (!names.equals(List.copyOf(registrations.keySet()))) {
      names = List.copyOf(registrations.keySet());
    }
    Map<String, GrainKind> next = new HashMap<>();
    registrations.forEach((name, registered) -> registered.stream()
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(kind -> next.put(name, kind)));
    first = Map.copyOf(next);
  }
}
