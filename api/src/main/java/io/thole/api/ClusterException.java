package io.thole.api;

/** The root of all that Thole throws. The message holds the value that was wrong. */
public class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   */
  public ClusterException(String message) {
    super(message);
  }

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   * @param cause what led to it
   */
  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
