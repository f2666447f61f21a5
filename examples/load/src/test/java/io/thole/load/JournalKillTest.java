package io.thole.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.testkit.journal.Checker;
import io.thole.testkit.journal.Rules;
import io.thole.testkit.journal.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class JournalKillTest {
  private static final int KILLS = 3;
  private static final long ENOUGH_BYTES = 200_000;

  @TempDir
  private Path folder;

  @Test
  void losesAtMostTheLineThatIsBeingWritten() throws IOException, InterruptedException {
    Path file = Files.createFile(folder.resolve("journal.jsonl"));

    for (int kill = 1; kill <= KILLS; kill++) {
      Process writer = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Writer.class.getName(),
              file.toString())
          .inheritIO()
          .start();
      while (Files.size(file) < kill * ENOUGH_BYTES) {
        assertTrue(writer.isAlive() && !Thread.interrupted());
        Thread.onSpinWait();
      }
      writer.destroyForcibly().waitFor();
    }

    Verdict verdict = Checker.check(List.of(file), new Rules(5_000, true));
    assertTrue(verdict.clean(), verdict.table());
    assertEquals(List.of(KILLS, KILLS), List.of(verdict.runs(), verdict.unended()));
  }

  /** A process that writes until it is killed. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      try (Journal journal = new Journal(Path.of(arguments[0]))) {
        while (true) {
          journal
              .attempted("topic load", "")
              .ifPresent(sequence -> journal.reported("topic load", sequence, Map.of()));
        }
      }
    }
  }
}
