package io.thole.core;

import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.PartKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts that are present, and which of each kind should run. Confined to the loop. */
final class PartRoster {
  private static final Comparator<Part> BEST_FIRST = Comparator.<Part>comparingInt(
          part -> part.origin().ranking())
      .reversed()
      .thenComparingLong(part -> part.origin().order());

  private final Map<PartKind, List<Part>> present = new EnumMap<>(PartKind.class);
  private final Map<PartKind, Part> chosen = new EnumMap<>(PartKind.class);
  private final Set<Part> failed = new HashSet<>();
  private final Map<Part, String> reasons = new HashMap<>();

  PartRoster() {
    for (PartKind kind : PartKind.values()) {
      present.put(kind, new ArrayList<>());
    }
  }

  void add(Part part) {
    List<Part> parts = of(part.kind());
    parts.add(part);
    parts.sort(BEST_FIRST);
  }

  void rank(Part part, Part.Origin origin) {
    part.rank(origin);
    of(part.kind()).sort(BEST_FIRST);
  }

  void remove(Part part) {
    of(part.kind()).remove(part);
    chosen.remove(part.kind(), part);
    failed.remove(part);
    reasons.remove(part);
  }

  boolean contains(Part part) {
    return of(part.kind()).contains(part);
  }

  List<Part> of(PartKind kind) {
    return present.getOrDefault(kind, List.of());
  }

  /** Returns the parts of a name, the best one first: two versions of one provider may be present. */
  List<Part> named(PartKind kind, String name) {
    return of(kind).stream().filter(part -> part.name().equals(name)).toList();
  }

  /**
   * Prefers a part to its betters until it goes. Choosing the best one gives the choice back to the ranking.
   *
   * @return the part that was preferred before
   */
  Optional<Part> choose(Part part) {
    failed.remove(part);
    reasons.remove(part);
    Optional<Part> former = Optional.ofNullable(chosen.remove(part.kind()));
    if (!of(part.kind()).get(0).equals(part)) {
      chosen.put(part.kind(), part);
    }
    return former;
  }

  boolean isChosen(Part part) {
    return part.equals(chosen.get(part.kind()));
  }

  /**
   * Passes a part over from now on, because it failed to start.
   *
   * @return whether it is still present, and the reason another than the last time
   */
  boolean fail(Part part, String reason) {
    if (!contains(part)) {
      return false; // it was taken out, and nothing may keep it
    }
    failed.add(part);
    chosen.remove(part.kind(), part);
    return !reason.equals(reasons.put(part, reason));
  }

  /** Gives every part of a kind another chance. */
  void forgive(PartKind kind) {
    failed.removeIf(part -> part.kind() == kind);
  }

  Optional<String> failure(Part part) {
    return failed.contains(part) ? Optional.ofNullable(reasons.get(part)) : Optional.empty();
  }

  /** Returns the parts that are passed over, in the order of starting, each with the reason. */
  List<PartFailed> failures() {
    return failed.isEmpty()
        ? List.of()
        : Arrays.stream(PartKind.values())
            .flatMap(kind -> of(kind).stream())
            .flatMap(part ->
                failure(part).map(reason -> new PartFailed(part.toString(), reason)).stream())
            .toList();
  }

  /** Returns the part that should run: the chosen one, else the best that has not failed. */
  Optional<Part> elected(PartKind kind) {
    return Optional.ofNullable(chosen.get(kind))
        .or(() -> of(kind).stream().filter(part -> !failed.contains(part)).findFirst());
  }

  /** Returns those of some kinds of which no part is present, in the order of starting. */
  List<PartKind> missing(Set<PartKind> kinds) {
    List<PartKind> missing = new ArrayList<>();
    for (PartKind kind : kinds) {
      if (of(kind).isEmpty()) {
        missing.add(kind);
      }
    }
    Collections.sort(missing);
    return List.copyOf(missing);
  }
}
