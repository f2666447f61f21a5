package io.thole.shell;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes rows as JSON, in printable ASCII: safe in any terminal and any encoding. */
final class Json {
  private Json() {}

  static String of(Row row) {
    return row.fields().stream()
        .filter(field -> !field.key().isEmpty())
        .map(field -> quoted(field.key()) + ":" + value(field.value()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String value(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(Json::value).orElse("null");
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(Json::value).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : quoted(value.toString());
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
