package io.thole.shell;

import java.io.PrintStream;
import java.util.List;

/** Where a command's answer goes: for people, or with {@code --json} an object a line. */
final class Page {
  private final PrintStream out;
  private final boolean json;

  Page(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /**
   * Shows rows in columns.
   *
   * @param rows all with the same fields
   * @param ifNone what people are told if there are none
   */
  void table(List<Row> rows, String ifNone) {
    if (json) {
      rows.forEach(row -> out.println(Json.of(row)));
    } else if (rows.isEmpty()) {
      out.println(ifNone);
    } else {
      Table.columns(rows).forEach(out::println);
    }
  }

  /** Shows one row, a line for each field. */
  void sheet(Row row) {
    if (json) {
      out.println(Json.of(row));
    } else {
      Table.sheet(row).forEach(out::println);
    }
  }

  /**
   * Shows one row as a sentence.
   *
   * @param row for programs
   * @param sentence for people, printable
   */
  void line(Row row, String sentence) {
    out.println(json ? Json.of(row) : sentence);
  }

  /** Shows one row to programs alone. */
  void object(Row row) {
    if (json) {
      out.println(Json.of(row));
    }
  }

  /** Tells people something that programs need not know. */
  void note(String sentence) {
    if (!json) {
      out.println(sentence);
    }
  }
}
