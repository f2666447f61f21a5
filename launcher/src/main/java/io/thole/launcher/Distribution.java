package io.thole.launcher;

import io.thole.launcher.conf.PropertiesFile;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.exit.Printable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder that the launcher was started from.
 *
 * @param root holds {@code assemblies}, {@code system}, {@code repository}, {@code examples}
 */
record Distribution(Path root) {
  /** Returns the distribution in whose {@code lib} folder this class lies. */
  static Distribution here() {
    try {
      Path jar = Path.of(
          Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new Distribution(jar.resolve("../..").normalize());
    } catch (URISyntaxException e) {
      throw new LaunchException(Exit.START_FAILED, "the distribution's folder has no path: " + e);
    }
  }

  /**
   * Reads an assembly.
   *
   * @throws LaunchException if it is not there, or wants what is not there
   */
  Assembly assembly(int phase) {
    Path file = root.resolve("assemblies").resolve("phase-" + phase + ".properties");
    try {
      return Assembly.parse("phase-" + phase, PropertiesFile.read(file));
    } catch (IOException e) {
      throw new LaunchException(Exit.START_FAILED, "the distribution is incomplete: " + e);
    }
  }

  /**
   * Finds the bundles of an assembly in the folders {@code system} and {@code repository}.
   *
   * @return the path of each, in the assembly's order
   * @throws LaunchException if one is missing
   */
  Map<Assembly.Entry, Path> bundles(Assembly assembly) {
    Map<String, Path> present = new HashMap<>();
    for (String folder : List.of("repository", "system")) {
      for (Path jar : jars(root.resolve(folder))) {
        String file = jar.getFileName().toString();
        present.put(file.replaceFirst("(-[0-9].*)?\\.jar$", ""), jar);
      }
    }
    Map<Assembly.Entry, Path> found = new LinkedHashMap<>();
    for (Assembly.Entry entry : assembly.entries()) {
      Path jar = present.get(entry.bundle());
      if (jar == null) {
        throw new LaunchException(
            Exit.START_FAILED,
            "the assembly names " + Printable.quoted(entry.bundle()) + ", which is neither in "
                + root.resolve("system") + " nor in " + root.resolve("repository"));
      }
      found.put(entry, jar);
    }
    return found;
  }

  /** Returns the bundles that are installed only where a drop-in lacks a package. */
  List<Path> repository() {
    return jars(root.resolve("repository"));
  }

  private static List<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new LaunchException(Exit.START_FAILED, "the distribution is incomplete: " + e);
    }
  }
}
