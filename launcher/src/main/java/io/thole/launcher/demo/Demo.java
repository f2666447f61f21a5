package io.thole.launcher.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Phase 1 in a real process: a configured topology applied by event, a live change, a block and its undo, and a second
 * provider that is dropped in, takes over, hands back by command and is taken out, while no member is seen to leave.
 */
public final class Demo {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String SELF = "127.0.0.1:26050";
  private static final String FIRST = "127.0.0.1:26051";
  private static final String SECOND = "127.0.0.1:26052";

  private final Path distribution;
  private final Path folder;
  private final Path home;
  private final Story story;

  private Demo(Path distribution, Path folder, PrintStream out) {
    this.distribution = distribution;
    this.folder = folder;
    this.home = folder.resolve("home");
    this.story = new Story(out);
  }

  /**
   * Runs the demo.
   *
   * @param distribution the folder that holds {@code bin/thole} and {@code examples}
   * @param out where it is told
   * @return whether every step was seen
   */
  public static boolean run(Path distribution, PrintStream out) {
    try {
      Path folder = Files.createTempDirectory("thole-demo-");
      Thread cleaner = new Thread(() -> delete(folder), "demo clean-up");
      Runtime.getRuntime().addShutdownHook(cleaner);
      try {
        return new Demo(distribution, folder, out).tell();
      } finally {
        delete(folder);
        Runtime.getRuntime().removeShutdownHook(cleaner);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the demo needs a temporary folder", e);
    }
  }

  private boolean tell() throws IOException {
    configure(SELF, FIRST);
    Files.writeString(home.resolve("roster.txt"), SELF + "\n" + FIRST + "\n" + SECOND + "\n");
    List<String> command = List.of(
        distribution.resolve("bin/thole").toString(),
        "run",
        "phase-1",
        "--name",
        "demo",
        "--bind",
        SELF,
        "--home",
        home.toString());
    try (NodeProcess node = NodeProcess.start(command, folder)) {
      Thread killer = new Thread(node::close, "demo end");
      Runtime.getRuntime().addShutdownHook(killer);
      try {
        tell(node);
        story.end();
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } catch (Exception e) {
        story.failed(String.valueOf(e.getMessage()), node.tail(12));
        return false;
      } finally {
        Runtime.getRuntime().removeShutdownHook(killer);
      }
    }
  }

  private void tell(NodeProcess node) throws Exception {
    story.step("a node starts; its configured topology is applied by an event", () -> {
      String topology =
          see(node, 0, topology("joined=[" + FIRST + "] left=[] blocked=[] members=2 version=1"));
      return List.of(
          topology, see(node, 0, "^READY .* address=" + Pattern.quote(SELF) + " .* members=2 "));
    });
    story.step("the configuration changes while it runs: only the difference is told", () -> {
      int mark = node.mark();
      configure(SELF, FIRST, SECOND);
      return List.of(see(
          node, mark, topology("joined=[" + SECOND + "] left=[] blocked=[] members=3 version=2")));
    });
    story.step("a member is blocked: it leaves, and the list says why", () -> {
      int mark = node.mark();
      node.type("block " + FIRST + " --reason demo");
      String event = see(
          node,
          mark,
          topology("joined=[] left=[" + FIRST + "] blocked=[" + FIRST + "] members=2 version=3"));
      node.type("blocked --json");
      return List.of(
          event,
          see(node, mark, "^\\{\"address\":\"" + Pattern.quote(FIRST) + "\",\"reason\":\"demo\""));
    });
    story.step("it is unblocked, and is a member again", () -> {
      int mark = node.mark();
      node.type("unblock " + FIRST);
      return List.of(see(
          node, mark, topology("joined=[" + FIRST + "] left=[] blocked=[] members=3 version=4")));
    });
    story.step("a jar that is no bundle is dropped in: it is moved aside, with a reason", () -> {
      int mark = node.mark();
      Files.writeString(home.resolve("bundles/broken.jar"), "this is no jar");
      String line = see(node, mark, "broken\\.jar");
      await(home.resolve("bundles/rejected/broken.jar.reason.txt"));
      return List.of(line);
    });
    int beforeSwaps = node.mark();
    story.step("a better provider is dropped in, and takes over", () -> {
      int mark = node.mark();
      dropIn(example("io.thole.roster"));
      return List.of(see(node, mark, swapped("static", "roster")));
    });
    story.step("by command it hands back to the static one", () -> {
      int mark = node.mark();
      node.type("swap static");
      return List.of(see(node, mark, swapped("roster", "static")));
    });
    story.step("and takes over again", () -> {
      int mark = node.mark();
      node.type("swap roster");
      return List.of(see(node, mark, swapped("static", "roster")));
    });
    story.step("it is taken out while it is the active one: the static one takes over", () -> {
      int mark = node.mark();
      Files.delete(home.resolve("bundles/roster.jar"));
      return List.of(see(node, mark, swapped("roster", "static")));
    });
    story.step("no member was seen to leave or join in four swaps; the version stood still", () -> {
      List<String> changes = node.matching(beforeSwaps, Pattern.compile("TopologyUpdated"));
      if (!changes.isEmpty()) {
        throw new StoryException("a swap changed the topology: " + changes);
      }
      int mark = node.mark();
      node.type("topology --json");
      return List.of(see(node, mark, "^\\{\"version\":4,.*\"stale\":false,\"source\":\"static\""));
    });
    story.step("the end of its input stops the node gracefully", () -> {
      int mark = node.mark();
      int exit = node.stop();
      if (exit != 0) {
        throw new StoryException("the node ended with exit code " + exit);
      }
      return List.of(see(node, mark, "Shutdown address=" + Pattern.quote(SELF) + " mode=MEMBER"));
    });
  }

  private void configure(String... members) throws IOException {
    Path conf = Files.createDirectories(home.resolve("conf"));
    Path next = folder.resolve("next.cfg");
    Files.writeString(next, "members = " + String.join(",", members) + "\n");
    Files.move(
        next, conf.resolve("io.thole.staticprovider.cfg"), StandardCopyOption.REPLACE_EXISTING);
  }

  private Path example(String name) throws IOException {
    try (Stream<Path> jars = Files.list(distribution.resolve("examples"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(name))
          .findFirst()
          .orElseThrow(() -> new StoryException("the distribution has no example " + name));
    }
  }

  private void dropIn(Path jar) throws IOException {
    Files.copy(jar, home.resolve("bundles/roster.jar"));
  }

  private static String see(NodeProcess node, int from, String pattern)
      throws InterruptedException {
    return node.await(from, Pattern.compile(pattern), LIMIT);
  }

  private static String topology(String fields) {
    return "TopologyUpdated " + Pattern.quote(fields);
  }

  private static String swapped(String from, String to) {
    return "ProviderSwapped from=" + from + " to=" + to + " joined=\\[\\] left=\\[\\]";
  }

  private static void await(Path file) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
    while (!Files.exists(file)) {
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw new StoryException(
            "no file " + file.getFileName() + " within " + LIMIT.toSeconds() + " s");
      }
      Thread.sleep(20); // a file cannot be waited for in any other way
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      System.err.println(
          "thole: the demo's folder " + folder + " could not be deleted: " + e.getMessage());
    }
  }
}
