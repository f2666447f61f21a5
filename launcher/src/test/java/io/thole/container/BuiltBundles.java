package io.thole.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The bundles of the distribution, which is what a user gets: never class folders. */
final class BuiltBundles {
  private static final Path DISTRIBUTION = Path.of(System.getProperty("thole.distribution", ""));

  private BuiltBundles() {}

  /** Returns the jar of a bundle by its symbolic name. */
  static Path jar(String bundle) {
    return jars().stream()
        .filter(jar -> jar.getFileName().toString().matches(bundle + "(-[0-9].*)?\\.jar"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + bundle + " in " + DISTRIBUTION));
  }

  /** Returns the jars of Thole's own bundles. */
  static List<Path> own() {
    return jars().stream()
        .filter(jar -> jar.getFileName().toString().startsWith("io.thole."))
        .toList();
  }

  private static List<Path> jars() {
    return Stream.of("system", "examples", "repository")
        .map(DISTRIBUTION::resolve)
        .flatMap(folder -> {
          try (Stream<Path> files = Files.list(folder)) {
            return files
                .filter(file -> file.toString().endsWith(".jar"))
                .sorted()
                .toList()
                .stream();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        })
        .toList();
  }
}
