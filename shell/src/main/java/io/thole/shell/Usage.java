package io.thole.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a command is called. Its synopsis is the only description: what is parsed and what {@code --help} shows cannot
 * differ.
 *
 * @param synopsis the name, then words such as {@code ADDRESS}, {@code [KIND]}, {@code [-f]} and {@code [--for T]}
 * @param summary what it shows or does, in a sentence
 * @param notes what else is worth knowing, a line each
 */
record Usage(String synopsis, String summary, List<String> notes) {
  private static final Pattern WORD = Pattern.compile(
      "\\[(?<option>-{1,2}[a-z]+)(?: (?<value>[A-Z]+))?\\]|\\[(?<maybe>[A-Z]+)\\]|(?<must>[A-Z]+)");
  private static final String COMMON = " [--json] [--help]";

  /** What an option is called, and the name of its value if it takes one. */
  record Option(String name, Optional<String> value) {
    @Override
    public String toString() {
      return value.map(word -> name + " " + word).orElse(name);
    }
  }

  static Usage of(String synopsis, String summary, String... notes) {
    return new Usage(synopsis, summary, List.of(notes));
  }

  /** Copies the notes. */
  Usage {
    notes = List.copyOf(notes);
  }

  String name() {
    return synopsis.split(" ", 2)[0];
  }

  List<String> required() {
    return words("must");
  }

  List<String> optional() {
    return words("maybe");
  }

  /** Returns every option, those that all commands have at the end. */
  List<Option> options() {
    List<Option> options = new ArrayList<>();
    Matcher words = WORD.matcher(arguments() + COMMON);
    while (words.find()) {
      if (words.group("option") != null) {
        options.add(new Option(words.group("option"), Optional.ofNullable(words.group("value"))));
      }
    }
    return options;
  }

  /** Returns what {@code --help} prints. */
  String help() {
    return "usage: " + synopsis + COMMON + "\n" + summary
        + notes.stream().map(note -> "\n  " + note).collect(Collectors.joining());
  }

  private List<String> words(String group) {
    List<String> found = new ArrayList<>();
    Matcher words = WORD.matcher(arguments());
    while (words.find()) {
      if (words.group(group) != null) {
        found.add(words.group(group));
      }
    }
    return found;
  }

  private String arguments() {
    return synopsis.substring(name().length());
  }
}
