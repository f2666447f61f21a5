package io.thole.api.pubsub;

import io.thole.api.Escaped;
import java.util.regex.Pattern;

/**
 * All topics of one form. The levels of a topic stand between slashes, and {@code *} is any one level, whole: {@code orders/*}
 * is {@code orders/new}, but neither {@code orders} nor {@code orders/new/eu}. A dot separates nothing.
 *
 * @param name as a topic, with at most {@link #LEVELS} levels, of which 1 to {@link #STARS} are {@code *}
 */
public record TopicPattern(String name) implements TopicFilter {
  /** The most levels: together with {@link #STARS} it limits in how many ways a topic can be matched, to 2,516. */
  public static final int LEVELS = 16;

  /** The most levels that are any. */
  public static final int STARS = 4;

  private static final Pattern GRAMMAR =
      Pattern.compile("(?=.*\\*)(\\*|[A-Za-z0-9._-]*)(/(\\*|[A-Za-z0-9._-]*)){0,15}");

  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException if it breaks the grammar
   */
  public TopicPattern {
    if (name.length() > 255
        || !GRAMMAR.matcher(name).matches()
        || name.chars().filter(c -> c == '*').count() > STARS) {
      throw new IllegalArgumentException(
          "bad topic pattern " + Escaped.of(name) + "; allowed: at most "
              + LEVELS + " levels with / between them, 1 to " + STARS
              + " of them * and the others of the characters A-Z a-z 0-9 . _ -, 255 characters in all");
    }
  }

  @Override
  public boolean matches(Topic topic) {
    String other = topic.name();
    int at = 0;
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '*') {
        int slash = other.indexOf('/', at);
        at = slash < 0 ? other.length() : slash;
      } else if (at < other.length() && other.charAt(at) == name.charAt(i)) {
        at++;
      } else {
        return false;
      }
    }
    return at == other.length();
  }

  /** Returns the pattern. */
  @Override
  public String toString() {
    return name;
  }
}
