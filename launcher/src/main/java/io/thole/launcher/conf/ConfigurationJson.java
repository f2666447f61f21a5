package io.thole.launcher.conf;

import io.thole.launcher.conf.Setting.Origin;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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
      // As a bundle's resource: a file in a folder need not say a symbolic name and version.
      reader = Configurations.buildReader()
          .verifyAsBundleResource(true)
          .withIdentifier(name)
          .build(text);
      resource = reader.readConfigurationResource();
    } catch (RuntimeException e) {
      throw new IOException(e.toString(), e); // a parser that meets nonsense
    }
    if (!reader.getIgnoredErrors().isEmpty()) {
      throw new IOException(String.join("; ", reader.getIgnoredErrors()));
    }
    List<Setting> settings = new ArrayList<>();
    resource.getConfigurations().forEach((pid, values) -> {
      for (String key : Collections.list(values.keys())) { // its forEach finds nothing
        settings.add(
            new Setting(pid, key, Objects.requireNonNull(values.get(key)), Origin.file(name)));
      }
    });
    return settings;
  }
}
