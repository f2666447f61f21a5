package io.thole.api.grain;

import io.thole.api.Escaped;
import java.util.regex.Pattern;

/**
 * The identity of a grain.
 *
 * @param kind the name of its kind
 * @param key which one of that kind: 1 to 255 of the characters {@code A-Z a-z 0-9 . _ / -}, as the kind
 */
public record GrainId(String kind, String key) {
  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9._/-]{1,255}");

  /**
   * Checks both names.
   *
   * @throws IllegalArgumentException if one breaks the grammar
   */
  public GrainId {
    check("kind", kind);
    check("key", key);
  }

  private static void check(String what, String name) {
    if (!GRAMMAR.matcher(name).matches()) {
      throw new IllegalArgumentException("bad " + what + " " + Escaped.of(name)
          + "; allowed: 1 to 255 of the characters A-Z a-z 0-9 . _ / -");
    }
  }

  /** Returns {@code kind/key}. */
  @Override
  public String toString() {
    return kind + "/" + key;
  }
}
