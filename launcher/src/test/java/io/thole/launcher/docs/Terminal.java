package io.thole.launcher.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A command that runs: what it prints is collected, and lines may be typed at it. */
final class Terminal implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;
  private static final String END_OF_OUTPUT = "\0";

  private final String command;
  private final Process process;
  private final Writer input;
  private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
  private int questions;

  /**
   * Runs a command.
   *
   * @param folder where; also the value of {@code THOLE}, the checkout
   * @param command given to bash
   */
  Terminal(Path folder, String command) throws IOException {
    this.command = command;
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", command)
        .directory(folder.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT);
    bash.environment().put("THOLE", folder.toString());
    process = bash.start();
    input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::collect, "documented command");
    reader.setDaemon(true);
    reader.start();
  }

  private void collect() {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      output.add(END_OF_OUTPUT);
    }
  }

  /** Returns the next lines, as many as asked for, or fewer where the output ends. */
  List<String> lines(int count) {
    List<String> lines = new ArrayList<>();
    while (lines.size() < count) {
      String line = next();
      if (line.equals(END_OF_OUTPUT)) {
        return lines;
      }
      lines.add(line);
    }
    return lines;
  }

  /**
   * Types a command at the prompt of a node. What it prints ends where the node shows the value that is asked for next.
   *
   * @return what it prints
   */
  List<String> ask(String command) throws IOException {
    String end = "end-of-answer-" + ++questions;
    input.write(command + "\nanswered = " + end + "\n");
    input.flush();
    List<String> lines = new ArrayList<>();
    for (String line = next(); !line.equals(end); line = next()) {
      if (line.equals(END_OF_OUTPUT)) {
        throw new AssertionError("the node ended at " + command + "; it printed " + lines);
      }
      lines.add(line);
    }
    return lines;
  }

  /**
   * Ends the input and waits for the end.
   *
   * @return what was printed and not read
   * @throws AssertionError if the command fails
   */
  List<String> finished() throws IOException {
    input.close();
    List<String> rest = lines(Integer.MAX_VALUE);
    int exit = process.onExit().join().exitValue();
    if (exit != 0) {
      throw new AssertionError("exit code " + exit + " of " + command + ", which printed " + rest);
    }
    return rest;
  }

  private String next() {
    try {
      String line = output.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("no output within " + LIMIT_SECONDS + " s");
      }
      return line;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
