package io.thole.shell;

import io.thole.shell.Row.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays rows out for people. */
final class Table {
  private static final String GAP = "  ";

  private Table() {}

  /**
   * Returns a heading and a line for each row, in aligned columns.
   *
   * @param rows at least one, all with the same fields
   */
  static List<String> columns(List<Row> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(rows.get(0).shown().stream()
        .map(field -> field.title().toUpperCase(Locale.ROOT))
        .toList());
    rows.forEach(row -> lines.add(row.shown().stream().map(Field::text).toList()));
    return aligned(lines);
  }

  /** Returns a line for each field of one row. */
  static List<String> sheet(Row row) {
    return aligned(
        row.shown().stream().map(field -> List.of(field.title(), field.text())).toList());
  }

  private static List<String> aligned(List<List<String>> lines) {
    int[] widths = new int[lines.get(0).size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream().map(line -> line(line, widths)).toList();
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i))
          .append(" ".repeat(widths[i] - cells.get(i).length()))
          .append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
