package io.thole.testkit.journal;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A JSON object on one line, in printable ASCII. Reads what a journal has and no more: texts, whole numbers, truth values,
 * and objects of whole numbers.
 */
final class JsonLine {
  private final String text;
  private int at;

  private JsonLine(String text) {
    this.text = text;
  }

  /** Writes texts, numbers, truth values, collections of texts, and maps of the same. */
  static String of(Map<String, ?> fields) {
    return fields.entrySet().stream()
        .map(field -> quoted(field.getKey()) + ":" + value(field.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /**
   * Reads one.
   *
   * @return each key with a {@code String}, {@code Long}, {@code Boolean} or {@code Map<String, Long>}
   * @throws IllegalArgumentException if it is anything else
   */
  static Map<String, Object> parse(String text) {
    JsonLine line = new JsonLine(text);
    Map<String, Object> fields = line.object(true);
    line.check(line.at == text.length());
    return fields;
  }

  private Map<String, Object> object(boolean outer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    expect('{');
    for (char next = peek(); next != '}'; next = peek()) {
      if (!fields.isEmpty()) {
        expect(',');
      }
      String key = string();
      expect(':');
      check(fields.put(key, outer ? any() : (Object) number()) == null);
    }
    at++;
    return fields;
  }

  private Object any() {
    char next = peek();
    if (next == '"') {
      return string();
    }
    if (next == '{') {
      return object(false);
    }
    return next == 't' || next == 'f' ? (Object) truth() : (Object) number();
  }

  private boolean truth() {
    boolean truth = text.startsWith("true", at);
    check(truth || text.startsWith("false", at));
    at += truth ? 4 : 5;
    return truth;
  }

  private long number() {
    int from = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return Long.parseLong(text.substring(from, at));
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    for (char next = take(); next != '"'; next = take()) {
      string.append(next == '\\' ? escape() : next);
    }
    return string.toString();
  }

  private char escape() {
    char kind = take();
    if (kind == 'u') {
      check(at + 4 <= text.length());
      at += 4;
      return (char) Integer.parseInt(text, at - 4, at, 16);
    }
    check(kind == '"' || kind == '\\' || kind == '/');
    return kind;
  }

  private void expect(char wanted) {
    check(take() == wanted);
  }

  private char take() {
    char next = peek();
    at++;
    return next;
  }

  private char peek() {
    check(at < text.length());
    return text.charAt(at);
  }

  private void check(boolean wellFormed) {
    if (!wellFormed) {
      throw new IllegalArgumentException("malformed at character " + (at + 1));
    }
  }

  private static String value(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(field -> quoted(String.valueOf(field.getKey())) + ":" + value(field.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof Collection<?> list) {
      return list.stream().map(JsonLine::value).collect(Collectors.joining(",", "[", "]"));
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
