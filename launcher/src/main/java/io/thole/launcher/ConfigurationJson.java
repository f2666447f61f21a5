package io.thole.launcher;

import io.thole.launcher.Setting.Origin;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.cm.json.io.ConfigurationReader;
import org.apache.felix.cm.json.io.ConfigurationResource;
import org.apache.felix.cm.json.io.Configurations;

/** Reads the JSON of the Configurator specification (OSGi Compendium, 150). The one class that loads its reader. */
final class ConfigurationJson {
  private ConfigurationJson() {}

  static List<Setting> read(Path file) throws IOException {
    String name = file.getFileName().toString();
    ConfigurationReader reader;
    ConfigurationResource resource;
    try (Reader text = Files.newBufferedReader(file)) {
      reader = Configurations.buildReader().withIdentifier(name).build(text);
      resource = reader.readConfigurationResource();
    } catch (RuntimeException e) {
      throw new IOException(e.toString(), e); // a parser that meets nonsense
    }
    if (!reader.getIgnoredErrors().isEmpty()) {
      throw new IOException(String.join("; ", reader.getIgnoredErrors()));
    }
    List<Setting> settings = new ArrayList<>();
    resource
        .getConfigurations()
        .forEach((pid, values) -> values.forEach(
            (key, value) -> settings.add(new Setting(pid, key, value, Origin.file(name)))));
    return settings;
  }
}
