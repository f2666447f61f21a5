package io.thole.launcher.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole story in real processes: a node with a configured topology is given TCP while it runs, two others join it,
 * messages and calls go across while providers are swapped, one is killed, comes back, and leaves.
 */
public final class Demo {
  private final Path folder;
  private final List<DemoNode> nodes;
  private final Story story;

  /** Ctrl-C leaves nothing behind either. */
  private final Thread cleaner = new Thread(this::clean, "demo clean-up");

  private Demo(Path folder, List<DemoNode> nodes, PrintStream out) {
    this.folder = folder;
    this.nodes = nodes;
    this.story = new Story(out);
  }

  /**
   * Runs the demo.
   *
   * @param distribution the folder that holds {@code bin/thole} and the bundles
   * @param out where it is told
   * @return whether every step was seen
   */
  public static boolean run(Path distribution, PrintStream out) {
    try {
      Path folder = Files.createTempDirectory("thole-demo-");
      Demo demo = new Demo(folder, DemoNode.three(distribution, folder), out);
      Runtime.getRuntime().addShutdownHook(demo.cleaner);
      try {
        return demo.tell(distribution);
      } finally {
        demo.end();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the demo needs a temporary folder and three ports", e);
    }
  }

  private boolean tell(Path distribution) {
    try {
      new Tale(distribution, nodes, story).tell();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      if (!interrupted()) {
        story.failed(
            String.valueOf(e.getMessage()),
            nodes.stream().flatMap(node -> node.tail(12).stream()).toList());
      }
      return false;
    }
  }

  /** Tells whether the process ends: then the nodes are gone because of that, and the hook cleans up. */
  private boolean interrupted() {
    return cleaner.getState() != Thread.State.NEW;
  }

  private void end() {
    if (!interrupted()) {
      clean();
      try {
        Runtime.getRuntime().removeShutdownHook(cleaner);
      } catch (IllegalStateException e) {
        // The process ends at this very moment: there is nothing left to clean, and the hook finds
        // that out.
      }
    }
  }

  private void clean() {
    nodes.forEach(DemoNode::close);
    delete(folder);
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
