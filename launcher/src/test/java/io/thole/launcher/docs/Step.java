package io.thole.launcher.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * One command of a transcript, and what it prints.
 *
 * @param at who reads it
 * @param command what is typed
 * @param output what is expected on standard output
 * @param line the line of the document, from 1
 */
record Step(Prompt at, String command, List<String> output, int line) {
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
    List<Step> steps = new ArrayList<>();
    int line = block.line();
    for (String text : block.lines()) {
      line++;
      if (text.startsWith(Prompt.SHELL.text)) {
        steps.add(begun(Prompt.SHELL, text, line));
      } else if (text.startsWith(Prompt.NODE.text)) {
        steps.add(begun(Prompt.NODE, text, line));
      } else if (steps.isEmpty()) {
        throw new IllegalArgumentException(
            "line " + line + ": a transcript begins with a prompt, not with " + text);
      } else {
        steps.add(steps.remove(steps.size() - 1).and(text));
      }
    }
    return steps;
  }

  private static Step begun(Prompt prompt, String text, int line) {
    return new Step(prompt, text.substring(prompt.text.length()), List.of(), line);
  }

  private Step and(String text) {
    if (at == Prompt.SHELL && output.isEmpty() && text.startsWith("> ")) {
      return new Step(at, command + "\n" + text.substring(2), output, line);
    }
    List<String> more = new ArrayList<>(output);
    more.add(text);
    return new Step(at, command, more, line);
  }
}
