package io.thole.pubsub;

import io.thole.api.Account;
import io.thole.api.pubsub.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The account of one topic while it is written. Any thread; the lock makes what is read one moment, so that it adds up also
 * while messages flow.
 */
final class Book {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private long accepted;
  private long refused;
  private long targets;
  private final List<TopicPublisher> publishers = new ArrayList<>(); // each counts for itself

  /** What several count of one topic, added up. */
  static final class Sums {
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long accepted;
    private long refused;
    private long targets;

    void add(long accepted, long refused, long targets, Map<Outcome, Long> outcomes) {
      this.accepted += accepted;
      this.refused += refused;
      this.targets += targets;
      outcomes.forEach((outcome, count) -> this.outcomes.merge(outcome, count, Long::sum));
    }

    private Account account(String scope) {
      Map<String, Long> byName = new LinkedHashMap<>();
      long ended = 0;
      for (Outcome outcome : Outcome.values()) {
        long count = outcomes.getOrDefault(outcome, 0L);
        byName.put(name(outcome), count);
        ended += count;
      }
      return new Account(
          scope, accepted + refused, accepted, refused, targets, byName, targets - ended);
    }
  }

  /** A publisher counts its messages from now on. */
  void add(TopicPublisher publisher) {
    lock.lock();
    try {
      publishers.add(publisher);
    } finally {
      lock.unlock();
    }
  }

  /** Takes over what a publisher has counted that is over. */
  void fold(TopicPublisher publisher) {
    lock.lock();
    try {
      if (publishers.remove(publisher)) {
        Sums sums = new Sums();
        publisher.addTo(sums);
        accepted += sums.accepted;
        refused += sums.refused;
        targets += sums.targets;
        sums.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
      }
    } finally {
      lock.unlock();
    }
  }

  void refused() {
    lock.lock();
    try {
      refused++;
    } finally {
      lock.unlock();
    }
  }

  void accepted(int count) {
    lock.lock();
    try {
      accepted++;
      targets += count;
    } finally {
      lock.unlock();
    }
  }

  void ended(Outcome outcome) {
    lock.lock();
    try {
      outcomes.merge(outcome, 1L, Long::sum);
    } finally {
      lock.unlock();
    }
  }

  Account read(String scope) {
    lock.lock();
    try {
      Sums sums = new Sums();
      sums.add(accepted, refused, targets, outcomes);
      publishers.forEach(publisher -> publisher.addTo(sums));
      return sums.account(scope);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the name in lower camel case. */
  private static String name(Outcome outcome) {
    String[] words = outcome.name().toLowerCase(Locale.ROOT).split("_");
    return Arrays.stream(words)
        .skip(1)
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .reduce(words[0], String::concat);
  }
}
