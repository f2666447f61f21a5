package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thole.launcher.RunOptions.Console;
import io.thole.launcher.conf.Setting;
import io.thole.launcher.conf.Setting.Origin;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @Test
  void givesEveryOptionItsConfigurationKey() {
    RunOptions options = run(
        "phase-1",
        "--name",
        "a",
        "--cluster",
        "blue",
        "--bind",
        "0.0.0.0:1",
        "--advertise=[::1]:2",
        "--member",
        "b:1",
        "--member",
        "c:2",
        "--client",
        "--bare",
        "--home",
        "/h",
        "--set",
        "io.thole.core:coalesceMillis=0",
        "--exec",
        "members; doctor");

    assertEquals(
        new RunOptions(
            1,
            "a",
            Path.of("/h"),
            true,
            Console.EXEC,
            "members; doctor",
            List.of(
                setting("cluster", "blue", "--cluster"),
                setting("bind", "0.0.0.0:1", "--bind"),
                setting("advertise", "[::1]:2", "--advertise"),
                setting("mode", "client", "--client"),
                setting("coalesceMillis", "0", "--set"),
                new Setting(
                    "io.thole.staticprovider",
                    "members",
                    List.of("b:1", "c:2"),
                    Origin.option("--member")))),
        options);
  }

  @Test
  void namesTheHomeAfterTheNode() {
    RunOptions options = run("phase-2", "--seed", "s:1", "--bind", "127.0.0.1:0");

    assertEquals(
        new RunOptions(
            2,
            "made-up",
            Path.of(".thole/made-up").toAbsolutePath(),
            false,
            Console.LINES,
            "",
            List.of(
                setting("bind", "127.0.0.1:0", "--bind"),
                new Setting("io.thole.core", "seeds", List.of("s:1"), Origin.option("--seed")))),
        options);
  }

  @Test
  void asksATerminalOnlyWhereTheShellIsWanted() {
    assertEquals(
        Console.TERMINAL, CommandLine.run(List.of("phase-1"), true, () -> "n").console());
    assertEquals(
        Console.NONE,
        CommandLine.run(List.of("phase-1", "--no-shell"), true, () -> "n").console());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          phase-3                         | run: unknown phase "phase-3"; allowed: phase-1, phase-2
          phase-1 --frob                  | run: unknown option "--frob"; allowed: --name, --cluster, --bind, --advertise, --seed, --member, --client, --bare, --home, --set, --exec, --no-shell
          phase-1 stray                   | run: unknown option "stray"; allowed: --name, --cluster, --bind, --advertise, --seed, --member, --client, --bare, --home, --set, --exec, --no-shell
          phase-1 --name                  | --name: its value is missing; see: thole help run
          phase-1 --name ../x             | --name: malformed name "../x"; allowed: 1 to 64 of A-Z a-z 0-9 . _ -, not beginning with a dot
          phase-1 --bare=yes              | --bare: takes no value, got "yes"
          phase-1 --name a --name b       | --name: given twice; allowed: once
          phase-1 --bind here             | --bind: malformed address "here"; allowed: HOST:PORT with a port within 1..65535, an IPv6 host in brackets
          phase-1 --bind h:0              | --bind: malformed address "h:0"; allowed: HOST:PORT with a port within 1..65535, an IPv6 host in brackets
          phase-2 --bind h:65536          | --bind: malformed address "h:65536"; allowed: HOST:PORT with a port within 0..65535, an IPv6 host in brackets
          phase-1 --member ::1:5          | --member: malformed address "::1:5"; allowed: HOST:PORT with a port within 1..65535, an IPv6 host in brackets
          phase-1 --seed h:1              | --seed: belongs to phase-2, not to phase-1
          phase-1 --set a=b               | --set: malformed setting "a=b"; allowed: PID:KEY=VALUE
          phase-1 --exec x --no-shell     | --exec: wants a shell; allowed: one of --exec and --no-shell
          phase-2 --bind [::]:0           | --advertise: missing; nobody can dial the wildcard that --bind gives, so say what others dial: --advertise HOST:PORT
          """)
  void refusesInOneLineWhatCannotBeObeyed(String arguments, String line) {
    LaunchException refusal = assertThrows(LaunchException.class, () -> run(arguments.split(" ")));

    assertEquals(Exit.USAGE, refusal.exit());
    assertEquals(line, refusal.line());
  }

  @Test
  void refusesAForeignValueWithoutItsEscapes() {
    LaunchException refusal =
        assertThrows(LaunchException.class, () -> run("phase-1", "--bind", "\u001b[2Jx\n"));

    assertEquals(
        "--bind: malformed address \"\\u001b[2Jx\\u000a\"; allowed: HOST:PORT with a port within 1..65535,"
            + " an IPv6 host in brackets",
        refusal.line());
  }

  private static Setting setting(String key, Object value, String option) {
    return new Setting("io.thole.core", key, value, Origin.option(option));
  }

  private static RunOptions run(String... arguments) {
    return CommandLine.run(List.of(arguments), false, () -> "made-up");
  }
}
