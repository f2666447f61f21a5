package io.thole.launcher.exit;

/**
 * Foreign text made harmless for a log or a terminal: whatever could move a cursor, end a line or turn the direction of
 * writing is written as <code>&#92;uXXXX</code>.
 */
public final class Printable {
  /** Longer lines are cut: a message of a stranger must not fill the disk. */
  private static final int LONGEST = 4_096;

  private Printable() {}

  /** Returns the text in double quotes, harmless and short enough to stand in a sentence. */
  public static String quoted(String foreign) {
    return "\"" + cut(foreign, 200) + "\"";
  }

  /** Returns the text as one harmless line. */
  public static String line(String foreign) {
    return cut(foreign, LONGEST);
  }

  private static String cut(String foreign, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < foreign.length(); i++) {
      char c = foreign.charAt(i);
      text.append(harmless(c) ? String.valueOf(c) : String.format("\\u%04x", (int) c));
      if (text.length() > longest) {
        return text.substring(0, longest) + "...";
      }
    }
    return text.toString();
  }

  private static boolean harmless(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE -> false;
      default -> true;
    };
  }
}
