package io.thole.shell;

import java.util.ArrayList;
import java.util.List;

/** Parts a line at its semicolons, so that each command has an outcome of its own. */
final class Statements {
  private Statements() {}

  /**
   * Returns the statements of a line, without blanks around them. Semicolons in quotes or brackets, and those after a
   * backslash, part nothing.
   */
  static List<String> of(String line) {
    List<String> statements = new ArrayList<>();
    int begin = 0;
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if ("([{".indexOf(c) >= 0) {
        depth++;
      } else if (")]}".indexOf(c) >= 0) {
        depth--;
      } else if (c == ';' && depth <= 0) {
        statements.add(line.substring(begin, i).strip());
        begin = i + 1;
      }
    }
    statements.add(line.substring(begin).strip());
    return statements.stream().filter(statement -> !statement.isEmpty()).toList();
  }
}
