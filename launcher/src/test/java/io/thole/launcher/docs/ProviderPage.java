package io.thole.launcher.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;

/** The files of docs/writing-a-provider.md. Builds what its pom.xml builds: with the same bnd, without Maven. */
final class ProviderPage {
  private static final Pattern ARTIFACT =
      Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>");
  private static final Pattern CLASS = Pattern.compile("class (\\w+) ");
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");

  private final Document page;

  ProviderPage(Document page) {
    this.page = page;
  }

  /**
   * Compiles the class and makes the bundle.
   *
   * @param folder gets {@code target/ARTIFACT-VERSION.jar}
   * @param api the jar of the api
   */
  void build(Path folder, Path api) throws Exception {
    Path annotations = Path.of(
        Component.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String source = text("java", 0);
    Compilation.compile(found(CLASS, source).group(1), source, folder, List.of(api, annotations));
    Matcher artifact = found(ARTIFACT, text("xml", 0));
    try (Builder builder = new Builder()) {
      Properties instructions = new Properties();
      instructions.load(new StringReader(text("properties", 0)));
      instructions.setProperty(Constants.BUNDLE_VERSION, artifact.group(2));
      instructions.setProperty(Constants.PRIVATEPACKAGE, found(PACKAGE, source).group(1));
      builder.setProperties(instructions);
      builder.setClasspath(
          new File[] {folder.resolve("target/classes").toFile(), api.toFile(), annotations.toFile()
          });
      builder
          .build()
          .write(folder
              .resolve("target/" + artifact.group(1) + "-" + artifact.group(2) + ".jar")
              .toFile());
      assertEquals(List.of(), builder.getErrors());
      assertEquals(List.of(), builder.getWarnings());
    }
  }

  /** Compiles the test of {@link #build}'s class against the testkit, with which all of it is run elsewhere. */
  void buildTest(Path folder, List<Path> classPath) throws IOException {
    String source = text("java", 1);
    List<Path> all = new ArrayList<>(classPath);
    all.add(folder.resolve("target/classes"));
    Compilation.compile(found(CLASS, source).group(1), source, folder, all);
  }

  private String text(String language, int index) {
    return page.of(language).get(index).text();
  }

  private static Matcher found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError(pattern + " is not in " + text);
    }
    return matcher;
  }
}
