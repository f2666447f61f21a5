package io.thole.pubsub;

import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the patterns that match a topic by their forms, not one by one. A form is which of so many levels are any; under it a topic is
 * one name, which is looked up. However many patterns there are, a topic is looked up once for each form that occurs with its levels,
 * which the grammar limits to 2,516. Confined to whoever holds the lock of its owner.
 */
final class Patterns {
  private final Map<String, List<Target>> targets = new HashMap<>();

  /** By the number of levels: how many patterns there are of each form, which is a bit for each level. */
  private final Map<Integer, Map<Integer, Integer>> forms = new HashMap<>();

  boolean isEmpty() {
    return targets.isEmpty();
  }

  /** Takes note of who subscribes to a pattern now; with nobody it is forgotten. */
  void put(TopicPattern pattern, List<Target> subscribed) {
    if (subscribed.isEmpty()) {
      if (targets.remove(pattern.name()) != null) {
        count(pattern, -1);
      }
    } else if (targets.put(pattern.name(), subscribed) == null) {
      count(pattern, 1);
    }
  }

  private void count(TopicPattern pattern, int more) {
    String[] levels = levels(pattern.name());
    int form = 0;
    for (int i = 0; i < levels.length; i++) {
      form |= levels[i].equals("*") ? 1 << i : 0;
    }
    Map<Integer, Integer> counts = forms.computeIfAbsent(levels.length, key -> new HashMap<>());
    if (counts.merge(form, more, Integer::sum) == 0) {
      counts.remove(form);
    }
    if (counts.isEmpty()) {
      forms.remove(levels.length);
    }
  }

  /** Returns who subscribes to patterns that match a topic. */
  List<Target> matching(Topic topic) {
    String[] levels = levels(topic.name());
    List<Target> matching = new ArrayList<>();
    for (int form : forms.getOrDefault(levels.length, Map.of()).keySet()) {
      matching.addAll(targets.getOrDefault(under(form, levels), List.of()));
    }
    return matching;
  }

  private static String under(int form, String[] levels) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < levels.length; i++) {
      name.append(i == 0 ? "" : "/").append((form & 1 << i) == 0 ? levels[i] : "*");
    }
    return name.toString();
  }

  private static String[] levels(String name) {
    return name.split("/", -1);
  }
}
