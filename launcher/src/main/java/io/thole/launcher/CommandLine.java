package io.thole.launcher;

import io.thole.launcher.RunOptions.Console;
import io.thole.launcher.conf.Setting;
import io.thole.launcher.conf.Setting.Origin;
import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.exit.Printable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of {@code thole run}. Throws at the first thing that is wrong, before anything was started. */
final class CommandLine {
  /** The persistent identity of the static provider, which is wanted where anything is set for it. */
  static final String STATIC = "io.thole.staticprovider";

  private static final String CORE = "io.thole.core";
  private static final String OPTIONS =
      "--name, --cluster, --bind, --advertise, --seed, --member, --client, --bare, --home, --set, --exec, --no-shell";
  private static final Set<String> REPEATABLE = Set.of("--seed", "--member", "--set");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
  private static final Pattern SET =
      Pattern.compile("([A-Za-z0-9._~-]+):([^=\\s]+)=(.*)", Pattern.DOTALL);

  private final int phase;
  private final Deque<String> rest;
  private final Set<String> seen = new HashSet<>();
  private final List<Setting> settings = new ArrayList<>();
  private final List<String> seeds = new ArrayList<>();
  private final List<String> members = new ArrayList<>();
  private @Nullable String name;
  private @Nullable String home;
  private @Nullable Address bind;
  private @Nullable String exec;
  private boolean advertised;
  private boolean bare;
  private boolean shell = true;

  private CommandLine(int phase, List<String> options) {
    this.phase = phase;
    this.rest = new ArrayDeque<>(options);
  }

  /**
   * Reads what stands after {@code run}.
   *
   * @param arguments the phase and the options
   * @param terminal whether standard input is a terminal
   * @param names makes up a name where none is given
   * @throws LaunchException if anything is unknown, malformed, missing or given twice
   */
  static RunOptions run(List<String> arguments, boolean terminal, Supplier<String> names) {
    if (arguments.isEmpty()) {
      throw LaunchException.usage("run: no phase given; allowed: phase-1, phase-2");
    }
    CommandLine line =
        new CommandLine(phase(arguments.get(0)), arguments.subList(1, arguments.size()));
    while (!line.rest.isEmpty()) {
      line.takeOption(line.rest.removeFirst());
    }
    return line.options(terminal, names);
  }

  private static int phase(String text) {
    return switch (text) {
      case "phase-1" -> 1;
      case "phase-2" -> 2;
      default ->
        throw LaunchException.usage(
            "run: unknown phase " + Printable.quoted(text) + "; allowed: phase-1, phase-2");
    };
  }

  private void takeOption(String argument) {
    int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
    String option = equals < 0 ? argument : argument.substring(0, equals);
    if (equals >= 0) {
      rest.addFirst(argument.substring(equals + 1));
    }
    if (!REPEATABLE.contains(option) && !seen.add(option)) {
      throw LaunchException.usage(option + ": given twice; allowed: once");
    }
    switch (option) {
      case "--name" -> name = name(option, value(option));
      case "--cluster" -> set("cluster", option, value(option));
      case "--bind" -> bind(option, value(option));
      case "--advertise" -> advertise(option, value(option));
      case "--seed" -> seeds.add(onlyInPhaseTwo(option, address(option)));
      case "--member" -> members.add(address(option));
      case "--home" -> home = value(option);
      case "--set" -> settings.add(setting(option, value(option)));
      case "--exec" -> exec = value(option);
      case "--client" -> {
        refuseValue(option, equals);
        set("mode", option, "client");
      }
      case "--bare" -> {
        refuseValue(option, equals);
        bare = true;
      }
      case "--no-shell" -> {
        refuseValue(option, equals);
        shell = false;
      }
      default ->
        throw LaunchException.usage(
            "run: unknown option " + Printable.quoted(option) + "; allowed: " + OPTIONS);
    }
  }

  private String value(String option) {
    if (rest.isEmpty()) {
      throw LaunchException.usage(option + ": its value is missing; see: thole help run");
    }
    return rest.removeFirst();
  }

  private void refuseValue(String option, int equals) {
    if (equals >= 0) {
      throw LaunchException.usage(
          option + ": takes no value, got " + Printable.quoted(value(option)));
    }
  }

  private void set(String key, String option, String value) {
    settings.add(new Setting(CORE, key, value, Origin.option(option)));
  }

  private void bind(String option, String value) {
    bind = Address.parse(option, value, phase == 2 ? 0 : 1);
    set("bind", option, value);
  }

  private void advertise(String option, String value) {
    Address.parse(option, value, 1);
    advertised = true;
    set("advertise", option, value);
  }

  private String address(String option) {
    String value = value(option);
    Address.parse(option, value, 1);
    return value;
  }

  private String onlyInPhaseTwo(String option, String value) {
    if (phase != 2) {
      throw LaunchException.usage(option + ": belongs to phase-2, not to phase-" + phase);
    }
    return value;
  }

  private static String name(String option, String value) {
    if (!NAME.matcher(value).matches()) {
      throw LaunchException.usage(option
          + ": malformed name "
          + Printable.quoted(value)
          + "; allowed: 1 to 64 of A-Z a-z 0-9 . _ -, not beginning with a dot");
    }
    return value;
  }

  private static Setting setting(String option, String value) {
    Matcher matcher = SET.matcher(value);
    if (!matcher.matches()) {
      throw LaunchException.usage(
          option + ": malformed setting " + Printable.quoted(value) + "; allowed: PID:KEY=VALUE");
    }
    return new Setting(matcher.group(1), matcher.group(2), matcher.group(3), Origin.option(option));
  }

  private RunOptions options(boolean terminal, Supplier<String> names) {
    if (bind != null && bind.wildcard() && !advertised) {
      throw LaunchException.usage(
          "--advertise: missing; nobody can dial the wildcard that --bind gives,"
              + " so say what others dial: --advertise HOST:PORT");
    }
    if (exec != null && !shell) {
      throw LaunchException.usage("--exec: wants a shell; allowed: one of --exec and --no-shell");
    }
    if (!seeds.isEmpty()) {
      settings.add(new Setting(CORE, "seeds", List.copyOf(seeds), Origin.option("--seed")));
    }
    if (!members.isEmpty()) {
      settings.add(new Setting(STATIC, "members", List.copyOf(members), Origin.option("--member")));
    }
    String called = name == null ? names.get() : name;
    return new RunOptions(
        phase, called, home(called), bare, console(terminal), exec == null ? "" : exec, settings);
  }

  private Path home(String called) {
    String folder = home == null ? ".thole/" + called : home;
    try {
      return Path.of(folder).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw LaunchException.usage("--home: " + Printable.quoted(folder) + " is no path");
    }
  }

  private Console console(boolean terminal) {
    if (!shell) {
      return Console.NONE;
    }
    if (exec != null) {
      return Console.EXEC;
    }
    return terminal ? Console.TERMINAL : Console.LINES;
  }
}
