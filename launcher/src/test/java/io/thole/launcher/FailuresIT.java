package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes see of one whose process stands still, of one that is killed and of one that leaves. */
class FailuresIT {
  /** Generous, for a loaded machine: {@link MembershipIT} has the bounds. */
  private static final long NOTICED_MILLIS = 3_000;

  @TempDir
  private Path homes;

  private Nodes nodes;
  private final List<Thole> members = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();

  @BeforeEach
  void prepare() {
    nodes = new Nodes(homes);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  @ParameterizedTest(name = "{0} nodes") // D3, G3, G4, G5
  @ValueSource(ints = {2, 3, 5})
  void removeTheDeadAndTheLeavingAndNotOneThatStandsStill(int size) throws Exception {
    start(size);
    int victim = size - 1;
    int leaver = 1;
    Thole witness = members.get(0);
    int known = Nodes.shown(witness).size();

    standStill(members.get(leaver));
    reachesAll(witness);
    reachesAll(members.get(leaver));
    kill(victim);
    comeBack(victim);
    leave(leaver);

    String dead = addresses.get(victim);
    List<String> expected =
        List.of(Nodes.left(dead), Nodes.joined(dead), Nodes.left(addresses.get(leaver)));
    List<String> shown = Nodes.awaitShown(witness, known + expected.size());
    assertEquals(expected, shown.subList(known, shown.size()), witness::toString);
  }

  private void start(int size) throws Exception {
    members.add(nodes.run("n0"));
    addresses.add(Nodes.address(members.get(0)));
    for (int i = 1; i < size; i++) {
      members.add(nodes.run("n" + i, "--seed", addresses.get(0)));
    }
    for (Thole node : members.subList(1, size)) {
      addresses.add(Nodes.address(node));
    }
    Nodes.awaitAgreement(members);
    for (Thole node : members) {
      subscribe(node);
    }
  }

  /** The shell of the test machine counts the time in which nothing of the node runs. */
  private static void standStill(Thole node) throws Exception {
    String pid = String.valueOf(node.handle().pid());
    Process pause = new ProcessBuilder(
            "sh", "-c", "kill -STOP " + pid + " && sleep 1.5; kill -CONT " + pid)
        .inheritIO()
        .start();
    assertEquals(0, pause.waitFor());
  }

  private void kill(int victim) {
    long beganNanos = System.nanoTime();
    members.get(victim).handle().destroyForcibly();
    awaitAllBut(victim, Nodes.left(addresses.get(victim)));
    assertNoticed("kill -9", beganNanos);
  }

  private void comeBack(int victim) throws Exception {
    String address = addresses.get(victim);
    Thole next = nodes.run("n" + victim, "--seed", addresses.get(0), "--bind", address);
    members.set(victim, next);
    awaitAllBut(victim, Nodes.joined(address));
    subscribe(next);
    reachesAll(members.get(0));
    reachesAll(next);
  }

  private void leave(int leaver) throws IOException {
    long beganNanos = System.nanoTime();
    members.get(leaver).endInput();
    awaitAllBut(leaver, Nodes.left(addresses.get(leaver)));
    assertNoticed("a graceful leave", beganNanos);
  }

  private void awaitAllBut(int subject, String change) {
    for (Thole other : members) {
      if (other != members.get(subject)) {
        Nodes.awaitChange(other, change);
      }
    }
  }

  private static void subscribe(Thole node) throws IOException {
    node.type("subscribe news").awaitOut("subscribed to news; every member knows");
  }

  private void reachesAll(Thole publisher) throws IOException {
    publisher
        .type("publish news hi")
        .awaitOut("published on news: .* targets=" + members.size() + " delivered=" + members.size()
            + ".*");
    for (Thole subscriber : members) {
      if (subscriber != publisher) { // which has printed it before its report
        subscriber.awaitOut("news: hi from .*");
      }
    }
  }

  private void assertNoticed(String what, long beganNanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    System.out.println(
        what + ", " + members.size() + " nodes: left everywhere after " + millis + " ms");
    assertTrue(millis <= NOTICED_MILLIS, () -> millis + " ms; " + members.get(0));
  }
}
