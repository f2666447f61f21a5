package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicPattern;
import io.thole.api.pubsub.TopicStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Where messages go: for each topic an immutable list of targets, those of one node together, which is exchanged whole when
 * it changes. So whoever publishes reads it without waiting. As long as nobody subscribes to a pattern, that is all; else a topic that
 * is published is matched once, and what came of it kept until the patterns change. Any thread.
 */
final class Routes {
  /** How many topics and patterns may have subscribers, in the whole cluster as this node sees it. */
  static final int TOPICS = 100_000;

  /** How many topics, and targets of them, are kept matched: 8 MiB of references. Beyond, all is matched anew. */
  static final int MATCHED = 1 << 20;

  private static final Comparator<Target> ORDER =
      Comparator.comparing(Target::node).thenComparingLong(Target::id);

  private final Map<TopicFilter, List<Target>> routes = new ConcurrentHashMap<>();
  private final Map<Topic, List<Target>> matched = new ConcurrentHashMap<>();
  private volatile boolean patterned; // written under the lock

  private final AtomicLong changes = new AtomicLong();

  /** Held by whoever changes something: two topics at once would exceed the limit. */
  private final ReentrantLock changing = new ReentrantLock();

  private final Patterns patterns = new Patterns(); // these under the lock
  private int kept;

  /** Returns how often something has changed: whoever knows the targets as of the same number knows them still. */
  long changes() {
    return changes.get();
  }

  /** Returns the targets of a topic at this moment; another list where they have changed. */
  List<Target> targets(Topic topic) {
    if (!patterned) {
      return subscribed(topic);
    }
    List<Target> known = matched.get(topic);
    return known == null ? match(topic) : known;
  }

  /** Returns who subscribes to just this, a topic or a pattern. */
  List<Target> subscribed(TopicFilter topics) {
    return routes.getOrDefault(topics, List.of());
  }

  private List<Target> match(Topic topic) {
    changing.lock();
    try {
      List<Target> exact = subscribed(topic);
      List<Target> all = patterns.matching(topic);
      List<Target> route = exact;
      if (!all.isEmpty()) {
        all.addAll(exact);
        all.sort(ORDER);
        route = List.copyOf(all);
      }
      if (kept + 1 + route.size() > MATCHED) {
        forgetMatched();
      }
      if (patterned && matched.putIfAbsent(topic, route) == null) {
        kept += 1 + route.size();
      }
      return route;
    } finally {
      changing.unlock();
    }
  }

  /** Returns how many topics are kept matched. */
  int matched() {
    return matched.size();
  }

  private void forgetMatched() {
    matched.clear();
    kept = 0;
  }

  /** Adds a target; false if there are too many topics. */
  boolean add(Target target) {
    changing.lock();
    try {
      List<Target> known = routes.get(target.topic());
      if (known == null && routes.size() >= TOPICS) {
        return false;
      }
      List<Target> next = new ArrayList<>(known == null ? List.of() : known);
      int place = Collections.binarySearch(next, target, ORDER);
      next.add(place < 0 ? -place - 1 : place, target);
      put(target.topic(), List.copyOf(next));
      return true;
    } finally {
      changing.unlock();
    }
  }

  void remove(Target target) {
    changing.lock();
    try {
      List<Target> known = routes.get(target.topic());
      if (known != null) {
        put(target.topic(), known.stream().filter(other -> other != target).toList());
      }
    } finally {
      changing.unlock();
    }
  }

  private void put(TopicFilter topics, List<Target> subscribed) {
    if (subscribed.isEmpty()) {
      routes.remove(topics);
    } else {
      routes.put(topics, subscribed);
    }
    if (topics instanceof TopicPattern pattern) {
      patterns.put(pattern, subscribed);
      patterned = !patterns.isEmpty();
      forgetMatched();
    } else if (topics instanceof Topic topic) {
      forget(topic);
    }
    changes.incrementAndGet();
  }

  private void forget(Topic topic) {
    List<Target> before = matched.remove(topic);
    kept -= before == null ? 0 : 1 + before.size();
  }

  /**
   * Returns who subscribes where, sorted by topic.
   *
   * @param backlog what becomes of what one does not keep up with
   */
  List<TopicStatus> topics(Function<Target, String> backlog) {
    return routes.entrySet().stream()
        .map(route -> status(route.getKey(), route.getValue(), backlog))
        .sorted(Comparator.comparing(status -> status.topic().name()))
        .toList();
  }

  private static TopicStatus status(
      TopicFilter topics, List<Target> targets, Function<Target, String> backlog) {
    List<NodeId> nodes = targets.stream().map(Target::node).distinct().toList();
    return new TopicStatus(
        topics, targets.size(), nodes, targets.stream().map(backlog).distinct().toList());
  }
}
