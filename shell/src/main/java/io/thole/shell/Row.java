package io.thole.shell;

import io.thole.api.Escaped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One thing that a command shows: the source of its line for people and of its JSON object.
 *
 * @param fields in the order in which they are shown
 */
record Row(List<Field> fields) {
  static final Row EMPTY = new Row(List.of());

  /**
   * A value with its name, for programs and for people.
   *
   * @param key the stable name in JSON; blank keeps the field from programs
   * @param value a text, number, truth value, list of them, or an {@code Optional}; texts may be foreign
   * @param title the heading for people; blank keeps the field from them
   * @param text the value for people, printable
   */
  record Field(String key, Object value, String title, String text) {}

  /** Copies the list. */
  Row {
    fields = List.copyOf(fields);
  }

  /** Returns this row with a field whose title is its key. */
  Row with(String key, Object value) {
    return with(key, value, key, text(value));
  }

  /** Returns this row with a field that only programs see. */
  Row hidden(String key, Object value) {
    return with(key, value, "", "");
  }

  /** Returns this row with a field that only people see. */
  Row shown(String title, String text) {
    return with("", text, title, text);
  }

  /** Returns this row with a field that people see differently. */
  Row with(String key, Object value, String title, String text) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(key, value, title, text));
    return new Row(more);
  }

  /** Returns the fields that people see. */
  List<Field> shown() {
    return fields.stream().filter(field -> !field.title().isEmpty()).toList();
  }

  private static String text(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Row::text).orElse("-");
    }
    if (value instanceof Collection<?> list) {
      return list.isEmpty() ? "-" : list.stream().map(Row::text).collect(Collectors.joining(","));
    }
    if (value instanceof Boolean truth) {
      return truth ? "yes" : "no";
    }
    return Escaped.plain(String.valueOf(value));
  }
}
