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
  private Demo() {}

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
      List<DemoNode> nodes = DemoNode.three(distribution, folder);
      Thread cleaner = new Thread(() -> clean(nodes, folder), "demo clean-up");
      Runtime.getRuntime().addShutdownHook(cleaner); // Ctrl-C leaves nothing behind either
      try {
        return tell(new Tale(distribution, nodes, new Story(out)), nodes);
      } finally {
        clean(nodes, folder);
        Runtime.getRuntime().removeShutdownHook(cleaner);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the demo needs a temporary folder and three ports", e);
    }
  }

  private static boolean tell(Tale tale, List<DemoNode> nodes) {
    try {
      tale.tell();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      tale.story()
          .failed(
              String.valueOf(e.getMessage()),
              nodes.stream().flatMap(node -> node.tail(12).stream()).toList());
      return false;
    }
  }

  private static void clean(List<DemoNode> nodes, Path folder) {
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
