package io.thole.launcher.dropin;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;

/** The bundles that lie ready in the distribution for those who lack a package. */
public final class Repository {
  private static final Logger LOG = System.getLogger(Repository.class.getName());

  private final Map<Path, List<ExportedPackage>> exports = new LinkedHashMap<>();

  /**
   * Reads the manifests.
   *
   * @param jars bundles; one that cannot be read is left out, with a warning
   */
  public Repository(List<Path> jars) {
    for (Path jar : jars) {
      try (JarFile file = new JarFile(jar.toFile())) {
        String header = file.getManifest() == null
            ? null
            : file.getManifest().getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
        exports.put(jar, ExportedPackage.parse(header == null ? "" : header));
      } catch (IOException | IllegalArgumentException e) {
        LOG.log(Level.WARNING, "the repository's " + jar.getFileName() + " cannot be read", e);
      }
    }
  }

  /** Returns a bundle that exports what is required, if it is a package and there is one. */
  public Optional<Path> exporter(BundleRequirement requirement) {
    String filter = requirement.getDirectives().get(Constants.FILTER_DIRECTIVE);
    if (filter == null || !requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)) {
      return Optional.empty();
    }
    try {
      Filter wanted = FrameworkUtil.createFilter(filter);
      return exports.entrySet().stream()
          .filter(jar ->
              jar.getValue().stream().anyMatch(exported -> wanted.matches(exported.attributes())))
          .map(Map.Entry::getKey)
          .findFirst();
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException("a framework's own filter: " + filter, e);
    }
  }

  /**
   * One package of an {@code Export-Package} header.
   *
   * @param name the package
   * @param version its version
   */
  record ExportedPackage(String name, Version version) {
    /** A comma or semicolon that does not stand in quotes. */
    private static final String OUTSIDE_QUOTES = "(?=([^\"]*\"[^\"]*\")*[^\"]*$)";

    /** Reads the header; attributes other than the version are passed over. */
    static List<ExportedPackage> parse(String header) {
      return java.util.Arrays.stream(header.split("," + OUTSIDE_QUOTES))
          .flatMap(clause -> clause(clause.split(";" + OUTSIDE_QUOTES)))
          .toList();
    }

    private static java.util.stream.Stream<ExportedPackage> clause(String[] parts) {
      Version version = Version.emptyVersion;
      for (String part : parts) {
        if (part.strip().matches("version\\s*=.*")) {
          version = Version.parseVersion(
              part.replaceFirst("[^=]*=", "").replace("\"", "").strip());
        }
      }
      Version found = version;
      return java.util.Arrays.stream(parts)
          .map(String::strip)
          .filter(part -> part.matches("[\\w.]+"))
          .map(name -> new ExportedPackage(name, found));
    }

    Map<String, Object> attributes() {
      Map<String, Object> attributes = new HashMap<>();
      attributes.put(PackageNamespace.PACKAGE_NAMESPACE, name);
      attributes.put(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE, version);
      return attributes;
    }
  }
}
