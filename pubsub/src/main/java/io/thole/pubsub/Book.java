package io.thole.pubsub;

import io.thole.api.Account;
import io.thole.api.pubsub.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
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
  private long attempts;
  private long accepted;
  private long refused;
  private long targets;
  private long open;

  void refused() {
    lock.lock();
    try {
      attempts++;
      refused++;
    } finally {
      lock.unlock();
    }
  }

  void accepted(int count) {
    lock.lock();
    try {
      attempts++;
      accepted++;
      targets += count;
      open += count;
    } finally {
      lock.unlock();
    }
  }

  void ended(Outcome outcome) {
    lock.lock();
    try {
      outcomes.merge(outcome, 1L, Long::sum);
      open--;
    } finally {
      lock.unlock();
    }
  }

  Account read(String scope) {
    lock.lock();
    try {
      Map<String, Long> byName = new LinkedHashMap<>();
      for (Outcome outcome : Outcome.values()) {
        byName.put(name(outcome), outcomes.getOrDefault(outcome, 0L));
      }
      return new Account(scope, attempts, accepted, refused, targets, byName, open);
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
