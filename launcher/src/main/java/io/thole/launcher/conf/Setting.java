package io.thole.launcher.conf;

import io.thole.launcher.exit.Exit;

/**
 * One configuration value.
 *
 * @param pid the persistent identity of the configuration it belongs to; {@code FACTORY~NAME} for one of a factory
 * @param key the key
 * @param value the value, of a type that ConfigAdmin takes
 * @param origin where it comes from
 */
public record Setting(String pid, String key, Object value, Origin origin) {
  /**
   * Where a value comes from.
   *
   * @param text an option or a file, as a person would name it
   * @param exit how the process ends where the value is refused at start
   */
  public record Origin(String text, Exit exit) {
    public static Origin assembly(String file) {
      return new Origin(file, Exit.BAD_CONFIGURATION);
    }

    public static Origin file(String file) {
      return new Origin("conf/" + file, Exit.BAD_CONFIGURATION);
    }

    public static Origin option(String option) {
      return new Origin(option, option.equals("--set") ? Exit.BAD_CONFIGURATION : Exit.USAGE);
    }
  }
}
