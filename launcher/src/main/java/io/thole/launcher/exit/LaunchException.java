package io.thole.launcher.exit;

/** What was asked for cannot be done; ends the process with one line and an exit code. */
public final class LaunchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Exit exit;

  /**
   * Makes one.
   *
   * @param exit how the process ends
   * @param line what is wrong, with the value and what is allowed
   */
  public LaunchException(Exit exit, String line) {
    super(line);
    this.exit = exit;
  }

  /** Makes one for a command line that cannot be obeyed. */
  public static LaunchException usage(String line) {
    return new LaunchException(Exit.USAGE, line);
  }

  public Exit exit() {
    return exit;
  }

  /** Returns what is wrong, in one line. */
  public String line() {
    return Printable.line(String.valueOf(getMessage()));
  }
}
