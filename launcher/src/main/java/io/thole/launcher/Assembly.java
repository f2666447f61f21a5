package io.thole.launcher;

import io.thole.launcher.conf.Setting;
import io.thole.launcher.conf.Setting.Origin;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.exit.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bundles a node consists of, at which start levels, and the configuration they have unless told otherwise. It is
 * data: a file in the distribution's {@code assemblies} folder.
 *
 * @param name for instance {@code phase-1}
 * @param unavailable why it cannot be run, else blank
 * @param entries the bundles
 * @param settings the default configuration
 */
record Assembly(String name, String unavailable, List<Entry> entries, List<Setting> settings) {
  private static final Pattern LEVEL = Pattern.compile("level\\.([0-9]{1,3})(?:\\.(\\w+))?");
  private static final Pattern CONFIG = Pattern.compile("config\\.(.+)\\.([^.]+)");

  /** Copies the lists. */
  Assembly {
    entries = List.copyOf(entries);
    settings = List.copyOf(settings);
  }

  /**
   * One bundle.
   *
   * @param bundle the name of its file, without version and extension
   * @param level its start level
   * @param group what it is left out with, else blank
   */
  record Entry(String bundle, int level, String group) {}

  /**
   * Makes an assembly of a file's values.
   *
   * @throws LaunchException if a key is unknown
   */
  static Assembly parse(String name, Map<String, String> values) {
    List<Entry> entries = new ArrayList<>();
    List<Setting> settings = new ArrayList<>();
    values.forEach((key, value) -> {
      Matcher level = LEVEL.matcher(key);
      Matcher config = CONFIG.matcher(key);
      if (level.matches()) {
        String group = level.group(2) == null ? "" : level.group(2);
        for (String bundle : value.strip().split("\\s+")) {
          entries.add(new Entry(bundle, Integer.parseInt(level.group(1)), group));
        }
      } else if (config.matches()) {
        settings.add(new Setting(
            config.group(1), config.group(2), value, Origin.assembly("assembly " + name)));
      } else if (!key.equals("unavailable")) {
        throw new LaunchException(
            Exit.START_FAILED,
            "assembly " + name + ": unknown key " + Printable.quoted(key)
                + "; allowed: level.N, config.PID.KEY");
      }
    });
    return new Assembly(name, values.getOrDefault("unavailable", ""), entries, settings);
  }

  /** Returns this assembly without the bundles of some groups. */
  Assembly without(Set<String> groups) {
    return new Assembly(
        name,
        unavailable,
        entries.stream().filter(entry -> !groups.contains(entry.group())).toList(),
        settings);
  }

  /** Returns the level at which everything has started. */
  int topLevel() {
    return entries.stream().mapToInt(Entry::level).max().orElse(1);
  }
}
