package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's life as the launcher sees it, with fixtures for core and shell. */
class NodeIT {
  private static final String READY =
      "READY name=a address=127\\.0\\.0\\.1:26050 mode=MEMBER phase=1 members=1 after=[0-9]+ms";

  @TempDir
  private Path folder;

  private Path distribution;
  private Path home;

  @BeforeEach
  void prepare() throws IOException {
    distribution = Thole.withFixtures(folder.resolve("with space")); // an URL is no path
    home = folder.resolve("home");
  }

  @Test
  void saysReadyAndEndsWithItsInput() throws Exception {
    try (Thole thole = run("--set", "fixture:outcome=ready")) {
      thole.awaitOut(READY);

      assertEquals(0, thole.endInput().exitCode());
      assertEquals(1, thole.out().size(), thole::toString);
      assertTrue(
          thole.err().stream().anyMatch(line -> line.endsWith(" INFO fixture stopped")),
          thole::toString);
    }
  }

  @Test
  void endsWithTheExitCodeOfTheConsole() throws Exception {
    try (Thole thole = run("--set", "fixture:outcome=ready")) {
      thole.awaitOut(READY);

      assertEquals(1, thole.type("exit 1").exitCode());
    }
  }

  @Test
  void endsWithTheReasonWhereTheStartFails() throws Exception {
    try (Thole thole =
        run("--set", "fixture:outcome=failed", "--set", "fixture:reason=port taken")) {
      assertEquals(3, thole.exitCode());
      assertEquals("thole: start failed: port taken", last(thole.err()));
      assertTrue(
          thole.err().stream().anyMatch(line -> line.endsWith(" INFO fixture stopped")),
          thole::toString);
    }
  }

  @Test // E8
  void endsWithTheFileOfAValueThatTheCoreRefuses() throws Exception {
    conf(
        "fixture.cfg",
        "outcome=failed\ncause=configuration\npid=fixture\nkey=value\nvalue=9\nallowed=0..5\n");

    try (Thole thole = run()) {
      assertEquals(5, thole.exitCode());
      assertEquals(
          "thole: conf/fixture.cfg: fixture:value=\"9\" is refused; allowed: 0..5",
          last(thole.err()));
    }
  }

  @Test
  void letsOptionsWinOverFilesAndFilesOverTheAssembly() throws Exception {
    conf("fixture.cfg", "value=file\n");

    try (Thole thole = run("--set", "fixture:outcome=ready", "--set", "fixture:value=option")) {
      thole.awaitErr(".* INFO fixture configured value=option");
      conf("fixture.cfg", "value=file\nother=x\n");
      thole.awaitErr(".* INFO fixture configured value=option");
    }
  }

  @Test // F6
  void followsItsConfigurationLive() throws Exception {
    try (Thole thole = run("--set", "fixture:outcome=ready")) {
      thole.awaitErr(".* INFO fixture configured value=assembly");
      conf("fixture.cfg", "value = a,b\n");
      thole.awaitErr(".* INFO fixture configured value=a,b");
      conf("fixture.cfg", "value = \\u1\n");
      thole.awaitErr(".* WARNING .* conf/fixture.cfg cannot be read: .*");
      Files.delete(home.resolve("conf/fixture.cfg"));
      thole.awaitErr(".* INFO fixture configured value=assembly");
    }
  }

  @Test // P4
  void refusesAHomeThatIsInUseAndNamesWhoHasIt() throws Exception {
    try (Thole first = run("--set", "fixture:outcome=ready")) {
      first.awaitOut(READY);

      try (Thole second = run()) {
        assertEquals(4, second.exitCode());
        assertTrue(
            last(second.err())
                .matches("thole: home .* is in use by process " + first.handle().pid()
                    + ", node a, since .*"),
            second::toString);
      }
      assertEquals(0, first.endInput().exitCode());
    }
  }

  @Test
  void stopsGracefullyAtASignal() throws Exception {
    try (Thole thole = run("--no-shell", "--set", "fixture:outcome=ready")) {
      thole.awaitOut(READY);

      thole.handle().destroy();

      assertEquals(143, thole.exitCode());
      assertTrue(last(thole.err()).endsWith(" INFO fixture stopped"), thole::toString);
    }
  }

  @Test
  void opensTheConsoleThoughNothingGetsReady() throws Exception {
    try (Thole thole = run()) {
      thole.awaitErr(".* WARNING .* not ready after 10 s; .* doctor .*");
      thole.type("doctor").awaitOut("conf ok=true .*");

      assertEquals(0, thole.type("exit 0").exitCode());
    }
  }

  private Thole run(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("run", "phase-1", "--name", "a", "--home", home.toString()));
    arguments.addAll(List.of(more));
    return Thole.start(distribution, arguments.toArray(String[]::new));
  }

  private void conf(String name, String content) throws IOException {
    Files.createDirectories(home.resolve("conf"));
    Files.writeString(home.resolve("conf").resolve(name), content);
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }
}
