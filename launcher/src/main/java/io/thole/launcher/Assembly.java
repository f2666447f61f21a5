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
 * @param entries the bundles
 * @param dropIns the start level of what lies in {@code bundles/}
 * @param settings the default configuration
 */
record Assembly(String name, List<Entry> entries, int dropIns, List<Setting> settings) {
  private static final Pattern LEVEL = Pattern.compile("level\\.([0-9]{1,3})(?:\\.(\\w+))?");
  private static final Pattern DROP_INS = Pattern.compile("[0-9]{1,3}");
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
    String dropIns = values.getOrDefault("dropins", "");
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
      } else if (!key.equals("dropins") || !DROP_INS.matcher(value).matches()) {
        throw new LaunchException(
            Exit.START_FAILED,
            "assembly " + name + ": cannot read " + Printable.quoted(key + "=" + value)
                + "; allowed: level.N=BUNDLES, dropins=N, config.PID.KEY=VALUE");
      }
    });
    int top = entries.stream().mapToInt(Entry::level).max().orElse(1);
    return new Assembly(
        name, entries, dropIns.isEmpty() ? top : Integer.parseInt(dropIns), settings);
  }

  /** Returns this assembly without the bundles of some groups. */
  Assembly without(Set<String> groups) {
    return new Assembly(
        name,
        entries.stream().filter(entry -> !groups.contains(entry.group())).toList(),
        dropIns,
        settings);
  }

  /** Returns the level at which everything has started. */
  int topLevel() {
    return Math.max(dropIns, entries.stream().mapToInt(Entry::level).max().orElse(1));
  }
}
