package io.thole.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process of the built command, of which a test sees both outputs line by line. */
final class Thole implements AutoCloseable {
  /** Generous: on a loaded machine a start took 21 s. */
  private static final long LIMIT_SECONDS = 120;

  private final Process process;
  private final Lines out;
  private final Lines err;
  private final BufferedWriter in;

  private Thole(Process process) {
    this.process = process;
    this.out = new Lines(process.getInputStream());
    this.err = new Lines(process.getErrorStream());
    this.in = new BufferedWriter(
        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /** Starts {@code bin/thole} of a distribution. */
  static Thole start(Path distribution, String... arguments) throws IOException {
    return startBy(List.of(), distribution, arguments);
  }

  /**
   * Starts {@code bin/thole} of a distribution by another command.
   *
   * @param starter the beginning of the command line; becomes the process that it starts
   */
  static Thole startBy(List<String> starter, Path distribution, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(distribution.resolve("bin/thole").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("THOLE_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    return new Thole(builder.start());
  }

  /** Returns the built distribution. */
  static Path distribution() {
    return Path.of(System.getProperty("thole.distribution"));
  }

  /**
   * Returns a copy of the built distribution whose core and shell are fixtures, so that the launcher is tested alone.
   *
   * @param folder an empty folder
   */
  static Path withFixtures(Path folder) throws IOException {
    for (String part : List.of("assemblies", "bin", "lib", "repository", "system")) {
      Files.createDirectories(folder.resolve(part));
      try (var files = Files.list(distribution().resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(
              file,
              folder.resolve(part).resolve(file.getFileName()),
              java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    Files.write(
        folder.resolve("system/fixture-core.jar"),
        Jars.bundle("fixture.core", "1")
            .with(
                "Import-Package",
                "org.osgi.framework,org.osgi.service.cm,org.osgi.service.condition")
            .activator(FixtureCore.class)
            .bytes());
    Files.write(
        folder.resolve("system/fixture-shell.jar"),
        Jars.bundle("fixture.shell", "1")
            .with("Import-Package", "org.osgi.framework,org.osgi.service.condition")
            .activator(FixtureShell.class)
            .bytes());
    Files.writeString(folder.resolve("assemblies/phase-1.properties"), """
        config.fixture.value=assembly
        level.1=org.apache.felix.log
        level.2=org.apache.felix.configadmin
        level.20=fixture-core
        level.50.shell=fixture-shell
        """);
    return folder;
  }

  Thole type(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
    return this;
  }

  Thole endInput() throws IOException {
    in.close();
    return this;
  }

  /** Waits for a line on standard output that matches, after those returned before. */
  String awaitOut(String regex) {
    return out.await(line -> line.matches(regex), regex, this);
  }

  /** Waits for a line on standard error that matches, after those returned before. */
  String awaitErr(String regex) {
    return err.await(line -> line.matches(regex), regex, this);
  }

  /** Waits for the end and returns the exit code. */
  int exitCode() throws InterruptedException {
    assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), () -> "still running; " + this);
    out.join();
    err.join();
    return process.exitValue();
  }

  List<String> out() {
    return out.all();
  }

  List<String> err() {
    return err.all();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public String toString() {
    return "out: " + String.join("\n", out()) + "\nerr: " + String.join("\n", err());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** What a process has written, read by a thread of its own. */
  private static final class Lines {
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private int next;
    private boolean ended;

    Lines(InputStream stream) {
      reader = new Thread(() -> read(stream), "lines");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      try (BufferedReader text =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          add(line, false);
        }
      } catch (IOException e) {
        add("(" + new UncheckedIOException(e) + ")", false);
      } finally {
        add("", true);
      }
    }

    private synchronized void add(String line, boolean end) {
      if (end) {
        ended = true;
      } else {
        lines.add(line);
      }
      notifyAll();
    }

    synchronized String await(Predicate<String> wanted, String words, Thole process) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
      while (true) {
        while (next < lines.size()) {
          String line = lines.get(next++);
          if (wanted.test(line)) {
            return line;
          }
        }
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (ended || leftMillis <= 0) {
          throw new AssertionError("no line " + words + "; " + process);
        }
        try {
          wait(leftMillis);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    synchronized List<String> all() {
      return List.copyOf(lines);
    }

    void join() throws InterruptedException {
      reader.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    }
  }
}
