package io.thole.api;

/** The node could not start; whatever had started was stopped again. */
public class StartupFailedException extends ClusterException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   */
  public StartupFailedException(String message) {
    super(message);
  }
}
