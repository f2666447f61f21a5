package io.thole.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds jars in memory, good ones and bad ones. */
public final class Jars {
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private Jars() {}

  /** Returns a jar with an empty manifest. */
  public static Jars jar() {
    Jars jar = new Jars();
    jar.headers.put("Manifest-Version", "1.0");
    return jar;
  }

  /** Returns a bundle with nothing in it. */
  public static Jars bundle(String symbolicName, String version) {
    return jar()
        .with("Bundle-ManifestVersion", "2")
        .with("Bundle-SymbolicName", symbolicName)
        .with("Bundle-Version", version);
  }

  public Jars with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  public Jars entry(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Adds a class and those nested in it, and makes it the activator. */
  public Jars activator(Class<?> type) throws IOException {
    List<Class<?>> types = new ArrayList<>(List.of(type.getDeclaredClasses()));
    types.add(type);
    for (Class<?> each : types) {
      String path = each.getName().replace('.', '/') + ".class";
      try (InputStream bytes = type.getClassLoader().getResourceAsStream(path)) {
        entry(path, bytes.readAllBytes());
      }
    }
    return with("Bundle-Activator", type.getName());
  }

  public byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      if (!headers.isEmpty()) {
        StringBuilder manifest = new StringBuilder();
        headers.forEach((name, value) -> manifest.append(folded(name + ": " + value)));
        put(
            zip,
            "META-INF/MANIFEST.MF",
            manifest.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
      }
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        put(zip, entry.getKey(), entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  public Jars withoutManifest() {
    headers.clear();
    return this;
  }

  /** A manifest's lines have at most 72 bytes; the next begins with a space. */
  private static String folded(String line) {
    return line.replaceAll("(.{70})(?=.)", "$1\r\n ") + "\r\n";
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }
}
