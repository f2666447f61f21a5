package io.thole.launcher.demo;

import java.io.PrintStream;
import java.util.List;

/** Tells the steps of a demo, each with its time and what was seen, and counts them. */
final class Story {
  private final PrintStream out;
  private final long beganNanos = System.nanoTime();
  private int told;

  /** One step: does something, and returns the lines that show that it happened. */
  @FunctionalInterface
  interface Step {
    List<String> run() throws Exception;
  }

  Story(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs a step and tells it.
   *
   * @param title what is about to be seen
   * @throws Exception what the step throws, which ends the story
   */
  void step(String title, Step step) throws Exception {
    long stepNanos = System.nanoTime();
    List<String> seen = step.run();
    told++;
    out.printf("%2d ok  %-74s %5d ms%n", told, title, (System.nanoTime() - stepNanos) / 1_000_000);
    seen.forEach(line -> out.println("       " + line));
    out.flush();
  }

  /** Tells what was not seen. */
  void failed(String reason, List<String> lastLines) {
    out.printf("%2d NOT SEEN: %s%n", told + 1, reason);
    out.println("   The last lines of the nodes:");
    lastLines.forEach(line -> out.println("   | " + line));
    out.flush();
  }

  /** Tells the end. */
  void end() {
    out.printf(
        "demo: all %d steps seen in %.1f s; nothing is left behind%n",
        told, (System.nanoTime() - beganNanos) / 1e9);
    out.flush();
  }
}
