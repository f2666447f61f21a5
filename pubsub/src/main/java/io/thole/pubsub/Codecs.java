package io.thole.pubsub;

import io.thole.api.Escaped;
import io.thole.api.pubsub.MessageCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** The codecs of this node at this moment. What is looked up is not kept, so that a codec that is taken back can go. Any thread. */
final class Codecs {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9._/-]{1," + MessageCodec.NAME_LIMIT + "}");

  /** Held by whoever adds or removes one: two at once would forget one. */
  private final ReentrantLock changing = new ReentrantLock();

  private volatile Known known = Known.of(List.of(BuiltIn.BYTES, BuiltIn.TEXT));

  /** All of them, the best first, and where to find them. */
  private record Known(
      List<Coded<?>> all, Map<Class<?>, Coded<?>> byClass, Map<String, List<Coded<?>>> byName) {
    static Known of(List<Coded<?>> all) {
      Map<Class<?>, Coded<?>> byClass = new HashMap<>();
      Map<String, List<Coded<?>>> byName = new HashMap<>();
      for (Coded<?> one : all) {
        byClass.putIfAbsent(one.type(), one);
        byName.computeIfAbsent(one.name(), name -> new ArrayList<>()).add(one);
      }
      return new Known(List.copyOf(all), byClass, byName);
    }
  }

  /** Tells whether a type may have this name. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Checks the name that somebody gives to a type.
   *
   * @throws IllegalArgumentException if it breaks the grammar or is one of those built in
   */
  static void check(String name) {
    if (!isName(name) || name.equals(MessageCodec.BYTES) || name.equals(MessageCodec.TEXT)) {
      throw new IllegalArgumentException("bad message type " + Escaped.of(name) + "; allowed: 1 to "
          + MessageCodec.NAME_LIMIT + " of the characters A-Z a-z 0-9 . _ / -, but not "
          + MessageCodec.BYTES + " or " + MessageCodec.TEXT);
    }
  }

  void add(MessageCodec<?> codec, int rank) {
    Coded<?> coded = Coded.of(codec, rank);
    check(coded.name());
    changing.lock();
    try {
      List<Coded<?>> next = new ArrayList<>(known.all());
      next.add(coded);
      next.sort(Comparator.comparingInt((Coded<?> one) -> one.rank()).reversed()); // stable
      known = Known.of(next);
    } finally {
      changing.unlock();
    }
  }

  void remove(MessageCodec<?> codec) {
    changing.lock();
    try {
      known = Known.of(known.all().stream().filter(one -> one.codec() != codec).toList());
    } finally {
      changing.unlock();
    }
  }

  /** Returns what writes values of a class, and of that class alone: who reads them has to know what they are. */
  @SuppressWarnings("unchecked")
  <T> Optional<Coded<T>> writing(Class<T> type) {
    return Optional.ofNullable((Coded<T>) known.byClass().get(type));
  }

  /** Returns what reads a type of this name into values of a class. */
  @SuppressWarnings("unchecked")
  <T> Optional<Coded<? extends T>> reading(String name, Class<T> type) {
    List<Coded<?>> named = known.byName().getOrDefault(name, List.of());
    for (int i = 0; i < named.size(); i++) {
      if (type.isAssignableFrom(named.get(i).type())) {
        return Optional.of((Coded<? extends T>) named.get(i));
      }
    }
    return Optional.empty();
  }

  /** Tells whether there is a codec of this name, whatever it makes. */
  boolean knows(String name) {
    return known.byName().containsKey(name);
  }
}
