package io.thole.core.partition;

import io.thole.api.Authority;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The ways in which a cluster may fall apart. */
final class Sides {
  private Sides() {}

  /** Returns a node; a larger number is a larger address. */
  static Authority node(int number) {
    return new Authority("n", 1 + number);
  }

  static Set<Authority> nodes(int... numbers) {
    Set<Authority> nodes = new TreeSet<>();
    IntStream.of(numbers).forEach(number -> nodes.add(node(number)));
    return nodes;
  }

  /** Returns the first so many nodes. */
  static Set<Authority> view(int size) {
    return nodes(IntStream.range(0, size).toArray());
  }

  /** Returns each way to split a set into sides, also that into one: as many as the Bell number of its size. */
  static List<List<Set<Authority>>> splits(Set<Authority> view) {
    List<List<Set<Authority>>> splits = List.of(List.of());
    for (Authority next : new TreeSet<>(view)) {
      List<List<Set<Authority>>> longer = new ArrayList<>();
      for (List<Set<Authority>> split : splits) {
        for (int side = 0; side <= split.size(); side++) {
          longer.add(with(split, side, next));
        }
      }
      splits = longer;
    }
    return splits;
  }

  private static List<Set<Authority>> with(List<Set<Authority>> split, int side, Authority node) {
    List<Set<Authority>> sides = new ArrayList<>();
    split.forEach(each -> sides.add(new TreeSet<>(each)));
    if (side == sides.size()) {
      sides.add(new TreeSet<>());
    }
    sides.get(side).add(node);
    return sides;
  }

  /** Returns all subsets. */
  static List<Set<Authority>> subsets(Set<Authority> of) {
    List<Set<Authority>> subsets = new ArrayList<>(List.of(Set.of()));
    for (Authority next : of) {
      for (Set<Authority> smaller : List.copyOf(subsets)) {
        Set<Authority> larger = new HashSet<>(smaller);
        larger.add(next);
        subsets.add(larger);
      }
    }
    return subsets;
  }

  /** Returns all orders. */
  static List<List<Authority>> orders(Set<Authority> of) {
    List<List<Authority>> orders = List.of(List.of());
    for (Authority next : of) {
      List<List<Authority>> longer = new ArrayList<>();
      for (List<Authority> order : orders) {
        for (int place = 0; place <= order.size(); place++) {
          List<Authority> with = new ArrayList<>(order);
          with.add(place, next);
          longer.add(with);
        }
      }
      orders = longer;
    }
    return orders;
  }

  static Set<Authority> without(Set<Authority> all, Set<Authority> some) {
    Set<Authority> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
