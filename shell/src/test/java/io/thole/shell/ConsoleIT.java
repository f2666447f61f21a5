package io.thole.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a process of its own, with real streams. */
class ConsoleIT {
  private static final int GENEROUS_SECONDS = 60; // a start under load took 21 s

  @TempDir
  Path folder;

  private record Run(int exit, String out, String err) {}

  @Test
  void linesRunOneByOneAndAFailureStopsNothing() throws Exception {
    Run run =
        run("lines", "", "blocked\nmembrs\nswap nope; blocked --json\nblock a:1\nblocked --json\n");

    assertEquals(new Run(0, """
            Nobody is blocked.
            blocked a:1 until unblocked
            {"address":"a:1","reason":"","source":"operator","expiresMillis":null}
            """, """
            thole: unknown command "membrs"; did you mean members? All of them: help
            thole: no provider nope; present: static, roster
            """), run);
  }

  @Test
  void exitEndsTheConsoleBeforeTheInputDoes() throws Exception {
    Run run = run("lines", "", "exit\nblocked\n");

    assertEquals(new Run(0, "", ""), run);
  }

  @Test
  void execExitsWithOneIfAnyOfItsCommandsFailed() throws Exception {
    Run run = run("exec", "swap nope; swap roster; members --bogus", "");

    assertEquals(
        new Run(1, "swapped static -> roster joined=[[::1]:26051] left=[] pauseMillis=1.5\n", """
            thole: no provider nope; present: static, roster
            thole: unknown option --bogus; allowed: --json, --help
            """),
        run);
  }

  @Test
  void messagesComeAmongTheAnswers() throws Exception { // I1
    Run run = run("exec", "subscribe a; publish a hi", "");

    assertEquals(new Run(0, """
            subscribed to a; every member knows
            a: hi from 127.0.0.1:26050#7
            published on a: accepted=1 refused=0 targets=1 delivered=1
            """, ""), run);
  }

  @Test
  void execExitsWithZeroIfAllSucceeded() throws Exception {
    Run run = run("exec", "blocked; block \"[::1]:26052\" --reason \"a; b\"", "");

    assertEquals(new Run(0, "Nobody is blocked.\nblocked [::1]:26052 until unblocked\n", ""), run);
  }

  @Test
  void aTerminalWithoutJLinePromptsAllTheSame() throws Exception {
    Run run = run("terminal", "", "blocked\n");

    assertEquals(0, run.exit());
    assertEquals("thole> Nobody is blocked.\nthole> ", run.out());
  }

  @Test
  void aBrokenLineIsOneLineOfComplaint() throws Exception {
    Run run = run("exec", "block \"a:1", "");

    assertEquals(1, run.exit());
    assertTrue(run.err().startsWith("thole: "), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  private Run run(String mode, String exec, String input) throws IOException, InterruptedException {
    Path in = Files.writeString(folder.resolve("in"), input);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Djava.io.tmpdir=" + folder,
            ConsoleProgram.class.getName(),
            mode,
            exec)
        .redirectInput(in.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
    try {
      assertTrue(process.waitFor(GENEROUS_SECONDS, TimeUnit.SECONDS), "it does not end");
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
