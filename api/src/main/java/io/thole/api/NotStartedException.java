package io.thole.api;

/** The node is not running, so it cannot do what was asked. */
public class NotStartedException extends ClusterException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   */
  public NotStartedException(String message) {
    super(message);
  }
}
