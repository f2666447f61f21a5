package io.thole.testkit.sim;

import io.thole.gossip.GossipSettings;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads which engine is meant and which of its settings are changed. A setting is called as the component of {@link
 * GossipSettings}; one in nanoseconds is called by and given in milliseconds: {@code probePeriodMillis=500}.
 */
final class EngineSettings {
  private static final String NANOS = "Nanos";
  private static final String MILLIS = "Millis";
  private static final double NANOS_PER_MILLI = 1e6;

  private EngineSettings() {}

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException with the word, and what is allowed
   */
  static GossipSettings parse(String engine, List<String> changes) {
    GossipSettings settings = switch (engine) {
      case "swim" -> GossipSettings.swim();
      case "lifeguard" -> GossipSettings.lifeguard();
      case "thole" -> GossipSettings.thole();
      default ->
        throw new IllegalArgumentException(
            "--engine " + engine + "; allowed: swim, lifeguard, thole");
    };
    for (String change : changes) {
      settings = changed(settings, change);
    }
    return settings;
  }

  /** Returns the settings by the names that are typed, with their values. */
  static Map<String, String> values(GossipSettings settings) {
    Map<String, String> values = new LinkedHashMap<>();
    for (RecordComponent component : GossipSettings.class.getRecordComponents()) {
      Object value = value(component, settings);
      values.put(
          typedName(component),
          component.getName().endsWith(NANOS)
              ? String.valueOf((long) value / NANOS_PER_MILLI)
              : String.valueOf(value));
    }
    values.remove("name");
    return values;
  }

  private static GossipSettings changed(GossipSettings settings, String change) {
    int equals = change.indexOf('=');
    String name = equals < 0 ? change : change.substring(0, equals);
    if (equals < 0 || !values(settings).containsKey(name)) {
      throw new IllegalArgumentException("--set " + change + "; expected KEY=VALUE with one of: "
          + String.join(", ", values(settings).keySet()));
    }
    RecordComponent[] components = GossipSettings.class.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = typedName(components[i]).equals(name)
          ? parsed(components[i], change, change.substring(equals + 1))
          : value(components[i], settings);
    }
    return made(change, components, values);
  }

  private static Object parsed(RecordComponent component, String change, String text) {
    try {
      Class<?> type = component.getType();
      if (component.getName().endsWith(NANOS)) {
        return (long) (Double.parseDouble(text) * NANOS_PER_MILLI);
      }
      if (type == boolean.class && (text.equals("true") || text.equals("false"))) {
        return Boolean.valueOf(text);
      }
      if (type == int.class) {
        return Integer.valueOf(text);
      }
      if (type == long.class) {
        return Long.valueOf(text);
      }
      if (type == double.class) {
        return Double.valueOf(text);
      }
    } catch (NumberFormatException e) {
      // told below, with the type
    }
    throw new IllegalArgumentException(
        "--set " + change + "; expected a value of type " + component.getType().getSimpleName());
  }

  private static GossipSettings made(String change, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return GossipSettings.class.getConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("--set " + change + ": " + e.getCause(), e);
    }
  }

  private static String typedName(RecordComponent component) {
    String name = component.getName();
    return name.endsWith(NANOS) ? name.substring(0, name.length() - NANOS.length()) + MILLIS : name;
  }

  private static Object value(RecordComponent component, GossipSettings settings) {
    try {
      return component.getAccessor().invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record's accessor fails: " + component, e);
    }
  }
}
