package io.thole.launcher.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import java.io.File;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;

/** The three files of docs/writing-a-provider.md. Builds what its pom.xml builds: with the same bnd, without Maven. */
final class ProviderPage {
  private static final Pattern ARTIFACT =
      Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>");
  private static final Pattern CLASS = Pattern.compile("public final class (\\w+)");
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
    String source = only("java");
    Compilation.compile(found(CLASS, source).group(1), source, folder, List.of(api, annotations));
    Matcher artifact = found(ARTIFACT, only("xml"));
    try (Builder builder = new Builder()) {
      Properties instructions = new Properties();
      instructions.load(new StringReader(only("properties")));
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

  private String only(String language) {
    List<Document.Block> blocks = page.of(language);
    assertEquals(1, blocks.size(), "blocks of " + language + " in " + page.file());
    return blocks.get(0).text();
  }

  private static Matcher found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError(pattern + " is not in " + text);
    }
    return matcher;
  }
}
