package io.thole.api;

/**
 * Foreign text made harmless for a log or a terminal: control characters, escapes, bidirectional marks and whatever is
 * not printable ASCII are written as <code>&#92;uXXXX</code>, and what is long is cut.
 */
public final class Escaped {
  /** The most characters that any piece of foreign text takes up in a line of ours. */
  public static final int LONGEST = 256;

  private static final int ESCAPE = 6;

  private Escaped() {}

  /**
   * Returns the text in double quotes, escaped and cut to {@link #LONGEST} characters.
   *
   * @param foreign text from outside this program
   * @return printable ASCII
   */
  public static String of(String foreign) {
    return "\"" + plain(foreign).replace("\"", "\\\"") + "\"";
  }

  /**
   * Returns the text escaped and cut to {@link #LONGEST} characters, without quotes.
   *
   * @param foreign text from outside this program
   * @return printable ASCII
   */
  public static String plain(String foreign) {
    return plain(foreign, LONGEST);
  }

  /**
   * Returns the text escaped and cut, without quotes.
   *
   * @param foreign text from outside this program
   * @param longest how many characters of it are kept; three dots stand for the rest
   * @return printable ASCII
   */
  public static String plain(String foreign, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < foreign.length(); i++) {
      char c = foreign.charAt(i);
      boolean printable = c >= ' ' && c <= '~';
      if (text.length() + (printable ? 1 : ESCAPE) > longest) {
        return text + "...";
      }
      if (printable) {
        text.append(c);
      } else {
        escape(c, text);
      }
    }
    return text.toString();
  }

  /** A stranger chooses how often this is done: nothing is made but the characters. */
  private static void escape(char c, StringBuilder text) {
    text.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      text.append(Character.forDigit((c >> shift) & 0xF, 16));
    }
  }
}
