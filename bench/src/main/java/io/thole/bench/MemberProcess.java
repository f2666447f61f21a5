package io.thole.bench;

import io.thole.api.Authority;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A {@link MemberSide} in a process of its own, as this one sees it. For one thread. */
final class MemberProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final int MEBIBYTES = 64;
  private static final int MEBIBYTES_PER_NODE = 16; // for each node after the first
  private static final String ENDED = "ended";

  private final Process process;
  private final Consumer<Sighting> observer;
  private final PrintWriter commands;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private List<Authority> nodes = List.of();

  private MemberProcess(Process process, Consumer<Sighting> observer) {
    this.process = process;
    this.observer = observer;
    commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    Thread reader = new Thread(this::read, "member " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a process; {@link #awaitReady} waits for it.
   *
   * @param nodes how many nodes it has
   * @param bind where the first of them listens
   * @param seeds whom it asks; the others of the same process ask the first, too
   * @param observer is told, on a thread of its own, whatever a node of it publishes
   */
  static MemberProcess start(
      int nodes, String bind, Collection<Authority> seeds, Consumer<Sighting> observer) {
    List<String> command = List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xms16m",
        "-Xmx" + (MEBIBYTES + (nodes - 1) * MEBIBYTES_PER_NODE) + "m",
        "-Xss512k",
        "-cp",
        System.getProperty("java.class.path"),
        MemberSide.class.getName(),
        String.valueOf(nodes),
        bind,
        text(seeds));
    try {
      return new MemberProcess(
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start(),
          observer);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a node: " + command, e);
    }
  }

  /** Waits until all of its nodes run; returns when the last of them began to start. */
  long awaitReady() {
    long beganNanos = 0;
    for (String line = answer(); ; line = answer()) {
      if (line.startsWith(MemberSide.BEGINS)) {
        beganNanos = time(line);
      } else if (line.startsWith(MemberSide.READY)) {
        nodes = Arrays.stream(line.substring(MemberSide.READY.length()).split(" "))
            .map(Authority::parse)
            .toList();
        return beganNanos;
      }
    }
  }

  List<Authority> nodes() {
    return nodes;
  }

  /** Returns the first of its nodes, or the only one. */
  Authority node() {
    return nodes.get(0);
  }

  /** Has the only node leave; returns when it began to. */
  long leave() {
    commands.println(MemberSide.LEAVE);
    return time(answer());
  }

  /** Has a node start at the address of the one that left; returns when it began to, once it runs. */
  long join(Collection<Authority> seeds) {
    commands.println(MemberSide.JOIN + node() + " " + text(seeds));
    return awaitReady();
  }

  /** Kills the process as {@code kill -9} does; returns when. */
  long kill() {
    long nowNanos = System.nanoTime();
    process.destroyForcibly();
    return nowNanos;
  }

  /** Has the process stand still, or go on. */
  void signal(String name) {
    try {
      int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
          .inheritIO()
          .start()
          .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " " + process.pid() + ": exit " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot signal " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Returns the processor time that it has used so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Returns how much memory it has, or 0 where the machine does not say. */
  long residentKibibytes() {
    Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private static String text(Collection<Authority> seeds) {
    return seeds.isEmpty()
        ? MemberSide.NOBODY
        : seeds.stream().map(Authority::toString).collect(Collectors.joining(","));
  }

  private static long time(String line) {
    return Long.parseLong(line.substring(MemberSide.BEGINS.length()));
  }

  private String answer() {
    try {
      String line = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null || line.equals(ENDED)) {
        throw new IllegalStateException(
            "node process " + process.pid() + (line == null ? " says nothing" : " has ended"));
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(Sighting.SAW)) {
          observer.accept(Sighting.parse(line));
        } else {
          answers.add(line);
        }
      }
    } catch (IOException e) {
      answers.add(String.valueOf(e));
    }
    answers.add(ENDED);
  }
}
