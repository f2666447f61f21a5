package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real assembly: nothing in it is a stand-in. */
class PhaseOneIT {
  @TempDir
  private Path home;

  @Test // F1
  void appliesTheConfiguredTopology() throws Exception {
    try (Thole thole = run("--member", "127.0.0.1:26051", "--exec", "topology --json")) {
      assertEquals(0, thole.exitCode(), thole::toString);

      assertTrue(
          thole
              .out()
              .get(0)
              .matches(
                  "READY name=a address=127\\.0\\.0\\.1:26050 mode=MEMBER phase=1 members=2 after=[0-9]+ms"),
          thole::toString);
      thole.awaitOut(".*\"hash\":\"69f67a1871c9999d\".*"); // B1
    }
  }

  @Test
  void endsWithOneWhereACommandFails() throws Exception {
    try (Thole thole = run("--exec", "frob")) {
      assertEquals(1, thole.exitCode(), thole::toString);
    }
  }

  @Test // E8
  void refusesAValueOutOfRange() throws Exception {
    try (Thole thole = run("--no-shell", "--set", "io.thole.core:coalesceMillis=-1")) {
      assertEquals(5, thole.exitCode(), thole::toString);
      assertEquals(
          "thole: --set: io.thole.core:coalesceMillis=\"-1\" is refused; allowed: 0..600000 milliseconds",
          thole.err().get(thole.err().size() - 1));
      assertEquals(List.of(), thole.out());
    }
  }

  @Test // F6
  void publishesTheDifferenceOfALiveChange() throws Exception {
    try (Thole thole = run("--no-shell")) {
      thole.awaitOut("READY .* members=1 .*");

      members("127.0.0.1:26051");
      thole.awaitErr(".* TopologyUpdated joined=\\[127\\.0\\.0\\.1:26051] left=\\[] .*");
      members("127.0.0.1:26052");
      thole.awaitErr(
          ".* TopologyUpdated joined=\\[127\\.0\\.0\\.1:26052] left=\\[127\\.0\\.0\\.1:26051] .*");
    }
  }

  @Test // O1
  void takesUpAProviderThatIsDroppedIn() throws Exception {
    try (Thole thole = run()) {
      thole.awaitOut("READY .*");
      drop("examples", "io.thole.roster");

      thole.awaitErr(".* drop-in io\\.thole\\.roster\\.jar installed: io\\.thole\\.roster .*");
      thole.type("doctor").awaitOut("drop-ins +ok .*");

      assertEquals(0, thole.endInput().exitCode());
    }
  }

  @Test // O1
  void beginsWithTheProviderThatWasDroppedInBefore() throws Exception {
    Files.createDirectories(home.resolve("bundles"));
    drop("examples", "io.thole.roster");
    Files.writeString(home.resolve("roster.txt"), "127.0.0.1:26052\n");

    try (Thole thole = run("--member", "127.0.0.1:26051", "--exec", "events")) {
      assertEquals(0, thole.exitCode(), thole::toString);

      thole.awaitOut("READY .* members=2 .*");
      thole.awaitOut(
          ".* TopologyUpdated joined=\\[127\\.0\\.0\\.1:26052] left=\\[] .* version=1 .*");
      thole.awaitOut(".* Startup .*");
      // The example subscribes as soon as publish/subscribe runs, before the start has ended or
      // after it.
      assertTrue(
          thole.out().stream().anyMatch(line -> line.matches(".* Subscribed topic=hello .*")),
          thole::toString);
      assertEquals(4, thole.out().size(), thole::toString);
    }
  }

  @Test // P1
  void getsNettyForTheTcpBundle() throws Exception {
    Files.createDirectories(home.resolve("bundles"));
    drop("system", "io.thole.tcpprovider");

    try (Thole thole = run()) {
      thole.awaitOut("READY .*");

      thole.type("lb -s").awaitOut(".*Active.*io\\.netty\\.common.*");
      thole.type("doctor").awaitOut("drop-ins +ok .*");
      thole.awaitOut("bundles +ok .*");
      assertEquals(
          7,
          thole.err().stream()
              .filter(
                  line -> line.matches(".* installed io\\.netty\\..* from the repository, for .*"))
              .count(),
          thole::toString);
    }
  }

  @Test // E8
  void saysInWhichFileAValueIsRefusedWhileItRunsAndWhichOptionWinsOverAFile() throws Exception {
    try (Thole thole = run("--member", "127.0.0.1:26051")) {
      thole.awaitOut("READY .*");
      members("127.0.0.1:26052");
      Files.writeString(home.resolve("conf/io.thole.core.cfg"), "coalesceMillis=-4\n");

      thole.awaitErr(
          ".* conf/io\\.thole\\.core\\.cfg: io\\.thole\\.core:coalesceMillis=\"-4\" is refused; allowed: .*");
      thole
          .type("doctor")
          .awaitOut("conf io\\.thole\\.staticprovider:members .* is overridden by --member .*");
      thole.awaitOut("conf io\\.thole\\.core:coalesceMillis .* is refused; .*");

      Files.writeString(home.resolve("conf/io.thole.core.cfg"), "coalesceMillis=10\n");
      members("127.0.0.1:26051");
      Files.delete(home.resolve("conf/io.thole.staticprovider.cfg"));
      awaitAllWell(thole);
    }
  }

  /** Files are looked at twice a second, and nothing is said of one that is in order. */
  private static void awaitAllWell(Thole thole) throws Exception {
    for (String conf = ""; !conf.contains(" ok "); ) {
      conf = thole.type("doctor").awaitOut("conf .*");
    }
  }

  /** Copies a bundle of the distribution into the drop-in folder, in one step. */
  private void drop(String folder, String name) throws IOException {
    Path part = home.resolve(name + ".part");
    try (var files = Files.list(Thole.distribution().resolve(folder))) {
      Files.copy(
          files
              .filter(file -> file.getFileName().toString().startsWith(name + "-"))
              .findFirst()
              .orElseThrow(),
          part);
    }
    Files.move(part, home.resolve("bundles/" + name + ".jar"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void members(String members) throws IOException {
    Files.writeString(
        home.resolve("conf/io.thole.staticprovider.cfg"), "members=" + members + "\n");
  }

  private Thole run(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("run", "phase-1", "--name", "a", "--home", home.toString()));
    arguments.addAll(List.of(more));
    return Thole.start(Thole.distribution(), arguments.toArray(String[]::new));
  }
}
