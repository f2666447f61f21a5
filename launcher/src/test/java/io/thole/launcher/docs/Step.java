package io.thole.launcher.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * One command of a transcript, and what it prints.
 *
 * @param terminal where it is typed; the name that stands after {@code console}, or nothing
 * @param at who reads it
 * @param command what is typed; nothing where a block begins with what a node prints by itself
 * @param output what is expected on standard output
 * @param line the line of the document, from 1
 */
record Step(String terminal, Prompt at, String command, List<String> output, int line) {
  /** The language of a block that is a transcript. */
  static final String TRANSCRIPT = "console";

  /** Copies the output. */
  Step {
    output = List.copyOf(output);
  }

  /** Who reads a command. */
  enum Prompt {
    SHELL("$ "),
    NODE("thole> ");

    private final String text;

    Prompt(String text) {
      this.text = text;
    }
  }

  /** Reads the transcript of a block. */
  static List<Step> of(Document.Block block) {
    String terminal = block.language().substring(TRANSCRIPT.length()).strip();
    List<Step> steps = new ArrayList<>();
    int line = block.line();
    for (String text : block.lines()) {
      line++;
      if (text.startsWith(Prompt.SHELL.text)) {
        steps.add(begun(terminal, Prompt.SHELL, text, line));
      } else if (text.startsWith(Prompt.NODE.text)) {
        steps.add(begun(terminal, Prompt.NODE, text, line));
      } else if (steps.isEmpty()) {
        steps.add(new Step(terminal, Prompt.NODE, "", List.of(text), line));
      } else {
        steps.add(steps.remove(steps.size() - 1).and(text));
      }
    }
    return steps;
  }

  private static Step begun(String terminal, Prompt prompt, String text, int line) {
    return new Step(terminal, prompt, text.substring(prompt.text.length()), List.of(), line);
  }

  private Step and(String text) {
    if (at == Prompt.SHELL && output.isEmpty() && text.startsWith("> ")) {
      return new Step(terminal, at, command + "\n" + text.substring(2), output, line);
    }
    List<String> more = new ArrayList<>(output);
    more.add(text);
    return new Step(terminal, at, command, more, line);
  }
}
