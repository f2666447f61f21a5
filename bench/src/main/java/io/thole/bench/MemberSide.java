package io.thole.bench;

import io.thole.api.Authority;
import io.thole.api.Cluster;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * A process with one or more members of a cluster that does nothing. It prints each topology that one of them publishes, and is
 * told on its standard input to leave and to come back. For one thread, but for what it prints.
 */
public final class MemberSide {
  /** What is said once all nodes run; their addresses follow. */
  static final String READY = "ready ";

  /** What is said before a node starts or leaves; the time follows. */
  static final String BEGINS = "begins ";

  /** Tells the node to leave. */
  static final String LEAVE = "leave";

  /** Tells a node to start; where it listens and its seeds follow. */
  static final String JOIN = "join ";

  /** Stands for no seeds. */
  static final String NOBODY = "-";

  /** Many processes that start at once make each other slow. */
  private static final long START_MILLIS = 60_000;

  private final PrintStream out;
  private final List<Cluster> clusters = new ArrayList<>();

  private MemberSide(PrintStream out) {
    this.out = out;
  }

  /**
   * Serves until the standard input ends.
   *
   * @param arguments how many nodes; where the first one listens; its seeds, with commas
   * @throws IOException if the input cannot be read
   */
  public static void main(String[] arguments) throws IOException {
    Logger.getLogger("").setLevel(Level.SEVERE); // seeds are killed on purpose
    PrintStream out = System.out;
    System.setOut(System.err); // what is said is for a program
    new MemberSide(out).serve(Integer.parseInt(arguments[0]), arguments[1], seeds(arguments[2]));
    System.exit(0);
  }

  private void serve(int count, String bind, List<Authority> seeds) throws IOException {
    join(bind, seeds);
    while (clusters.size() < count) {
      join("127.0.0.1:0", seeds.isEmpty() ? List.of(address(clusters.get(0))) : seeds);
    }
    sayReady();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals(LEAVE)) {
        leave();
      } else if (line.startsWith(JOIN)) {
        String[] words = line.substring(JOIN.length()).split(" ");
        join(words[0], seeds(words[1]));
        sayReady();
      } else {
        throw new IllegalArgumentException("unknown command " + line);
      }
    }
    clusters.forEach(cluster -> cluster.shutdown(false));
  }

  private void join(String bind, List<Authority> seeds) {
    ClusterSettings settings =
        TholeLane.settings(seeds).with("bind", bind).with("startTimeoutMillis", START_MILLIS);
    Cluster cluster = TholeLane.factory().create(settings);
    cluster.events().subscribe(TopologyUpdated.class, event -> {
      long nowNanos = System.nanoTime();
      out.println(Sighting.of(address(cluster), event, nowNanos).line());
    });
    out.println(BEGINS + System.nanoTime());
    cluster.start().toCompletableFuture().join();
    clusters.add(cluster);
  }

  private void leave() {
    Cluster leaver = clusters.remove(0);
    out.println(BEGINS + System.nanoTime());
    leaver.shutdown(true).toCompletableFuture().join();
  }

  private void sayReady() {
    out.println(READY
        + clusters.stream()
            .map(cluster -> address(cluster).toString())
            .collect(Collectors.joining(" ")));
  }

  private static Authority address(Cluster cluster) {
    return cluster.self().authority();
  }

  private static List<Authority> seeds(String text) {
    return text.equals(NOBODY)
        ? List.of()
        : Arrays.stream(text.split(",")).map(Authority::parse).toList();
  }
}
