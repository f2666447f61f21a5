package io.thole.api;

/** The node runs already, or is about to; the second start changed nothing. */
public class AlreadyStartedException extends ClusterException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   */
  public AlreadyStartedException(String message) {
    super(message);
  }
}
