package io.thole.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, as a newcomer types it. */
class DemoIT {
  private static final Path DISTRIBUTION = Path.of(System.getProperty("thole.distribution"));

  @TempDir
  private Path folder;

  @Test // N1
  void seesEveryStepAndLeavesNothingBehind() throws Exception {
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    Path told = folder.resolve("told");
    ProcessBuilder command = new ProcessBuilder(
            DISTRIBUTION.resolve("bin/thole").toString(), "demo")
        .redirectErrorStream(true)
        .redirectOutput(told.toFile());
    command.environment().put("THOLE_JAVA_OPTS", "-Djava.io.tmpdir=" + scratch);

    Process demo = command.start();

    assertTrue(demo.waitFor(3, TimeUnit.MINUTES), "it does not end");
    List<String> lines = Files.readAllLines(told, StandardCharsets.UTF_8);
    assertEquals(0, demo.exitValue(), () -> String.join("\n", lines));
    assertEquals(
        12, lines.stream().filter(line -> line.matches(" ?[0-9]+ ok .*")).count());
    assertTrue(
        lines.get(lines.size() - 1).startsWith("demo: all 12 steps seen in "), lines::toString);
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(
          List.of(), left.filter(file -> file.toString().contains("thole")).toList());
    }
  }
}
