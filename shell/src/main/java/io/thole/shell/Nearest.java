package io.thole.shell;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What a person may have meant. */
final class Nearest {
  private static final int LONGEST =
      64; // no command is that long, and the work grows with the length

  private Nearest() {}

  /**
   * Returns the candidate that takes the fewest insertions, deletions and replacements, the first one among equals, if these
   * are few enough for a slip of the finger: two, or a third of the word.
   *
   * @param typed what was typed
   * @param candidates what there is
   */
  static Optional<String> to(String typed, Collection<String> candidates) {
    String word = typed.substring(0, Math.min(typed.length(), LONGEST));
    int most = Math.max(2, word.length() / 3);
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(candidate -> distance(word, candidate) <= most);
  }

  // Levenshtein's distance, a row of his matrix at a time.
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[to.length()];
  }
}
