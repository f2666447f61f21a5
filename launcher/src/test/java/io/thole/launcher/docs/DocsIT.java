package io.thole.launcher.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs what README.md and docs show, and checks what they claim. N2 */
final class DocsIT {
  private static final Path CHECKOUT =
      Path.of(System.getProperty("basedir", ".")).resolve("..").normalize();
  private static final Path PROVIDER_PAGE = Path.of("docs/writing-a-provider.md");
  private static final Path DISTRIBUTION = CHECKOUT.resolve("launcher/target/thole");

  /** All that this test may use, the testkit and JUnit among it. */
  private static final List<Path> CLASS_PATH = Stream.of(
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", ""))
              .split(File.pathSeparator))
      .map(Path::of)
      .toList();

  /**
   * Blocks that are no transcripts: the demo has a test of its own; the second is this very build; the third would write into
   * the user's repository; {@link ProviderPage} does what the fourth does.
   */
  private static final Set<String> COMMANDS_RUN_ELSEWHERE = Set.of(
      "./thole demo",
      "mvn --batch-mode verify",
      "export THOLE=$PWD\nmvn -q install -DskipTests -pl testkit -am",
      "mvn -q package");

  @TestFactory // N2
  Stream<DynamicTest> printsWhatTheDocumentsShow(@TempDir Path folders) throws IOException {
    return documents().stream()
        .filter(document -> !document.steps().isEmpty())
        .map(document -> DynamicTest.dynamicTest(document.file().getFileName().toString(), () -> {
          Path folder = workspace(folders.resolve(document.file().getFileName().toString()));
          if (document.file().endsWith(PROVIDER_PAGE)) {
            ProviderPage page = new ProviderPage(document);
            page.build(folder, jar("io.thole.api"));
            page.buildTest(folder, CLASS_PATH);
          }
          try (Transcript transcript = new Transcript(folder)) {
            transcript.follow(document);
          }
        }));
  }

  @Test
  void showsFirstTheDemoAndThenTheTestsThatCiRuns() throws IOException {
    List<String> blocks = Document.read(CHECKOUT.resolve("README.md")).of("sh").stream()
        .map(Document.Block::text)
        .toList();

    List<String> ci = Files.readAllLines(CHECKOUT.resolve(".ci/run"));

    assertEquals("./thole demo", blocks.get(0));
    assertEquals("exec " + blocks.get(1), ci.get(ci.size() - 1));
  }

  @Test
  void showsNoCommandThatNobodyRuns() throws IOException {
    List<String> strange = new ArrayList<>();
    for (Document document : documents()) {
      document.of("sh").stream()
          .filter(block -> !COMMANDS_RUN_ELSEWHERE.contains(block.text()))
          .forEach(block -> strange.add(document.file() + ":" + block.line()));
    }

    assertEquals(List.of(), strange);
  }

  @Test
  void linksToFilesThatExist() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^):#]+)(#[^)]*)?\\)");
    List<String> broken = new ArrayList<>();

    for (Document document : documents()) {
      Matcher matcher = link.matcher(Files.readString(document.file()));
      while (matcher.find()) {
        if (!Files.exists(document.file().resolveSibling(matcher.group(1)))) {
          broken.add(document.file() + ": " + matcher.group(1));
        }
      }
    }

    assertEquals(List.of(), broken);
  }

  @Test
  void statesTheSizeOfApiCoreAndStaticProvider() throws IOException {
    long bytes = 0;
    for (String name : List.of("api", "core", "staticprovider")) {
      bytes += Files.size(jar("io.thole." + name));
    }
    Matcher stated = Pattern.compile("static provider: (\\d+) KB")
        .matcher(Files.readString(CHECKOUT.resolve("README.md")));

    assertTrue(stated.find(), "README.md states no size");
    assertEquals(bytes / 1000.0, Double.parseDouble(stated.group(1)), bytes / 1000.0 * 0.1);
    assertTrue(bytes <= 400_000, bytes + " bytes");
  }

  @Test
  void showsPlainJavaThatCompiles(@TempDir Path folder) throws IOException {
    String shown =
        Document.read(CHECKOUT.resolve("README.md")).of("java").get(0).text();

    String source =
        "import io.thole.api.*;\nimport io.thole.api.ClusterEvent.*;\nimport io.thole.spi.*;\n"
            + "class Shown {\nstatic void run(ClusterProvider provider) {\n" + shown + "\n}\n}\n";

    Compilation.compile("Shown", source, folder, List.of(jar("io.thole.api")));
  }

  @Test
  void showsAnApplicationThatCompiles(@TempDir Path folder) throws IOException {
    Compilation.compile("Harbour", messaging("java", 0), folder, CLASS_PATH);
  }

  @Test
  void showsAStreamThatCompiles(@TempDir Path folder) throws IOException {
    String source = "import io.thole.api.pubsub.*;\nimport java.util.List;\n"
        + "class Stream {\nstatic void run(PubSub pubSub, List<byte[]> measurements) {\n"
        + messaging("java", 1) + "\n}\n}\n";

    Compilation.compile("Stream", source, folder, List.of(jar("io.thole.api")));
  }

  @Test
  void showsABacklogThatCompiles(@TempDir Path folder) throws IOException {
    String source = "import io.thole.api.pubsub.*;\n"
        + "class Prices {\nstatic void show(Message message) {}\nstatic void run(PubSub pubSub) {\n"
        + messaging("Backlog.dropOldest") + "\n}\n}\n";

    Compilation.compile("Prices", source, folder, List.of(jar("io.thole.api")));
  }

  @Test
  void showsAProgramWithTwoNodesAndWhatItPrints(@TempDir Path folder) throws IOException {
    List<Path> jars = jars();
    Compilation.compile("Ferry", messaging("class Ferry "), folder, jars);
    String classPath = Stream.concat(jars.stream(), Stream.of(folder.resolve("target/classes")))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));

    try (Terminal program = new Terminal(
        folder, System.getProperty("java.home") + "/bin/java -cp '" + classPath + "' Ferry")) {
      assertEquals(messaging("text", 0), String.join("\n", program.finished()));
    }
  }

  /** Returns the program of the page that holds a text. */
  private static String messaging(String part) throws IOException {
    return Document.read(CHECKOUT.resolve("docs/messaging.md")).of("java").stream()
        .map(Document.Block::text)
        .filter(program -> program.contains(part))
        .findFirst()
        .orElseThrow();
  }

  private static String messaging(String language, int index) throws IOException {
    Document page = Document.read(CHECKOUT.resolve("docs/messaging.md"));
    return page.of(language).get(index).text();
  }

  /** All that the distribution starts nodes with. */
  private static List<Path> jars() throws IOException {
    try (Stream<Path> system = Files.list(DISTRIBUTION.resolve("system"));
        Stream<Path> repository = Files.list(DISTRIBUTION.resolve("repository"))) {
      return Stream.concat(system, repository)
          .filter(file -> file.toString().endsWith(".jar"))
          .map(Path::toAbsolutePath)
          .toList();
    }
  }

  private static Path jar(String name) throws IOException {
    try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("system"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(name + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** README.md, ARCHITECTURE.md and everything below docs. */
  private static List<Document> documents() throws IOException {
    List<Document> documents = new ArrayList<>();
    try (Stream<Path> root = Files.list(CHECKOUT);
        Stream<Path> docs = Files.walk(CHECKOUT.resolve("docs"))) {
      List<Path> files = Stream.concat(root, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
      for (Path file : files) {
        documents.add(Document.read(file));
      }
    }
    return documents;
  }

  /** A folder that looks, to a command, like a checkout that was built. */
  private static Path workspace(Path folder) throws IOException {
    Path built = Files.createDirectories(folder.resolve("launcher/target"));
    Files.createSymbolicLink(built.resolve("thole"), DISTRIBUTION.toAbsolutePath());
    Path command = Files.writeString(
        folder.resolve("thole"),
        "#!/bin/sh\nexec '" + DISTRIBUTION.toAbsolutePath().resolve("bin/thole") + "' \"$@\"\n");
    if (!command.toFile().setExecutable(true)) {
      throw new IOException(command + " cannot be made executable");
    }
    return folder;
  }
}
