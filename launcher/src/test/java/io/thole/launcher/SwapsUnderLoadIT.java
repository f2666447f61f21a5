package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.testkit.journal.Checker;
import io.thole.testkit.journal.Rules;
import io.thole.testkit.journal.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Swaps while two nodes publish to each other and call each other's grains, judged by the checker from the journals of both.
 * {@code -Dthole.swaps=100 -Dthole.updates=20} makes more of them, and {@code -Dthole.journals=FOLDER} keeps the journals.
 */
class SwapsUnderLoadIT {
  private static final int SWAPS = Integer.getInteger("thole.swaps", 20);
  private static final int UPDATES = Integer.getInteger("thole.updates", 3);
  private static final String CORE = "io.thole.core";
  private static final String TCP = "io.thole.tcpprovider";
  private static final String STATIC = "io.thole.staticprovider";
  private static final String LOAD = "io.thole.load";
  private static final String AT_REST =
      "([^\n]*\"(topic|kind) load\"[^\n]*\"open\":0,\"balanced\":true}\n){2}";

  @TempDir
  private Path homes;

  private Nodes nodes;
  private Thole a;
  private String addressOfA;

  @BeforeEach
  void startTheFirst() throws Exception {
    nodes = new Nodes(homes);
    for (String name : List.of("a", "b")) {
      load(name, 0, 0);
      nodes.drop(name, LOAD);
    }
    nodes.drop("a", STATIC);
    a = nodes.run("a");
    addressOfA = Nodes.ready(a, 1);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  @Test // O1, O2, O6
  void byCommandLoseNothing() throws Exception {
    Thole b = nodes.run("b", "--seed", addressOfA, "--member", addressOfA);
    nodes.configure("a", STATIC, "members=" + Nodes.ready(b, 2));
    begin(b);

    for (int swap = 0; swap < SWAPS; swap++) {
      Thole node = swap / 2 % 2 == 0 ? a : b;
      String to = swap % 2 == 0 ? "static" : "tcp";
      node.type("swap " + to).awaitOut("swapped .* -> " + to + " joined=\\[] left=\\[] .*");
    }

    assertGapBelowASecond(settleAndJudge(b, "command"));
  }

  @Test // O2, O5
  void updatesInPlaceOfTheTransportLoseNothing() throws Exception {
    Thole b = startWithTheTransportDroppedIn();
    begin(b);

    for (int update = 0; update < UPDATES; update++) {
      nodes.drop("b", TCP);
      b.awaitErr(".* drop-in " + TCP + "\\.jar updated: .*");
      awaitSwap(b, "tcp");
    }

    assertGapBelowASecond(settleAndJudge(b, "update"));
  }

  @Test // O1, O5
  void aTransportThatIsTakenOutAndDroppedInAgainLosesNothing() throws Exception {
    Thole b = startWithTheTransportDroppedIn();
    begin(b);

    for (int removal = 0; removal < UPDATES; removal++) {
      nodes.take("b", TCP);
      awaitSwap(b, "static");
      nodes.drop("b", TCP);
      awaitSwap(b, "tcp");
    }

    settleAndJudge(b, "removal"); // the gap is as long as there was no transport
  }

  private Thole startWithTheTransportDroppedIn() throws Exception {
    nodes.drop("b", TCP);
    Thole b = nodes.start(
        "phase-1",
        "b",
        "--member",
        addressOfA,
        "--set",
        CORE + ":seeds=" + addressOfA,
        "--set",
        CORE + ":startWhen=provider,transport,pubsub");
    Nodes.ready(b, 2);
    return b;
  }

  private static void awaitSwap(Thole b, String provider) {
    b.awaitErr(".* ProviderSwapped from=\\w+ to=" + provider + " joined=\\[] left=\\[] .*");
  }

  /** Has both publish 1,000 messages a second and call 200 grains a second, once each knows what the other offers. */
  private void begin(Thole b) throws Exception {
    for (Thole node : List.of(a, b)) {
      Nodes.awaitAnswer(node, "topics --json", ".*\"topic\":\"load\",\"subscribers\":2,.*");
      Nodes.awaitAnswer(node, "kinds --json", "(.*\"kind\":\"load\"){2}.*");
    }
    load("a", 1_000, 200);
    load("b", 1_000, 200);
    for (Thole node : List.of(a, b)) {
      Nodes.awaitAnswer(node, "accounts --json", ".*\"topic load\",\"attempts\":[0-9]{4,},.*");
    }
  }

  private Verdict settleAndJudge(Thole b, String name) throws Exception {
    load("a", 0, 0);
    load("b", 0, 0);
    for (Thole node : List.of(a, b)) {
      awaitRest(node);
    }
    assertEquals(1, Nodes.changes(a).size(), a::toString); // b joined, and that is all
    assertEquals(1, Nodes.changes(b).size(), b::toString);
    assertEquals(0, b.endInput().exitCode());
    assertEquals(0, a.endInput().exitCode());

    Verdict verdict = Checker.check(
        List.of(nodes.home("a").resolve("journal"), nodes.home("b").resolve("journal")),
        Rules.STRICT);
    System.out.println(name + ": " + verdict.json());
    keep(name);
    assertTrue(verdict.clean(), verdict::table);
    return verdict;
  }

  private static void assertGapBelowASecond(Verdict verdict) {
    assertTrue(verdict.longestGap().micros() <= 1_000_000, verdict::table);
  }

  private void keep(String name) throws Exception {
    String folder = System.getProperty("thole.journals", "");
    if (!folder.isEmpty()) {
      for (String node : List.of("a", "b")) {
        Files.copy(nodes.home(node).resolve("journal"), Path.of(folder, name + "-" + node));
        Files.copy(
            nodes.home(node).resolve("log/thole.log"), Path.of(folder, name + "-" + node + ".log"));
      }
    }
  }

  /** Waits until nothing was asked for in a quarter of a second, and nothing is open. */
  private static void awaitRest(Thole node) throws Exception {
    String last = "";
    String next = Nodes.awaitAnswer(node, "accounts --json", AT_REST);
    while (!next.equals(last)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
      last = next;
      next = Nodes.awaitAnswer(node, "accounts --json", AT_REST);
    }
  }

  private void load(String name, int publishPerSecond, int callsPerSecond) throws Exception {
    nodes.configure(
        name,
        LOAD,
        "journal=journal",
        "subscribe=true",
        "publishPerSecond=" + publishPerSecond,
        "callsPerSecond=" + callsPerSecond);
  }
}
