package io.thole.container;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import io.thole.spi.ClusterProvider;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleActivator;

/**
 * A bundle that a stranger could have built: its classes are those of one package of these tests, analysed by bnd against
 * the api and the framework, and its manifest may say how it is to behave.
 */
public record FixtureBundle(String name, String contents, Map<String, String> headers) {
  private static final String PACKAGE = FixtureBundle.class.getPackageName();

  /** A provider with a list of its own; see {@code io.thole.container.stranger}. */
  static FixtureBundle provider(String name, int ranking, String members) {
    return new FixtureBundle(
        name,
        "stranger",
        Map.of(
            "Bundle-Activator",
            PACKAGE + ".stranger.ListedProviderActivator",
            "Fixture-Ranking",
            String.valueOf(ranking),
            "Fixture-Members",
            members));
  }

  /** An observer of everything that forgets to end its subscription; see {@code io.thole.container.watcher}. */
  static FixtureBundle watcher(String name) {
    return new FixtureBundle(name, "watcher", Map.of("Fixture-Throws", "false"));
  }

  /** An observer that throws at whatever it is told. */
  static FixtureBundle thrower(String name) {
    return new FixtureBundle(name, "watcher", Map.of("Fixture-Throws", "true"));
  }

  /** A subscriber, named by what it does with a message; see {@code io.thole.container.listener}. */
  static FixtureBundle listener(String does) {
    return new FixtureBundle(does, "listener", Map.of("Fixture-Does", does));
  }

  /** Publish/subscribe and gossip that only tell when they are started and stopped; see {@code io.thole.container.stages}. */
  static FixtureBundle stages(String name) {
    return new FixtureBundle(
        name, "stages", Map.of("Bundle-Activator", PACKAGE + ".stages.StagesActivator"));
  }

  /**
   * Publishes and checks a flood of messages; see {@code io.thole.container.flood}.
   *
   * @param publishes whether it publishes
   * @param count how many messages each publisher has
   * @param subscribers for how many subscribers it waits
   * @param nanosEach how long its handler takes for a message
   */
  public static FixtureBundle flood(boolean publishes, int count, int subscribers, int nanosEach) {
    return new FixtureBundle(
        "flood",
        "flood",
        Map.of(
            "Fixture-Publishes",
            String.valueOf(publishes),
            "Fixture-Count",
            String.valueOf(count),
            "Fixture-Subscribers",
            String.valueOf(subscribers),
            "Fixture-Nanos-Each",
            String.valueOf(nanosEach)));
  }

  /** Builds it. */
  public Path in(Path folder) throws Exception {
    Path file = folder.resolve(name + ".jar");
    try (Builder builder = new Builder()) {
      builder.setClasspath(new File[] {
        home(FixtureBundle.class), home(ClusterProvider.class), home(BundleActivator.class)
      });
      builder.setBundleSymbolicName(name);
      builder.setBundleVersion("1.2.3");
      builder.setPrivatePackage(PACKAGE + "." + contents);
      builder.setProperty("Import-Package", "!org.jspecify.annotations, *");
      headers.forEach(builder::setProperty);
      Jar jar = builder.build();
      if (!builder.isOk()) {
        throw new AssertionError(name + ": " + builder.getErrors() + builder.getWarnings());
      }
      jar.write(file.toFile());
    }
    return file;
  }

  private static File home(Class<?> type) throws URISyntaxException {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
