package io.thole.api.pubsub;

import io.thole.api.Escaped;
import java.util.regex.Pattern;

/**
 * The name of a topic: 1 to 255 letters, digits and {@code . _ / -}.
 *
 * @param name the name
 */
public record Topic(String name) implements TopicFilter {
  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9._/-]{1,255}");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it breaks the grammar
   */
  public Topic {
    if (!GRAMMAR.matcher(name).matches()) {
      throw new IllegalArgumentException("bad topic " + Escaped.of(name)
          + "; allowed: 1 to 255 of the characters A-Z a-z 0-9 . _ / -");
    }
  }

  @Override
  public boolean matches(Topic topic) {
    return equals(topic);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
