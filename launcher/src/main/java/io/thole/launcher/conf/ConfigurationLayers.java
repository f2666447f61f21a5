package io.thole.launcher.conf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configuration that results from several layers, by PID and key; the later setting of a key wins. Immutable.
 *
 * @param byPid the settings that won
 */
record ConfigurationLayers(Map<String, Map<String, Setting>> byPid) {
  /** Puts layers on each other, the first at the bottom. */
  static ConfigurationLayers of(List<List<Setting>> layers) {
    Map<String, Map<String, Setting>> byPid = new TreeMap<>();
    for (List<Setting> layer : layers) {
      for (Setting setting : layer) {
        byPid.computeIfAbsent(setting.pid(), pid -> new TreeMap<>()).put(setting.key(), setting);
      }
    }
    return new ConfigurationLayers(byPid);
  }

  /** Returns the values of one PID, as ConfigAdmin takes them; none if it has no configuration. */
  Optional<Map<String, Object>> values(String pid) {
    return Optional.ofNullable(byPid.get(pid)).map(settings -> {
      Map<String, Object> values = new HashMap<>();
      settings.forEach((key, setting) -> values.put(key, asAdminTakesIt(setting.value())));
      return values;
    });
  }

  /** Tells whether a PID is configured alike in both. */
  boolean sameIn(ConfigurationLayers other, String pid) {
    Map<String, Object> ours = values(pid).orElse(Map.of());
    Map<String, Object> theirs = other.values(pid).orElse(Map.of());
    return byPid.containsKey(pid) == other.byPid.containsKey(pid)
        && ours.keySet().equals(theirs.keySet())
        && ours.keySet().stream()
            .allMatch(key -> Objects.deepEquals(ours.get(key), theirs.get(key)));
  }

  /** Returns the setting that won for a key. */
  Optional<Setting> setting(String pid, String key) {
    return Optional.ofNullable(byPid.getOrDefault(pid, Map.of()).get(key));
  }

  private static Object asAdminTakesIt(Object value) {
    return value instanceof List<?> list ? list.toArray(String[]::new) : value;
  }
}
