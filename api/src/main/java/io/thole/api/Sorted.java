package io.thole.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Lists as records keep them: in their natural order, and never changed. */
final class Sorted {
  private Sorted() {}

  /** Returns a sorted copy; the list itself where it is one already, so that what is handed on is not made again. */
  static <T extends Comparable<? super T>> List<T> copy(Collection<T> values) {
    List<T> copy = List.copyOf(values);
    for (int i = 1; i < copy.size(); i++) {
      if (copy.get(i - 1).compareTo(copy.get(i)) > 0) {
        List<T> sorted = new ArrayList<>(copy);
        Collections.sort(sorted);
        return List.copyOf(sorted);
      }
    }
    return copy;
  }
}
