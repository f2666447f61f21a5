package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cables that are pulled: nobody is told, nothing is refused. Skipped where the machine allows no network namespaces.
 * {@code -Dthole.cuts=5} pulls that of a single host more often.
 */
class PartitionIT {
  private static final int CUTS = Integer.getInteger("thole.cuts", 1);
  private static final long SILENT_MILLIS = 5_000; // G4
  private static final long HEALED_MILLIS = 15_000; // G9

  @TempDir
  private Path homes;

  @SuppressWarnings("NullAway.Init") // each test begins with start
  private Lan lan;

  @SuppressWarnings("NullAway.Init")
  private Nodes nodes;

  private final List<Thole> members = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    if (nodes != null) {
      nodes.close();
      for (Thole node : members) {
        node.handle().onExit().join();
      }
      lan.close();
    }
  }

  @Test // G9
  void bothSidesGoOnAndAgreeAgainAfterTheHeal() throws Exception {
    start(2, 3);
    List<Thole> left = members.subList(0, 2);
    List<Thole> right = members.subList(2, 5);

    long partedNanos = System.nanoTime();
    lan.part();
    Nodes.awaitAgreement(left);
    Nodes.awaitAgreement(right);
    System.out.println(
        "both sides of 2 and 3 agree " + millisSince(partedNanos) + " ms after the partition");
    reaches(left);
    reaches(right);

    long joinedNanos = System.nanoTime();
    lan.join();
    Nodes.awaitAgreement(members);
    long millis = millisSince(joinedNanos);

    System.out.println("all 5 agree " + millis + " ms after the heal");
    assertTrue(millis <= HEALED_MILLIS, () -> millis + " ms; " + members);
    reaches(members);
    assertNoneRestarted();
  }

  @Test // G4, G9
  void aSilentHostIsRemovedAndComesBack() throws Exception {
    start(2, 1);
    Thole silent = members.get(2);
    List<Thole> others = members.subList(0, 2);
    List<Long> noticed = new ArrayList<>();

    for (int cut = 0; cut < CUTS; cut++) {
      long beganNanos = System.nanoTime();
      lan.unplug(3);
      for (Thole other : others) {
        Nodes.awaitChange(other, Nodes.left(Lan.address(3) + ":26050"));
      }
      noticed.add(millisSince(beganNanos));
      reaches(others);
      beganNanos = System.nanoTime();
      lan.plug(3);
      Nodes.awaitAgreement(members);
      long millis = millisSince(beganNanos);
      System.out.println("agreed " + millis + " ms after the silent host was plugged in again");
      assertTrue(millis <= HEALED_MILLIS, () -> millis + " ms; " + members);
    }

    System.out.println("a silent host has left after, in ms: " + noticed);
    assertTrue(
        noticed.stream().sorted().toList().get(CUTS / 2) <= SILENT_MILLIS, noticed::toString);
    reaches(members);
    assertTrue(silent.handle().isAlive());
    assertNoneRestarted();
  }

  private void start(int lefts, int rights) throws Exception {
    try {
      lan = new Lan(lefts, rights);
    } catch (Lan.NotAllowedException e) {
      Assumptions.abort("skipped: " + e.getMessage());
    }
    nodes = new Nodes(homes);
    for (int host = 1; host <= lefts + rights; host++) {
      members.add(nodes.startBy(
          lan.at(host),
          "phase-2",
          "h" + host,
          "--bind",
          Lan.address(host) + ":26050",
          "--seed",
          Lan.address(1) + ":26050",
          "--set",
          "io.thole.tcpprovider:insecure=true"));
    }
    Nodes.awaitAgreement(members);
    for (Thole node : members) {
      node.type("subscribe news").awaitOut("subscribed to news; every member knows");
    }
  }

  /** Waits until what one of them publishes is delivered to each of them, and to nobody else. */
  private static void reaches(List<Thole> side) throws IOException {
    int size = side.size();
    Nodes.awaitAnswer(
        side.get(0), "publish news hi", ".* targets=" + size + " delivered=" + size + "\n");
    for (Thole subscriber : side.subList(1, size)) {
      subscriber.awaitOut("news: hi from .*");
    }
  }

  private void assertNoneRestarted() {
    for (Thole node : members) {
      assertTrue(node.handle().isAlive(), node::toString);
      assertEquals(
          1,
          node.err().stream().filter(line -> line.contains(" Startup ")).count(),
          node::toString);
    }
  }

  private static long millisSince(long beganNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
  }
}
