package io.thole.launcher.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One of the demo's nodes: its name, its port, its home, and the process in which it is now. */
final class DemoNode implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** The port that a node has by default, so that the story reads like the documents; the next free ones where it is taken. */
  private static final int FIRST_PORT = 26050;

  private static final int LAST_PORT = FIRST_PORT + 999;

  private final String name;
  private final int port;
  private final Path folder;
  private final String command;
  private volatile @Nullable NodeProcess process;

  private DemoNode(String name, int port, Path folder, Path distribution) {
    this.name = name;
    this.port = port;
    this.folder = folder;
    this.command = distribution.resolve("bin/thole").toString();
  }

  /** Returns three that do not run yet, at ports that are free. */
  static List<DemoNode> three(Path distribution, Path folder) throws IOException {
    List<DemoNode> nodes = new ArrayList<>();
    int port = FIRST_PORT;
    for (String name : List.of("a", "b", "c")) {
      while (!isFree(port)) {
        port++;
        if (port > LAST_PORT) {
          throw new IOException("no port is free within " + FIRST_PORT + ".." + LAST_PORT);
        }
      }
      nodes.add(new DemoNode(name, port++, folder, distribution));
    }
    return List.copyOf(nodes);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  String name() {
    return name;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Tells whether nobody listens at its port. */
  boolean portIsFree() {
    return isFree(port);
  }

  Path home() {
    return folder.resolve(name);
  }

  /** Writes a file in the home, whole at once: who watches it sees no half. */
  void write(String file, String text) throws IOException {
    Path target = home().resolve(file);
    Files.createDirectories(target.getParent());
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, target, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Starts it in a process of its own. */
  void start(String phase, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(command, "run", phase));
    words.addAll(List.of("--name", name, "--bind", address(), "--home", home().toString()));
    words.addAll(List.of(options));
    process = NodeProcess.start(words, folder);
  }

  void type(String line) throws IOException {
    running().type(line);
  }

  /** Returns where to look from, for what comes next. */
  int mark() {
    return running().mark();
  }

  /**
   * Waits for a line.
   *
   * @return the line, after the node's name; of one of the log, what it says
   * @throws StoryException if it does not come
   */
  String see(int from, String pattern) throws InterruptedException {
    String line = running().await(name, from, Pattern.compile(pattern), LIMIT);
    return name + ": " + line.replaceFirst("^[0-9:.]+ INFO [\\w.]+ ", "");
  }

  /** Types a command and waits for a line. */
  String see(String line, String pattern) throws IOException, InterruptedException {
    int mark = mark();
    type(line);
    return see(mark, pattern);
  }

  /** Tells how many lines there are with a pattern, from a mark on. */
  int count(int from, String pattern) {
    return running().matching(from, Pattern.compile(pattern)).size();
  }

  /**
   * Types a command again and again until a line comes that is waited for: for what is known here a little later than elsewhere.
   *
   * @throws StoryException if it does not come
   */
  String seeAtLast(String line, String pattern) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      List<String> found =
          answer(line).stream().filter(Pattern.compile(pattern).asPredicate()).toList();
      if (!found.isEmpty()) {
        return name + ": " + found.get(0);
      }
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw new StoryException(name + " does not answer " + line + " with \"" + pattern + "\"");
      }
      Thread.sleep(50); // nothing tells when another node has learnt of something
    }
  }

  /** Types a command and returns what comes until it has answered. */
  List<String> answer(String line) throws IOException, InterruptedException {
    int mark = mark();
    type(line);
    type("answered = end-of-" + mark);
    see(mark, "^end-of-" + mark + "$");
    return running().matching(mark, Pattern.compile(""));
  }

  /** Kills it, as {@code kill -9} does. */
  void kill() {
    running().close();
  }

  /** Ends its input and returns the exit code. */
  int endInput() throws IOException, InterruptedException {
    return running().stop();
  }

  /** Sends it SIGTERM and returns the exit code. */
  int terminate() throws InterruptedException {
    return running().terminate();
  }

  /** Returns its last lines, each after its name; none if it never ran. */
  List<String> tail(int count) {
    NodeProcess last = process;
    return last == null
        ? List.of()
        : last.tail(count).stream().map(line -> name + ": " + line).toList();
  }

  /** Ends its process at once, if there is one. */
  @Override
  public void close() {
    NodeProcess last = process;
    if (last != null) {
      last.close();
    }
  }

  private NodeProcess running() {
    NodeProcess last = process;
    if (last == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return last;
  }
}
