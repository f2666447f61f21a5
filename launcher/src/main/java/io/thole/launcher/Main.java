package io.thole.launcher;

import io.thole.launcher.demo.Demo;
import io.thole.launcher.exit.Exit;
import io.thole.launcher.exit.LaunchException;
import io.thole.launcher.exit.Printable;
import io.thole.launcher.log.LogOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;

/** The command {@code thole}. */
public final class Main {
  private static final String COMMANDS = "demo, run, simulate, bench, help, version";

  private Main() {}

  /**
   * Does what the arguments say and ends the process with an exit code.
   *
   * @param arguments as typed
   */
  public static void main(String[] arguments) {
    JvmStart.measure();
    int code;
    try {
      code = run(Arrays.asList(arguments));
    } catch (LaunchException e) {
      System.err.println("thole: " + e.line());
      code = e.exit().code();
    }
    System.out.flush();
    System.exit(code);
  }

  private static int run(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw LaunchException.usage("no command given; allowed: " + COMMANDS + "; see: thole help");
    }
    String command = arguments.get(0);
    List<String> rest = arguments.subList(1, arguments.size());
    return switch (command) {
      case "run" -> node(rest);
      case "demo" -> demo(rest);
      case "bench", "simulate" -> tool(command, rest);
      case "help", "--help", "-h" -> help(rest);
      case "version", "--version" -> version();
      default ->
        throw LaunchException.usage(
            "unknown command " + Printable.quoted(command) + "; allowed: " + COMMANDS);
    };
  }

  private static int node(List<String> arguments) {
    if (arguments.contains("--help")) {
      return help(List.of("run"));
    }
    RunOptions options = CommandLine.run(
        arguments,
        Boolean.getBoolean("io.thole.terminal"),
        () -> NodeNames.next(new SecureRandom()));
    Distribution distribution = Distribution.here();
    Assembly assembly = distribution.assembly(options.phase());
    try (Home home = Home.open(options.home(), options.name())) {
      new LogOutput(home.log(), System.err).install();
      PrintStream out = System.out;
      System.setOut(
          System.err); // scripts read the answers: Event Admin puts its complaints among them
      Node node = new Node(distribution, assembly, home, options, out);
      Signals.handle(node::signalled);
      return node.run();
    } catch (IOException e) {
      throw new LaunchException(Exit.START_FAILED, "the log cannot be written: " + e);
    }
  }

  private static int demo(List<String> arguments) {
    if (arguments.contains("--help")) {
      return help(List.of("demo"));
    }
    if (!arguments.isEmpty()) {
      throw LaunchException.usage(
          "demo: unknown option " + Printable.quoted(arguments.get(0)) + "; allowed: --help");
    }
    return Demo.run(Distribution.here().root(), System.out)
        ? Exit.DONE.code()
        : Exit.COMMAND_FAILED.code();
  }

  private static int tool(String command, List<String> arguments) {
    Optional<ToolProvider> tool = ToolProvider.findFirst(command);
    if (tool.isEmpty()) {
      throw new LaunchException(Exit.COMMAND_FAILED, command + " comes with a later version");
    }
    return tool.get().run(System.out, System.err, arguments.toArray(String[]::new));
  }

  private static int help(List<String> arguments) {
    String command = arguments.isEmpty() ? "" : arguments.get(0);
    if (!command.isEmpty() && !List.of(COMMANDS.split(", ")).contains(command)) {
      throw LaunchException.usage(
          "help: unknown command " + Printable.quoted(command) + "; allowed: " + COMMANDS);
    }
    print(command.isEmpty() ? "help.txt" : "help-" + command + ".txt", System.out);
    return Exit.DONE.code();
  }

  private static void print(String resource, PrintStream out) {
    try (InputStream text = Main.class.getResourceAsStream(resource)) {
      if (text == null) {
        throw new AssertionError("not in the jar: " + resource);
      }
      out.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new LaunchException(Exit.START_FAILED, "the launcher's jar cannot be read: " + e);
    }
  }

  private static int version() {
    String version = Main.class.getPackage().getImplementationVersion();
    System.out.println(
        "thole " + (version == null ? "unknown" : version) + ", Java " + Runtime.version());
    return Exit.DONE.code();
  }
}
