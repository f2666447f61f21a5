package io.thole.bench;

import io.thole.api.Authority;
import io.thole.bench.Arrivals.Summary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The other process, as this one sees it: a {@link FarSide} in a virtual machine with the same options. For one thread. */
final class FarProcess implements AutoCloseable {
  /** What the other process says first; its address and its port of the floor follow. */
  static final String READY = "ready ";

  /** What is said before a burst, and answered. */
  static final String BEGIN = "begin";

  private static final long EXIT_SECONDS = 10;

  private final Process process;
  private final BufferedReader answers;
  private final PrintWriter commands;
  private final Authority node;
  private final int floorPort;

  private FarProcess(Process process) {
    this.process = process;
    answers = process.inputReader(StandardCharsets.UTF_8);
    commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    String first = answer();
    while (!first.startsWith(READY)) {
      first = answer(); // a virtual machine that records itself says so
    }
    String[] words = first.split(" ");
    node = Authority.parse(words[1]);
    floorPort = Integer.parseInt(words[2]);
  }

  /** Starts the process and waits until it can be talked to; its node encrypts where there are keys. */
  static FarProcess start(Optional<Keys> keys) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), FarSide.class.getName()));
    keys.ifPresent(some -> command.add(some.folder().toString()));
    try {
      return new FarProcess(new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the other process: " + command, e);
    }
  }

  Authority node() {
    return node;
  }

  int floorPort() {
    return floorPort;
  }

  void begin() {
    commands.println(BEGIN);
    answer();
  }

  /**
   * Waits until so many messages have arrived since {@link #begin}, at each of so many subscribers.
   *
   * @throws IllegalStateException if some did not, or not in order
   */
  Summary end(long count, int subscribers) {
    commands.println(count + " " + subscribers);
    Summary summary = Summary.parse(answer());
    if (summary.count() != count || summary.misplaced() != 0) {
      throw new IllegalStateException("of " + count + " messages " + summary.count() + " arrived, "
          + summary.misplaced() + " out of order");
    }
    return summary;
  }

  /** Returns the processor time that it has used so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    commands.close();
    try {
      if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String answer() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the other process has ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException("the other process cannot be heard", e);
    }
  }
}
