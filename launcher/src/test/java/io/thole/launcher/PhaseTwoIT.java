package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes in processes of their own, each at a free port. */
class PhaseTwoIT {
  private static final Pattern READY = Pattern.compile(
      "READY name=\\w+ address=(\\S+) mode=(\\w+) phase=2 members=([0-9]+) after=.*");

  @TempDir
  private Path homes;

  private final List<Thole> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(Thole::close);
  }

  @Test // G1, G3
  void findsItsSeedAndIsReadyWithItsView() throws Exception {
    Thole a = run("a");
    String addressOfA = ready(a, "MEMBER", 1);

    Thole b = run("b", "--seed", addressOfA);
    String addressOfB = ready(b, "MEMBER", 2);

    a.awaitErr(".* TopologyUpdated joined=\\[" + Pattern.quote(addressOfB) + "] left=\\[] .*");
    assertEquals(0, b.endInput().exitCode(), b::toString);
    a.awaitErr(".* TopologyUpdated joined=\\[] left=\\[" + Pattern.quote(addressOfB) + "] .*");
  }

  @Test // G7
  void publishesFromOneNodeToTheOther() throws Exception {
    Thole a = run("a", "--bare");
    Thole b = run("b", "--seed", ready(a, "MEMBER", 1));
    ready(b, "MEMBER", 2);
    b.type("subscribe news").awaitOut("subscribed to news; every member knows");

    a.type("publish news hi --json")
        .awaitOut(".*\"accepted\":1,.*\"targets\":1,\"delivered\":1,.*");

    b.awaitOut("news: hi from .*");
    a.type("accounts").awaitOut("They add up\\.");
  }

  @Test // E3
  void aClientSeesTheClusterAndIsNoMember() throws Exception {
    Thole a = run("a");
    String addressOfA = ready(a, "MEMBER", 1);

    Thole client = run("c", "--client", "--bare", "--seed", addressOfA);

    ready(client, "CLIENT", 1);
    a.type("metrics").awaitOut("members +1");
  }

  @Test // O1
  void swapsToTheStaticProviderAndBack() throws Exception {
    Thole a = run("a");
    String addressOfA = ready(a, "MEMBER", 1);
    Thole b = run("b", "--seed", addressOfA, "--member", addressOfA);
    ready(b, "MEMBER", 2);

    b.type("swap static").awaitOut("swapped tcp -> static joined=\\[] left=\\[] .*");
    b.type("swap tcp").awaitOut("swapped static -> tcp joined=\\[] left=\\[] .*");

    b.type("members --json")
        .awaitOut(".*\"address\":\"" + Pattern.quote(addressOfA) + "\".*\"ALIVE\".*");
  }

  @Test // D7
  void namesThePortThatIsTaken() throws Exception {
    String taken = ready(run("a"), "MEMBER", 1);

    Thole late = start("b", "--bind", taken, "--no-shell");

    assertEquals(3, late.exitCode(), late::toString);
    assertTrue(
        last(late)
            .startsWith("thole: start failed: transport tcp: cannot listen at " + taken + ": "),
        late::toString);
  }

  @Test // delivery.md 6
  void refusesToListenInTheClearBeyondTheLoopback() throws Exception {
    Thole open = start("a", "--bind", "0.0.0.0:0", "--advertise", "127.0.0.1:26050", "--no-shell");

    assertEquals(5, open.exitCode(), open::toString);
    assertTrue(
        last(open).startsWith("thole: io.thole.tcpprovider:insecure=\"false\" is refused; "),
        open::toString);
    assertTrue(
        last(open).endsWith("change it with --set io.thole.tcpprovider:insecure=VALUE"),
        open::toString);
  }

  private static String ready(Thole node, String mode, int members) {
    Matcher line = READY.matcher(node.awaitOut(READY.pattern()));
    assertTrue(line.matches());
    assertEquals(mode + " " + members, line.group(2) + " " + line.group(3));
    return line.group(1);
  }

  private static String last(Thole node) {
    return node.err().get(node.err().size() - 1);
  }

  private Thole run(String name, String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of("--bind", "127.0.0.1:0"));
    options.addAll(List.of(more));
    return start(name, options.toArray(String[]::new));
  }

  private Thole start(String name, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "phase-2", "--name", name));
    arguments.addAll(List.of("--home", homes.resolve(name).toString()));
    arguments.addAll(List.of(options));
    Thole node = Thole.start(Thole.distribution(), arguments.toArray(String[]::new));
    nodes.add(node);
    return node;
  }
}
