package io.thole.pubsub;

import io.thole.api.ClusterSettings;
import io.thole.api.ConfigurationException;
import io.thole.api.pubsub.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What publish/subscribe is told. Changes count at once.
 *
 * @param deliveryTimeout how long an outcome may take
 * @param traced the topics of which each publish and each delivery is written to the log
 */
public record PubSubSettings(Duration deliveryTimeout, Set<Topic> traced) {
  /** The persistent identity under which ConfigAdmin holds these settings. */
  public static final String PID = "io.thole.pubsub";

  /** 5 s, and no topic is traced. */
  public static final PubSubSettings DEFAULTS = new PubSubSettings(Duration.ofSeconds(5), Set.of());

  static final String TIMEOUT = "deliveryTimeoutMillis";
  static final String TRACE = "trace";

  private static final int MOST_TRACED = 1_000;
  private static final long SHORTEST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 600_000;

  /** Copies the set. */
  public PubSubSettings {
    traced = Set.copyOf(traced);
  }

  /**
   * Reads settings as ConfigAdmin gives them; keys that contain a dot belong to the framework and are passed over.
   *
   * @param values the values by key
   * @throws ConfigurationException if a key is unknown or a value is not allowed
   */
  public static PubSubSettings of(Map<String, ?> values) {
    PubSubSettings settings = DEFAULTS;
    for (Map.Entry<String, ?> entry : new TreeMap<>(values).entrySet()) {
      if (entry.getKey().indexOf('.') < 0) {
        settings = settings.with(entry.getKey(), entry.getValue());
      }
    }
    return settings;
  }

  private PubSubSettings with(String key, Object value) {
    return switch (key) {
      case TIMEOUT -> new PubSubSettings(timeout(value), traced);
      case TRACE -> new PubSubSettings(deliveryTimeout, topics(value));
      default ->
        throw new ConfigurationException(
            PID, key, String.valueOf(value), "the keys " + TIMEOUT + ", " + TRACE);
    };
  }

  private static Duration timeout(Object value) {
    String allowed = SHORTEST_MILLIS + ".." + LONGEST_MILLIS + " milliseconds";
    String text = String.valueOf(value).strip();
    if (!text.matches("[0-9]{1,6}")
        || Long.parseLong(text) < SHORTEST_MILLIS
        || Long.parseLong(text) > LONGEST_MILLIS) {
      throw new ConfigurationException(PID, TIMEOUT, text, allowed);
    }
    return Duration.ofMillis(Long.parseLong(text));
  }

  private static Set<Topic> topics(Object value) {
    Set<String> names = Set.copyOf(ClusterSettings.elements(value));
    if (names.size() > MOST_TRACED) {
      throw new ConfigurationException(
          PID, TRACE, names.size() + " topics", "at most " + MOST_TRACED);
    }
    return names.stream().map(PubSubSettings::topic).collect(Collectors.toSet());
  }

  private static Topic topic(String name) {
    try {
      return new Topic(name);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          PID, TRACE, name, "topics of 1 to 255 of the characters A-Z a-z 0-9 . _ / -");
    }
  }
}
