package io.thole.gossip;

import io.thole.api.Authority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Updates that are still passed on, those that were sent least first; a newer one about an address replaces the older. For one
 * thread.
 */
final class RumorQueue {
  private final Map<Authority, Update> current = new HashMap<>();
  private final List<ArrayDeque<Update>> bySends = new ArrayList<>();

  boolean isEmpty() {
    return current.isEmpty();
  }

  int size() {
    return current.size();
  }

  /** Begins to pass something on. */
  void add(Update update) {
    current.put(update.node().authority(), update);
    level(0).add(update);
  }

  /** What is known of an address has become void. */
  void forget(Authority address) {
    current.remove(address);
  }

  /**
   * Takes what fits into one message.
   *
   * @param bytes how much fits
   * @param sends to how many nodes the message goes
   * @param limit how often each is sent before it is dropped
   */
  List<Update> take(int bytes, int sends, int limit) {
    if (current.isEmpty()) {
      bySends.clear();
      return List.of();
    }
    List<Update> taken = new ArrayList<>();
    List<Integer> sent = new ArrayList<>();
    int left = bytes;
    for (int level = 0; level < bySends.size(); level++) {
      ArrayDeque<Update> waiting = bySends.get(level);
      for (Update next = first(waiting); next != null; next = first(waiting)) {
        left -= next.encodedBytes();
        if (left < 0
            && !taken.isEmpty()) { // one goes out, however long it is: none blocks the others
          again(taken, sent, sends, limit);
          return taken;
        }
        waiting.remove();
        taken.add(next);
        sent.add(level);
      }
    }
    again(taken, sent, sends, limit);
    return taken;
  }

  private void again(List<Update> taken, List<Integer> sent, int sends, int limit) {
    for (int i = 0; i < taken.size(); i++) {
      int next = sent.get(i) + sends;
      if (next < limit) {
        level(next).add(taken.get(i));
      } else {
        current.remove(taken.get(i).node().authority());
      }
    }
  }

  private @Nullable Update first(ArrayDeque<Update> waiting) {
    for (Update next = waiting.peek(); next != null; next = waiting.peek()) {
      if (isCurrent(next)) {
        return next;
      }
      waiting.remove();
    }
    return null;
  }

  @SuppressWarnings("ReferenceEquality") // the same statement may have been made anew meanwhile
  private boolean isCurrent(Update update) {
    return current.get(update.node().authority()) == update;
  }

  private ArrayDeque<Update> level(int sends) {
    while (bySends.size() <= sends) {
      bySends.add(new ArrayDeque<>());
    }
    return bySends.get(sends);
  }
}
