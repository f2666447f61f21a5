package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The nodes of a test: real ones, in processes of their own, each with its home. */
final class Nodes implements AutoCloseable {
  private static final Pattern READY = Pattern.compile(
      "READY name=\\w+ address=(\\S+) mode=(\\w+) phase=\\d members=([0-9]+) after=.*");

  private static final Pattern HASH = Pattern.compile("\"membersHash\":\"([0-9a-f]{16})\"");
  private static final Pattern CHANGE =
      Pattern.compile(".* TopologyUpdated (joined=\\[.*] left=\\[.*]) blocked=.*");
  private static final String SHOW = "events -n 1000";
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Path homes;
  private final List<Thole> nodes = new ArrayList<>();

  /**
   * Has no node yet.
   *
   * @param homes an empty folder
   */
  Nodes(Path homes) {
    this.homes = homes;
  }

  /** Starts a node of phase 2 at any free port, unless an option says otherwise. */
  Thole run(String name, String... options) throws IOException {
    return start("phase-2", name, options);
  }

  /** Starts a node; without the examples, which would have a say in what is counted. */
  Thole start(String phase, String name, String... options) throws IOException {
    return startBy(List.of(), phase, name, options);
  }

  /** Starts a node by another command, which becomes its process. */
  Thole startBy(List<String> starter, String phase, String name, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", phase, "--name", name, "--bare"));
    arguments.addAll(List.of("--home", home(name).toString()));
    arguments.addAll(List.of("--set", "io.thole.core:bind=127.0.0.1:0"));
    arguments.addAll(List.of(options));
    Thole node = Thole.startBy(starter, Thole.distribution(), arguments.toArray(String[]::new));
    nodes.add(node);
    return node;
  }

  /** Waits until a node runs, and returns its address. */
  static String ready(Thole node, int members) {
    Matcher line = READY.matcher(node.awaitOut(READY.pattern()));
    assertTrue(line.matches());
    assertEquals("MEMBER " + members, line.group(2) + " " + line.group(3));
    return line.group(1);
  }

  /** Waits until a node runs, however many members it sees, and returns its address. */
  static String address(Thole node) {
    Matcher line = READY.matcher(node.awaitOut(READY.pattern()));
    assertTrue(line.matches());
    return line.group(1);
  }

  /** Waits until each of these sees as many members as there are, and all see the same. */
  static void awaitAgreement(List<Thole> members) throws IOException {
    String wanted = ".*\"members\":\\[([^],]+,){" + (members.size() - 1) + "}[^],]+].*";
    long beganNanos = System.nanoTime();
    Set<String> hashes = Set.of("none", "yet");
    while (hashes.size() > 1) {
      Set<String> last = hashes;
      assertTrue(System.nanoTime() - beganNanos < LIMIT_NANOS, () -> last + " of " + members);
      Set<String> told = new TreeSet<>();
      for (Thole member : members) {
        Matcher hash = HASH.matcher(awaitAnswer(member, "topology --json", wanted));
        assertTrue(hash.find());
        told.add(hash.group(1));
      }
      hashes = told;
    }
  }

  /** Returns a change of one member that came, as it is told. */
  static String joined(String address) {
    return "joined=[" + address + "] left=[]";
  }

  /** Returns a change of one member that went, as it is told. */
  static String left(String address) {
    return "joined=[] left=[" + address + "]";
  }

  /** Waits until a node tells a change. */
  static void awaitChange(Thole node, String change) {
    node.awaitErr(".* TopologyUpdated " + Pattern.quote(change) + " .*");
  }

  /** Waits until a node's own command shows so many changes of its members, and returns all. */
  static List<String> awaitShown(Thole node, int changes) throws IOException {
    long beganNanos = System.nanoTime();
    List<String> shown = shown(node);
    while (shown.size() < changes) {
      List<String> last = shown;
      assertTrue(
          System.nanoTime() - beganNanos < LIMIT_NANOS, () -> "no more than " + last + "\n" + node);
      LockSupport.parkNanos(LOOK_NANOS);
      shown = shown(node);
    }
    return shown;
  }

  /** Returns the changes of its members that a node's own command shows so far. */
  static List<String> shown(Thole node) throws IOException {
    return answer(node, SHOW)
        .lines()
        .map(CHANGE::matcher)
        .filter(Matcher::matches)
        .map(change -> change.group(1))
        .toList();
  }

  /** Returns what a command prints; nothing else may print meanwhile. */
  static String answer(Thole node, String command) throws IOException {
    StringBuilder answer = new StringBuilder();
    node.type(command).type("metrics --json"); // one line, unlike any other
    for (String line = node.awaitOut(".*");
        !line.startsWith("{\"members\":");
        line = node.awaitOut(".*")) {
      answer.append(line).append('\n');
    }
    return answer.toString();
  }

  /** Waits until what a command prints matches; a dot stands for a line feed, too. */
  static String awaitAnswer(Thole node, String command, String regex) throws IOException {
    Pattern wanted = Pattern.compile(regex, Pattern.DOTALL);
    long beganNanos = System.nanoTime();
    String answer = answer(node, command);
    while (!wanted.matcher(answer).matches()) {
      String last = answer;
      assertTrue(
          System.nanoTime() - beganNanos < LIMIT_NANOS,
          () -> command + " never says " + regex + "; " + last + "\n" + node);
      LockSupport.parkNanos(LOOK_NANOS);
      answer = answer(node, command);
    }
    return answer;
  }

  /** Returns the changes of its members that a node has told so far. */
  static List<String> changes(Thole node) {
    return node.err().stream()
        .map(CHANGE::matcher)
        .filter(Matcher::matches)
        .map(change -> change.group(1))
        .toList();
  }

  Path home(String name) {
    return homes.resolve(name);
  }

  /** Writes what a component of a node is configured with; it is live. */
  void configure(String name, String pid, String... lines) throws IOException {
    Path conf = Files.createDirectories(home(name).resolve("conf"));
    Path whole = Files.write(homes.resolve("next.cfg"), List.of(lines));
    Files.move(whole, conf.resolve(pid + ".cfg"), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Drops a bundle of the distribution in, anew if it is there. */
  void drop(String name, String bundle) throws IOException {
    Path jar = Files.copy(jar(bundle), homes.resolve("next.jar"));
    Files.move(jar, dropIn(name, bundle), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Drops a bundle in that no distribution has; the file is taken. */
  void dropIn(String name, Path jar) throws IOException {
    String file = String.valueOf(jar.getFileName());
    Files.move(jar, dropIn(name, file.substring(0, file.length() - ".jar".length())));
  }

  /** Takes a bundle out that was dropped in. */
  void take(String name, String bundle) throws IOException {
    Files.delete(dropIn(name, bundle));
  }

  private Path dropIn(String name, String bundle) throws IOException {
    return Files.createDirectories(home(name).resolve("bundles")).resolve(bundle + ".jar");
  }

  private static Path jar(String bundle) throws IOException {
    for (String folder : List.of("system", "examples")) {
      try (var files = Files.list(Thole.distribution().resolve(folder))) {
        var jar = files
            .filter(file -> file.getFileName().toString().startsWith(bundle + "-"))
            .findFirst();
        if (jar.isPresent()) {
          return jar.get();
        }
      }
    }
    throw new AssertionError("no " + bundle + " in " + Thole.distribution());
  }

  @Override
  public void close() {
    nodes.forEach(Thole::close);
  }
}
