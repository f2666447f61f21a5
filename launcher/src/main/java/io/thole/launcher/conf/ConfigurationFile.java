package io.thole.launcher.conf;

import io.thole.launcher.conf.Setting.Origin;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads one file of {@code conf/}: {@code PID.cfg}, Java properties, or a Configurator's {@code *.json}. */
final class ConfigurationFile {
  private static final long MOST_BYTES = 1 << 20;

  private ConfigurationFile() {}

  /** Returns whether a file of this name holds configuration; others, a README say, are left alone. */
  static boolean recognises(String name) {
    return name.endsWith(".cfg") || name.endsWith(".json");
  }

  /**
   * Reads a file.
   *
   * @return its settings
   * @throws LaunchException if it cannot be read; the message names it
   */
  static List<Setting> read(Path file) {
    String name = file.getFileName().toString();
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("it has " + Files.size(file) + " bytes; allowed: " + MOST_BYTES);
      }
      return name.endsWith(".json") ? ConfigurationJson.read(file) : properties(file, name);
    } catch (IOException e) {
      throw new LaunchException(
          Exit.BAD_CONFIGURATION, "conf/" + name + " cannot be read: " + e.getMessage());
    }
  }

  private static List<Setting> properties(Path file, String name) throws IOException {
    String pid = name.substring(0, name.length() - ".cfg".length());
    if (!pid.matches("[A-Za-z0-9._~-]+")) {
      throw new IOException("its name is no PID; allowed: PID.cfg of A-Z a-z 0-9 . _ - ~");
    }
    return PropertiesFile.read(file).entrySet().stream()
        .map(entry -> new Setting(pid, entry.getKey(), entry.getValue(), Origin.file(name)))
        .toList();
  }
}
