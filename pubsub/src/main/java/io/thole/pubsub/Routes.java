package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where messages go: for each topic an immutable list of targets, those of one node together, which is exchanged whole when
 * it changes. So whoever publishes reads it without waiting. Any thread.
 */
final class Routes {
  /** How many topics may have subscribers, in the whole cluster as this node sees it. */
  static final int TOPICS = 100_000;

  private static final Comparator<Target> ORDER =
      Comparator.comparing(Target::node).thenComparingLong(Target::id);

  private final Map<Topic, List<Target>> routes = new ConcurrentHashMap<>();

  private final AtomicLong changes = new AtomicLong();

  /** Held by whoever changes something: two topics at once would exceed the limit. */
  private final ReentrantLock changing = new ReentrantLock();

  /** Returns how often something has changed: whoever knows the targets as of the same number knows them still. */
  long changes() {
    return changes.get();
  }

  /** Returns the targets of a topic at this moment. */
  List<Target> targets(Topic topic) {
    return routes.getOrDefault(topic, List.of());
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
      routes.put(target.topic(), List.copyOf(next));
      changes.incrementAndGet();
      return true;
    } finally {
      changing.unlock();
    }
  }

  void remove(Target target) {
    changing.lock();
    try {
      routes.computeIfPresent(target.topic(), (topic, known) -> {
        List<Target> next = known.stream().filter(other -> other != target).toList();
        return next.isEmpty() ? null : next;
      });
      changes.incrementAndGet();
    } finally {
      changing.unlock();
    }
  }

  /** Returns who subscribes where, sorted by topic. */
  List<TopicStatus> topics() {
    return routes.entrySet().stream()
        .map(route -> status(route.getKey(), route.getValue()))
        .sorted(Comparator.comparing(status -> status.topic().name()))
        .toList();
  }

  private static TopicStatus status(Topic topic, List<Target> targets) {
    List<NodeId> nodes = targets.stream().map(Target::node).distinct().toList();
    return new TopicStatus(topic, targets.size(), nodes);
  }
}
