package io.thole.launcher.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/** A node in a process of its own, as a person at a terminal has it: commands in, lines out. */
final class NodeProcess implements AutoCloseable {
  /** How many lines are kept; a demo prints some hundreds. */
  private static final int MOST_LINES = 20_000;

  /** A graceful stop takes at most 10 s, and the process needs a moment to end. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(12);

  private final Process process;
  private final Writer input;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<String> lines = new ArrayList<>(); // under the lock
  private int openOutputs = 2; // under the lock

  private NodeProcess(Process process) {
    this.process = process;
    input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    read(process.getInputStream(), "output");
    read(process.getErrorStream(), "log");
  }

  /**
   * Starts a node.
   *
   * @param command the program and its arguments
   * @param folder where it runs
   */
  static NodeProcess start(List<String> command, Path folder) throws IOException {
    return new NodeProcess(
        new ProcessBuilder(command).directory(folder.toFile()).start());
  }

  /** Types a shell command. */
  void type(String command) throws IOException {
    input.write(command + "\n");
    input.flush();
  }

  /** Returns how many lines there are so far: where to look from, for what comes next. */
  int mark() {
    lock.lock();
    try {
      return lines.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a line.
   *
   * @param name the node's, for whoever reads that it did not come
   * @param from a {@link #mark()}
   * @param pattern is found in it
   * @param limit how long at most
   * @return the line
   * @throws StoryException if it does not come
   */
  String await(String name, int from, Pattern pattern, Duration limit) throws InterruptedException {
    long leftNanos = limit.toNanos();
    int next = from;
    lock.lock();
    try {
      while (true) {
        for (; next < lines.size(); next++) {
          if (pattern.matcher(lines.get(next)).find()) {
            return lines.get(next);
          }
        }
        if (leftNanos <= 0 || openOutputs == 0) {
          String why = openOutputs == 0
              ? "the process ended first"
              : "not within " + limit.toSeconds() + " s";
          throw new StoryException(name + " printed no line with \"" + pattern + "\": " + why);
        }
        leftNanos = grown.awaitNanos(leftNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the lines that match, from a mark on. */
  List<String> matching(int from, Pattern pattern) {
    lock.lock();
    try {
      return lines.subList(from, lines.size()).stream()
          .filter(line -> pattern.matcher(line).find())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the last lines, for whoever has to find out what went wrong. */
  List<String> tail(int count) {
    lock.lock();
    try {
      return List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the input, which stops the node gracefully.
   *
   * @return its exit code
   * @throws StoryException if it does not end
   */
  int stop() throws IOException, InterruptedException {
    input.close();
    return ended();
  }

  /**
   * Sends SIGTERM, which stops the node gracefully.
   *
   * @return its exit code
   * @throws StoryException if it does not end
   */
  int terminate() throws InterruptedException {
    process.toHandle().destroy(); // the process itself would close the output as well
    return ended();
  }

  private int ended() throws InterruptedException {
    if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new StoryException("the node did not stop within " + STOP_LIMIT.toSeconds() + " s");
    }
    return process.exitValue();
  }

  /** Kills the process, if it still runs, and waits for its end: it writes no file after that. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  private void read(InputStream stream, String what) {
    Thread reader = new Thread(() -> collect(stream), "demo " + what);
    reader.setDaemon(true);
    reader.start();
  }

  private void collect(InputStream stream) {
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = text.readLine(); line != null; line = text.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("the output broke off: " + e);
    }
    lock.lock();
    try {
      openOutputs--;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void add(String line) {
    lock.lock();
    try {
      if (lines.size() < MOST_LINES) {
        lines.add(line);
      }
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
