package io.thole.testkit.sim;

import java.io.PrintWriter;
import java.util.List;

/** What {@code simulate NAME} runs. */
public interface Experiment {
  /** Returns the word by which it is called. */
  String name();

  /** Returns what it is and which options it takes, some lines for a person. */
  String help();

  /**
   * Runs it: prints one JSON object a line for each seed, and a last one with {@code "total":true}.
   *
   * @param words what was typed after the name
   * @param out where the lines go
   * @param err where progress is told
   * @return whether nothing was violated
   * @throws IllegalArgumentException if the words make no sense; the message says what is allowed
   */
  boolean run(List<String> words, PrintWriter out, PrintWriter err);
}
