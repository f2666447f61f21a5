package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built command, as a script sees it. */
class CommandIT {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          frob                        | 2 | thole: unknown command "frob"; allowed: demo, run, simulate, bench, help, version
          run phase-3                 | 2 | thole: run: unknown phase "phase-3"; allowed: phase-1, phase-2
          run phase-1 --bind here     | 2 | thole: --bind: malformed address "here"; allowed: HOST:PORT with a port within 1..65535, an IPv6 host in brackets
          run phase-1 --frob          | 2 | thole: run: unknown option "--frob"; allowed: --name, --cluster, --bind, --advertise, --seed, --member, --client, --bare, --home, --set, --exec, --no-shell
          help frob                   | 2 | thole: help: unknown command "frob"; allowed: demo, run, simulate, bench, help, version
          """)
  void refusesInOneLine(String arguments, int exitCode, String line) throws Exception {
    try (Thole thole = Thole.start(Thole.distribution(), arguments.split(" "))) {
      assertEquals(exitCode, thole.exitCode());
      assertEquals(List.of(), thole.out());
      assertEquals(List.of(line), thole.err());
    }
  }

  @Test
  void helpsWithEveryCommand() throws Exception {
    for (String command : List.of("demo", "run", "simulate", "bench", "help", "version")) {
      try (Thole thole = Thole.start(Thole.distribution(), "help", command)) {
        assertEquals(0, thole.exitCode());
        assertTrue(thole.out().get(0).startsWith("usage: thole " + command), thole::toString);
      }
    }
  }

  @Test
  void refusesAConfigurationFileBeforeAnythingStarts() throws Exception {
    Path conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("io.thole.core.json"), "{");

    try (Thole thole =
        Thole.start(Thole.distribution(), "run", "phase-1", "--home", folder.toString())) {
      assertEquals(5, thole.exitCode());
      assertEquals(List.of(), thole.out());
      String last = thole.err().get(thole.err().size() - 1);
      assertTrue(last.startsWith("thole: conf/io.thole.core.json cannot be read: "), last);
    }
  }
}
