package io.thole.launcher.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the demo tells, step by step. */
final class Tale {
  private static final String STATIC_MEMBERS = "conf/io.thole.staticprovider.cfg";

  /** What flows while providers are swapped: for three seconds. */
  private static final int STREAM = 3_000;

  private static final int STREAM_PER_SECOND = 1_000;

  /** How often a node's provider is swapped and swapped back under the stream. */
  private static final int ROUNDS = 5;

  /** Of ever other names, one third lives on each of three nodes: not one of so many is where chance is broken. */
  private static final int NAMES = 100;

  private static final Pattern PAUSE = Pattern.compile("pauseMillis=([0-9.]+)");

  private final Path distribution;
  private final DemoNode a;
  private final DemoNode b;
  private final DemoNode c;
  private final Story story;

  Tale(Path distribution, List<DemoNode> nodes, Story story) {
    this.distribution = distribution;
    this.a = nodes.get(0);
    this.b = nodes.get(1);
    this.c = nodes.get(2);
    this.story = story;
  }

  /**
   * Tells it to the end.
   *
   * @throws Exception what a step throws
   */
  void tell() throws Exception {
    withoutNetwork();
    story.step(
        "TCP is dropped in, takes Netty from the repository, and takes over", this::tcpComes);
    story.step("b and c start in phase 2 with a as their seed; all see the same", this::othersJoin);
    story.step("who subscribes, anywhere, is told what is published anywhere", this::publish);
    story.step("grains are called both ways, wherever they live", this::call);
    story.step(
        "static and tcp are swapped on a and c while b publishes " + STREAM_PER_SECOND
            + " messages a second",
        this::swap);
    story.step("c is killed with kill -9: the others see it leave", this::kill);
    story.step(
        "c comes back on its port, is a member, and is told what is published", this::comeBack);
    story.step("c leaves gracefully", this::leave);
    story.step("the end of its input stops b, a signal stops a; nothing is left", this::end);
    story.end();
  }

  private void withoutNetwork() throws Exception {
    story.step("a starts without a network; its configured topology is applied by an event", () -> {
      a.write(STATIC_MEMBERS, "members = " + b.address());
      a.start("phase-1");
      return List.of(
          a.see(0, topology("joined=[" + b.address() + "] left=[] blocked=[] members=2 version=1")),
          a.see(0, "^READY .* address=" + Pattern.quote(a.address()) + " .* members=2 "));
    });
    story.step("its configuration changes while it runs: only the difference is told", () -> {
      int mark = a.mark();
      a.write(STATIC_MEMBERS, "members = " + b.address() + ", " + c.address());
      return List.of(a.see(
          mark, topology("joined=[" + c.address() + "] left=[] blocked=[] members=3 version=2")));
    });
    story.step("a member is blocked, and let back in", () -> {
      String left = "joined=[] left=[" + c.address() + "] blocked=[" + c.address() + "]";
      return List.of(
          a.see("block " + c.address() + " --reason demo", topology(left + " members=2 version=3")),
          a.see(
              "unblock " + c.address(),
              topology("joined=[" + c.address() + "] left=[] blocked=[]")));
    });
  }

  private List<String> tcpComes() throws IOException, InterruptedException {
    int mark = a.mark();
    Path jar = bundle("io.thole.tcpprovider-");
    Files.copy(jar, a.home().resolve("bundles").resolve(jar.getFileName()));
    return List.of(
        a.see(mark, "installed io.netty.transport .* from the repository"),
        a.see(mark, "ProviderSwapped from=static to=tcp joined=\\[\\] left=\\[\\]"),
        a.see("providers --json", "\"name\":\"tcp\".*\"active\":true.*\"elected by ranking\""),
        a.seeAtLast("doctor --json", "\"check\":\"transport\",\"ok\":true,\"detail\":\"bound\""));
  }

  private List<String> othersJoin() throws IOException, InterruptedException {
    start(b, a, c);
    start(c, a, b);
    List<String> seen = new ArrayList<>(List.of(ready(b), ready(c)));
    for (DemoNode node : List.of(a, b, c)) {
      for (DemoNode member : List.of(a, b, c)) {
        node.seeAtLast("members --json", alive(member));
      }
    }
    seen.add(a.seeAtLast("members --json", alive(b)));
    seen.add(a.seeAtLast("members --json", alive(c)));
    String topology = a.seeAtLast("topology --json", "\"source\":\"tcp\"");
    String hash = topology.replaceAll(".*(\"membersHash\":\"[0-9a-f]+\").*", "$1");
    b.seeAtLast("topology --json", hash);
    c.seeAtLast("topology --json", hash);
    seen.add("on all three: " + hash);
    return seen;
  }

  private List<String> publish() throws IOException, InterruptedException {
    String news = "^news: \"?good morning\"? from " + Pattern.quote(a.address() + "#");
    b.see("subscribe news", "^subscribed to news; every member knows$");
    c.see("subscribe news", "^subscribed to news; every member knows$");
    int markA = a.mark();
    int markB = b.mark();
    int markC = c.mark();
    return List.of(
        a.see("publish news 'good morning'", "accepted=1 refused=0 targets=2 delivered=2$"),
        b.see(markB, news),
        c.see(markC, news),
        c.see("publish hello hi", "accepted=1 refused=0 targets=3 delivered=3$"),
        a.see(markA, "HelloSubscriberComponent hello: \"hi\" from " + c.address()),
        b.see(markB, "HelloSubscriberComponent hello: \"hi\" from " + c.address()));
  }

  private List<String> call() throws IOException, InterruptedException {
    List<String> seen = new ArrayList<>(List.of(echo(a, b), echo(b, a), echo(c, a)));
    String first = a.see("call counter visitors next", "^1 from ");
    String home = first.replaceAll(".* from (\\S+) .*", "$1");
    seen.add(first);
    seen.add(b.see("call counter visitors next", "^2 from " + Pattern.quote(home)));
    seen.add(c.see("call counter visitors next", "^3 from " + Pattern.quote(home)));
    return seen;
  }

  /** Calls grains, each of another name, until one lives on the other node. */
  private static String echo(DemoNode caller, DemoNode host)
      throws IOException, InterruptedException {
    for (int i = 0; i < NAMES; i++) {
      String reply = caller.see("call echo name-" + i + " hi", "^echo:hi@|^call echo");
      if (reply.contains("echo:hi@" + host.address() + " from " + host.address() + "#")) {
        return reply;
      }
    }
    throw new StoryException("none of " + NAMES + " grains lives on " + host.name());
  }

  private List<String> swap() throws IOException, InterruptedException {
    String subscribed = "^subscribed to stream; every member knows$";
    a.see("subscribe stream", subscribed);
    c.see("subscribe stream", subscribed);
    List<DemoNode> nodes = List.of(a, b, c);
    List<Integer> marks = nodes.stream().map(DemoNode::mark).toList();
    b.type("publish stream tick --count " + STREAM + " --rate " + STREAM_PER_SECOND);
    c.see(marks.get(2), "^stream: ");
    List<String> swaps = new ArrayList<>();
    for (int i = 0; i < ROUNDS && b.count(marks.get(1), "^published") == 0; i++) {
      for (DemoNode node : List.of(a, c)) {
        swaps.add(swapped(node, "tcp", "static"));
        swaps.add(swapped(node, "static", "tcp"));
      }
    }
    List<String> seen = new ArrayList<>();
    seen.add(same(
        b.see(marks.get(1), "^published on stream"),
        "accepted=" + STREAM + " refused=0 targets=" + 2 * STREAM + " delivered=" + 2 * STREAM));
    seen.add(swaps.size() + " swaps, none changed the topology; the longest pause was "
        + swaps.stream().mapToDouble(Tale::pauseMillis).max().orElseThrow() + " ms");
    seen.add("printed, each message once: " + printed(a, marks.get(0)) + ", "
        + printed(c, marks.get(2)));
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).count(marks.get(i), "TopologyUpdated") > 0) {
        throw new StoryException(
            "a swap changed the topology of " + nodes.get(i).name());
      }
      seen.addAll(accounts(nodes.get(i)));
    }
    return seen;
  }

  private static String swapped(DemoNode node, String from, String to)
      throws IOException, InterruptedException {
    return same(node.see("swap " + to, "^swapped " + from + " -> " + to), "joined=[] left=[]");
  }

  /** Returns the line if it says what it should: one that says something else need not be waited for. */
  private static String same(String line, String expected) {
    if (!line.contains(expected)) {
      throw new StoryException("not \"" + expected + "\", but " + line);
    }
    return line;
  }

  private static String printed(DemoNode node, int mark) {
    int printed = node.count(mark, "^stream: tick from ");
    if (printed != STREAM) {
      throw new StoryException(
          node.name() + " was told " + printed + " times of " + STREAM + " messages");
    }
    return node.name() + " " + printed;
  }

  private static double pauseMillis(String swapped) {
    Matcher matcher = PAUSE.matcher(swapped);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
  }

  /** Returns its accounts, in which no target may be open. */
  private static List<String> accounts(DemoNode node) throws IOException, InterruptedException {
    List<String> answer = node.answer("accounts");
    List<String> rows =
        answer.stream().filter(line -> line.matches("(SCOPE|topic|kind) .*")).toList();
    if (!answer.contains("They add up.")
        || !rows.stream().allMatch(row -> row.matches(".* (0 +yes|ADDS UP)"))) {
      throw new StoryException("the accounts of " + node.name() + " do not add up: " + rows);
    }
    return rows.stream().map(row -> node.name() + ": " + row).toList();
  }

  private List<String> kill() throws InterruptedException {
    int markA = a.mark();
    int markB = b.mark();
    long beganNanos = System.nanoTime();
    c.kill();
    List<String> seen = List.of(a.see(markA, left(c)), b.see(markB, left(c)));
    return and(seen, "both saw it", beganNanos);
  }

  private List<String> comeBack() throws IOException, InterruptedException {
    int mark = a.mark();
    start(c, a, b);
    List<String> seen = new ArrayList<>();
    seen.add(ready(c));
    seen.add(a.see(mark, "TopologyUpdated joined=\\[" + Pattern.quote(c.address())));
    b.seeAtLast("members --json", alive(c));
    c.see("subscribe news", "^subscribed to news; every member knows$");
    int told = c.mark();
    seen.add(a.see("publish news again", "accepted=1 refused=0 targets=2 delivered=2$"));
    seen.add(c.see(told, "^news: \"?again\"? from " + Pattern.quote(a.address() + "#")));
    return seen;
  }

  private List<String> leave() throws IOException, InterruptedException {
    int markA = a.mark();
    int markB = b.mark();
    long beganNanos = System.nanoTime();
    c.type("leave");
    List<String> seen = List.of(a.see(markA, left(c)), b.see(markB, left(c)));
    return and(seen, "both saw it", beganNanos);
  }

  private List<String> end() throws IOException, InterruptedException {
    int markA = a.mark();
    int markB = b.mark();
    List<String> codes = List.of("c " + c.endInput(), "b " + b.endInput(), "a " + a.terminate());
    if (!codes.equals(List.of("c 0", "b 0", "a 143"))) {
      throw new StoryException("the nodes ended with exit codes " + codes);
    }
    for (DemoNode node : List.of(a, b, c)) {
      if (!node.portIsFree()) {
        throw new StoryException(node.address() + " is still in use");
      }
    }
    return List.of(
        b.see(markB, "Shutdown address=" + Pattern.quote(b.address()) + " mode=MEMBER"),
        a.see(markA, "Shutdown address=" + Pattern.quote(a.address()) + " mode=MEMBER"),
        "exit codes: " + String.join(", ", codes) + "; their ports are free");
  }

  /** Starts one in phase 2. Its static provider, that only waits, is told of the same members. */
  private void start(DemoNode node, DemoNode seed, DemoNode other) throws IOException {
    node.start(
        "phase-2", "--seed", a.address(), "--member", seed.address(), "--member", other.address());
  }

  private static String ready(DemoNode node) throws InterruptedException {
    return node.see(
        0, "^READY .* address=" + Pattern.quote(node.address()) + " mode=MEMBER phase=2 ");
  }

  private static List<String> and(List<String> seen, String what, long sinceNanos) {
    List<String> more = new ArrayList<>(seen);
    more.add(what + " after " + (System.nanoTime() - sinceNanos) / 1_000_000 + " ms");
    return more;
  }

  private Path bundle(String name) throws IOException {
    try (Stream<Path> jars = Files.list(distribution.resolve("system"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(name))
          .findFirst()
          .orElseThrow(() -> new StoryException("the distribution has no bundle " + name));
    }
  }

  private static String topology(String fields) {
    return "TopologyUpdated " + Pattern.quote(fields);
  }

  private static String left(DemoNode node) {
    return topology("joined=[] left=[" + node.address() + "]");
  }

  private static String alive(DemoNode node) {
    return "\"address\":\"" + Pattern.quote(node.address()) + "\",.*\"status\":\"ALIVE\"";
  }
}
