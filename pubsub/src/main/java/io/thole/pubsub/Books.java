package io.thole.pubsub;

import io.thole.api.Account;
import io.thole.api.pubsub.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts of all topics on which this node published, or was asked to. Any thread. */
final class Books {
  /** How many topics have an account of their own: who publishes on ever new ones shall not fill the memory. */
  static final int NAMED = 1_000;

  private final Map<Topic, Book> named = new ConcurrentHashMap<>();
  private final Book others = new Book();

  /** Returns the book of a topic; beyond {@link #NAMED}, give or take those that come at once, the one of all others. */
  Book of(Topic topic) {
    Book known = named.get(topic);
    if (known != null) {
      return known;
    }
    return named.size() < NAMED ? named.computeIfAbsent(topic, key -> new Book()) : others;
  }

  /** Returns the accounts, sorted by topic. */
  List<Account> read() {
    List<Account> accounts = new ArrayList<>();
    named.entrySet().stream()
        .sorted((a, b) -> a.getKey().name().compareTo(b.getKey().name()))
        .forEach(entry -> accounts.add(entry.getValue().read("topic " + entry.getKey())));
    Account rest = others.read("topic (others)");
    if (rest.attempts() > 0) {
      accounts.add(rest);
    }
    return List.copyOf(accounts);
  }
}
