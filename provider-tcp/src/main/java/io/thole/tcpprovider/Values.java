package io.thole.tcpprovider;

import io.thole.api.ClusterSettings;
import io.thole.api.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What ConfigAdmin holds, whose texts are not trusted.
 *
 * @param pid the persistent identity under which it holds them
 * @param map the values by their keys; unknown keys are left to others
 */
record Values(String pid, Map<String, ?> map) {
  /**
   * Reads a flag; false where it is missing.
   *
   * @throws ConfigurationException if it is neither {@code true} nor {@code false}
   */
  boolean flag(String key) {
    String value = map.containsKey(key) ? String.valueOf(map.get(key)).strip() : "false";
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigurationException(pid, key, value, "true, false");
    };
  }

  /** Reads a text; blank where it is missing. */
  String text(String key) {
    return map.containsKey(key) ? String.valueOf(map.get(key)).strip() : "";
  }

  /** Reads a list; empty where it is missing. */
  List<String> list(String key) {
    Object value = map.get(key);
    return value == null ? List.of() : ClusterSettings.elements(value);
  }

  /**
   * Reads a number.
   *
   * @throws ConfigurationException if it is none
   */
  int number(String key, int otherwise) {
    String value = map.containsKey(key) ? String.valueOf(map.get(key)).strip() : "" + otherwise;
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new ConfigurationException(pid, key, value, "a whole number");
    }
  }

  /**
   * Reads a number of milliseconds.
   *
   * @throws ConfigurationException if it is none
   */
  Duration millis(String key, Duration otherwise) {
    return Duration.ofMillis(number(key, (int) otherwise.toMillis()));
  }

  /**
   * Checks a range.
   *
   * @throws ConfigurationException if the value is out of it
   */
  static void check(String pid, String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ConfigurationException(pid, key, String.valueOf(value), least + ".." + most);
    }
  }
}
