package io.thole.load;

import io.thole.api.Escaped;
import io.thole.api.grain.GrainId;
import io.thole.api.pubsub.Topic;
import java.util.Map;

/**
 * What the load does. Where a rate is 0 it does not do that.
 *
 * @param topic where it publishes and subscribes
 * @param publishPerSecond how many messages, 0 to 100,000
 * @param bytes how long each is, 0 to 1 MiB; never shorter than what it has to say
 * @param count after how many messages it stops; 0 is never
 * @param subscribe whether it handles messages
 * @param callsPerSecond how many grain calls, 0 to 100,000
 * @param kind the kind that is called; only {@code load} writes down that it was
 * @param keys how many grains of it are called in turn, 1 to 100,000
 */
record LoadSettings(
    Topic topic,
    long publishPerSecond,
    int bytes,
    long count,
    boolean subscribe,
    long callsPerSecond,
    String kind,
    long keys) {
  static final String PID = "io.thole.load";
  static final LoadSettings IDLE = of(Map.of());

  private static final long RATE_LIMIT = 100_000;

  /**
   * Reads what is configured.
   *
   * @throws IllegalArgumentException with the key, the value and what is allowed
   */
  static LoadSettings of(Map<String, Object> settings) {
    String kind = text(settings, "kind", "load");
    return new LoadSettings(
        new Topic(text(settings, "topic", "load")),
        number(settings, "publishPerSecond", 0, 0, RATE_LIMIT),
        (int) number(settings, "bytes", 100, 0, 1 << 20),
        number(settings, "count", 0, 0, Long.MAX_VALUE),
        Boolean.parseBoolean(text(settings, "subscribe", "false")),
        number(settings, "callsPerSecond", 0, 0, RATE_LIMIT),
        new GrainId(kind, "0").kind(), // checks it
        number(settings, "keys", 10, 1, RATE_LIMIT));
  }

  /** Tells whether the same is published, so that a count goes on. */
  boolean publishesAs(LoadSettings other) {
    return topic.equals(other.topic)
        && publishPerSecond == other.publishPerSecond
        && bytes == other.bytes
        && count == other.count;
  }

  /** Tells whether the same is called. */
  boolean callsAs(LoadSettings other) {
    return callsPerSecond == other.callsPerSecond && kind.equals(other.kind) && keys == other.keys;
  }

  private static String text(Map<String, Object> settings, String key, String absent) {
    return settings.getOrDefault(key, absent).toString();
  }

  private static long number(
      Map<String, Object> settings, String key, long absent, long least, long most) {
    String text = text(settings, key, Long.toString(absent));
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) { // told below, in the same words
    }
    throw new IllegalArgumentException(
        key + "=" + Escaped.of(text) + " is refused; allowed: " + least + ".." + most);
  }
}
