package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drop-in folder of a running node, with fixtures for core and shell. */
class DropInIT {
  private static final String ACTIVE = " 32";

  @TempDir
  private Path folder;

  private Path distribution;
  private Path bundles;
  private Thole thole;

  @BeforeEach
  void run() throws IOException {
    distribution = Thole.withFixtures(folder.resolve("distribution"));
    bundles = folder.resolve("home/bundles");
    Files.write(
        distribution.resolve("repository/supply.jar"),
        Jars.bundle("supply", "1").with("Export-Package", "supply;version=1.5").bytes());
    Files.write(
        distribution.resolve("repository/middle.jar"),
        Jars.bundle("middle", "1")
            .with("Export-Package", "middle")
            .with("Import-Package", "end")
            .bytes());
    thole = started();
  }

  @AfterEach
  void stop() {
    thole.close();
  }

  @Test
  void installsUpdatesAndRemoves() throws Exception {
    drop("a.jar", Jars.bundle("a", "1"));
    thole.awaitErr(".* drop-in a.jar installed: a 1.0.0");
    expectBundle("a 1.0.0" + ACTIVE);

    drop("a.jar", Jars.bundle("a", "2"));
    thole.awaitErr(".* drop-in a.jar updated: a 2.0.0");
    expectBundle("a 2.0.0" + ACTIVE);

    Files.delete(bundles.resolve("a.jar"));
    thole.awaitErr(".* drop-in a.jar removed: a 2.0.0");
  }

  @Test
  void startsWhatWasThereBeforeTheNode() throws Exception {
    drop("a.jar", Jars.bundle("a", "1"));
    thole.awaitErr(".* drop-in a.jar installed: a 1.0.0");
    assertEquals(0, thole.endInput().exitCode());

    thole = started();

    expectBundle("a 1.0.0" + ACTIVE);
  }

  @Test // P3
  void waitsForTheSecondHalfOfACopy() throws Exception {
    byte[] bytes = Jars.bundle("a", "1").entry("filler", new byte[100_000]).bytes();
    Files.write(bundles.resolve("a.jar"), Arrays.copyOf(bytes, 100));
    drop("b.jar", Jars.bundle("b", "1"));
    thole.awaitErr(".* drop-in b.jar installed: b 1.0.0"); // so the half one was seen, too

    Files.write(
        bundles.resolve("a.jar"),
        Arrays.copyOfRange(bytes, 100, bytes.length),
        StandardOpenOption.APPEND);

    thole.awaitErr(".* drop-in a.jar installed: a 1.0.0");
    assertFalse(Files.exists(bundles.resolve("rejected/a.jar")));
  }

  @Test // P3
  void movesAsideWhatCannotBeTaken() throws Exception {
    Files.writeString(bundles.resolve("broken.jar"), "no zip");
    Files.createDirectory(bundles.resolve("folder.jar"));
    Files.createSymbolicLink(bundles.resolve("link.jar"), folder);
    drop("plain.jar", Jars.jar());
    drop("twin.jar", Jars.bundle("fixture.core", "1"));
    drop("outside.jar", Jars.bundle("x", "1").entry("../x", new byte[1]));
    drop("fragment.jar", Jars.bundle("f", "1").with("Fragment-Host", "fixture.core"));

    for (String reason : new String[] {
      "broken.jar rejected: it is not a whole jar file, or only half of one",
      "folder.jar rejected: it is a folder, not a whole jar file",
      "link.jar rejected: it is a symbolic link, not a whole jar file",
      "plain.jar rejected: its manifest has no Bundle-SymbolicName, so it is no bundle",
      "twin.jar rejected: fixture.core 1.0.0 is installed already, from reference:.*",
      "outside.jar rejected: its entry \"../x\" points outside the jar",
      "fragment.jar rejected: it is a fragment of fixture.core; allowed: one of another drop-in"
    }) {
      awaitErrEver(".* WARNING .* drop-in " + reason);
      String name = reason.substring(0, reason.indexOf(' '));
      assertFalse(Files.exists(bundles.resolve(name)), name);
      assertTrue(Files.exists(bundles.resolve("rejected/" + name + ".reason.txt")), name);
    }
    expectBundle("fixture.core 1.0.0" + ACTIVE); // what ran goes on
    thole.type("doctor").awaitOut("drop-in broken.jar ok=false rejected: it is not a whole jar .*");
  }

  @Test // P3
  void keepsTheRunningBundleWhereItsReplacementIsRefused() throws Exception {
    drop("a.jar", Jars.bundle("a", "1"));
    thole.awaitErr(".* drop-in a.jar installed: a 1.0.0");

    drop("a.jar", Jars.bundle("a", "no version"));

    thole.awaitErr(".* drop-in a.jar rejected: its Bundle-Version \"no version\" is malformed");
    expectBundle("a 1.0.0" + ACTIVE);
  }

  @Test
  void getsAPackageFromTheRepository() throws Exception {
    drop("a.jar", Jars.bundle("a", "1").with("Import-Package", "supply;version=\"[1.2,2)\""));

    thole.awaitErr(".* installed supply 1.0.0 from the repository, for a");
    expectBundle("a 1.0.0" + ACTIVE);
  }

  @Test
  void startsWhatTheRepositoryGaveOnceTheRestIsThere() throws Exception {
    drop("a.jar", Jars.bundle("a", "1").with("Import-Package", "middle"));
    thole.awaitErr(".* drop-in a.jar waits: .*");

    drop("end.jar", Jars.bundle("end", "1").with("Export-Package", "end"));

    expectBundle("a 1.0.0" + ACTIVE);
    expectBundle("middle 1.0.0" + ACTIVE);
  }

  @Test
  void waitsForAPackageThatNobodyHas() throws Exception {
    drop("a.jar", Jars.bundle("a", "1").with("Import-Package", "supply;version=\"[2,3)\""));
    thole.awaitErr(".* drop-in a.jar waits: it lacks package supply .*2.0.0.*");
    thole.type("doctor").awaitOut("drop-in a.jar ok=false it lacks package supply .*2.0.0.*");

    drop("b.jar", Jars.bundle("b", "1").with("Export-Package", "supply;version=2.1"));
    thole.awaitErr(".* drop-in b.jar installed: b 1.0.0");

    expectBundle("a 1.0.0" + ACTIVE);
  }

  @Test // P4
  void hasTheFullSetAgainAfterAKillInTheMiddleOfAnUpdate() throws Exception {
    drop("b.jar", Jars.bundle("b", "1"));
    drop("a.jar", Jars.bundle("a", "1"));
    awaitErrEver(".* drop-in a.jar installed: a 1.0.0");
    for (int version = 2; version < 6; version++) {
      drop("a.jar", Jars.bundle("a", "" + version).entry("filler" + version, new byte[1 << 20]));
      if (version % 2 == 0) {
        thole.awaitErr(".* drop-in a.jar updated: a .*"); // and not yet refreshed and started
      }
      thole.handle().destroyForcibly();
      thole.exitCode();

      thole = started();

      expectBundle("a " + version + ".0.0" + ACTIVE);
      expectBundle("b 1.0.0" + ACTIVE);
    }
  }

  private Thole started() throws IOException {
    Thole started = Thole.start(
        distribution,
        "run",
        "phase-1",
        "--name",
        "a",
        "--home",
        folder.resolve("home").toString(),
        "--set",
        "fixture:outcome=ready");
    started.awaitOut("READY .*");
    return started;
  }

  /** Puts a file in place in one step, as careful tools do. */
  private void drop(String name, Jars jar) throws IOException {
    Path part = Files.write(folder.resolve(name + ".part"), jar.bytes());
    Files.move(part, bundles.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Asks again and again which bundles there are, until one is as expected. */
  private void expectBundle(String expected) throws IOException {
    long beganNanos = System.nanoTime();
    while (System.nanoTime() - beganNanos < TimeUnit.SECONDS.toNanos(60)) {
      int before = thole.out().size();
      thole.type("bundles").awaitOut("answered");
      if (thole.out().stream().skip(before).anyMatch(("bundle " + expected)::equals)) {
        return;
      }
    }
    throw new AssertionError("no bundle " + expected + "; " + thole.err());
  }

  private void awaitErrEver(String regex) {
    if (thole.err().stream().noneMatch(line -> line.matches(regex))) {
      thole.awaitErr(regex);
    }
  }
}
