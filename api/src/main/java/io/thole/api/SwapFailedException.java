package io.thole.api;

/** A provider did not take over; the one that ran runs on. */
public class SwapFailedException extends ClusterException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   */
  public SwapFailedException(String message) {
    super(message);
  }
}
