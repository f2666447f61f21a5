package io.thole.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.OSGiHeader;
import aQute.bnd.header.Parameters;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the manifests of the bundles promise, and what they must never say. */
class BuiltBundlesIT {
  private static final String API = "io.thole.api";
  private static final Set<String> DROP_INS = Set.of(
      "io.thole.gossip",
      "io.thole.grains",
      "io.thole.staticprovider",
      "io.thole.roster",
      "io.thole.hello",
      "io.thole.load");

  @Test
  void noneIsForgotten() {
    assertEquals(
        Set.of(
            "io.thole.api",
            "io.thole.core",
            "io.thole.gossip",
            "io.thole.grains",
            "io.thole.hello",
            "io.thole.load",
            "io.thole.pubsub",
            "io.thole.roster",
            "io.thole.shell",
            "io.thole.staticprovider",
            "io.thole.tcpprovider"),
        BuiltBundles.own().stream().map(BuiltBundlesIT::artifact).collect(Collectors.toSet()));
  }

  @TestFactory // osgi.md 2
  List<DynamicTest> eachKeepsTheRules() {
    return BuiltBundles.own().stream()
        .map(jar -> DynamicTest.dynamicTest(artifact(jar), () -> keepsTheRules(jar)))
        .toList();
  }

  private static void keepsTheRules(Path jar) throws IOException {
    Attributes manifest = manifest(jar);
    String artifact = artifact(jar);

    assertNull(manifest.getValue("DynamicImport-Package"));
    assertNull(manifest.getValue("Require-Bundle"));
    assertNull(manifest.getValue("Bundle-Activator"));
    assertEquals(
        artifact, manifest.getValue("Bundle-SymbolicName").replace(";singleton:=true", ""));
    assertTrue(String.valueOf(manifest.getValue("Bundle-License")).startsWith("Apache-2.0"));
    assertEquals(Optional.of(artifact), module(jar).map(ModuleDescriptor::name));
    Parameters exports = header(manifest, "Export-Package");
    for (String exported : exports.keySet()) {
      assertEquals(
          artifact.equals(API),
          exported.startsWith(API) || exported.equals("io.thole.spi"),
          exported);
      assertFalse(exports.get(exported).getVersion() == null, exported);
    }
    assertEquals(expectedRanges(artifact, manifest), ranges(manifest));
  }

  /** Those who implement what Thole calls take any 1.x; the core, which implements the api itself, takes this one. */
  private static Set<String> expectedRanges(String artifact, Attributes manifest) {
    Set<String> expected = new TreeSet<>();
    for (String imported : header(manifest, "Import-Package").keySet()) {
      if (imported.equals("io.thole.spi") || imported.equals(API)) {
        expected.add(imported + (artifact.equals("io.thole.core") ? " [1.0,1.1)" : " [1.0,2)"));
      }
    }
    assertTrue(!DROP_INS.contains(artifact) || !expected.isEmpty(), artifact);
    return expected;
  }

  private static Set<String> ranges(Attributes manifest) {
    Set<String> ranges = new TreeSet<>();
    header(manifest, "Import-Package").forEach((String imported, Attrs attributes) -> {
      if (imported.equals("io.thole.spi") || imported.equals(API)) {
        ranges.add(imported + " " + attributes.getVersion());
      }
    });
    return ranges;
  }

  @Test // osgi.md 2
  void onTheModulePathTheCoreFindsGossiperAndGrains() {
    assertFound("io.thole.spi.Gossiper", "io.thole.gossip", "io.thole.gossip.run.GossipDriver");
    assertFound("io.thole.spi.ClusterGrains", "io.thole.grains", "io.thole.grains.run.GrainHost");
  }

  private static void assertFound(String service, String bundle, String type) {
    Path core = BuiltBundles.jar("io.thole.core");
    assertTrue(module(core).orElseThrow().uses().contains(service));
    assertEquals(
        List.of(type),
        module(BuiltBundles.jar(bundle)).orElseThrow().provides().stream()
            .filter(provided -> provided.service().equals(service))
            .flatMap(provided -> provided.providers().stream())
            .toList());
  }

  @Test
  void everyFileInThemHasOneTimeSoThatTwoBuildsAreTheSame() throws IOException {
    Set<LocalDateTime> times = new TreeSet<>();
    for (Path jar : BuiltBundles.own()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        file.stream().map(ZipEntry::getTimeLocal).forEach(times::add);
      }
    }

    assertEquals(Set.of(LocalDateTime.of(2026, 11, 1, 0, 0)), times);
  }

  private static Optional<ModuleDescriptor> module(Path jar) {
    return ModuleFinder.of(jar).findAll().stream()
        .map(module -> module.descriptor())
        .filter(module -> !module.isAutomatic())
        .findFirst();
  }

  private static Parameters header(Attributes manifest, String name) {
    return OSGiHeader.parseHeader(manifest.getValue(name));
  }

  private static Attributes manifest(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes();
    }
  }

  private static String artifact(Path jar) {
    return jar.getFileName().toString().replaceFirst("(-[0-9].*)?\\.jar", "");
  }
}
