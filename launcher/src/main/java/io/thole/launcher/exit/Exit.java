package io.thole.launcher.exit;

/** How the process ends, as scripts see it. */
public enum Exit {
  DONE(0),
  COMMAND_FAILED(1),
  USAGE(2),
  START_FAILED(3),
  HOME_IN_USE(4),
  BAD_CONFIGURATION(5);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
