package io.thole.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoadBundleTest {
  @Test
  void importsTheApiAndTheFrameworkAlone() throws IOException {
    Attributes headers = manifest().getMainAttributes();

    List<String> imported = Stream.of(
            headers.getValue("Import-Package").replaceAll("\"[^\"]*\"", "").split(","))
        .filter(clause -> !clause.contains("resolution:=optional"))
        .map(clause -> clause.replaceFirst(";.*", ""))
        .filter(name -> !name.startsWith("java."))
        .toList();
    List<String> forbidden = Stream.of(
            "Export-Package", "Require-Bundle", "DynamicImport-Package", "Bundle-Activator")
        .filter(header -> headers.getValue(header) != null)
        .toList();

    assertEquals(
        List.of("io.thole.api", "io.thole.api.grain", "io.thole.api.pubsub", "org.osgi.framework"),
        imported);
    assertEquals(List.of(), forbidden);
  }

  private static Manifest manifest() throws IOException {
    try (InputStream bytes = Files.newInputStream(Path.of("target/classes/META-INF/MANIFEST.MF"))) {
      return new Manifest(bytes);
    }
  }
}
