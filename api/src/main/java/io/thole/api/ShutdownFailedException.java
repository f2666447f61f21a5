package io.thole.api;

/** The node has stopped, but parts of it failed to. */
public class ShutdownFailedException extends ClusterException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   */
  public ShutdownFailedException(String message) {
    super(message);
  }
}
