package io.thole.api;

/** Metrics are switched off; the alternative would be zeros that look like measurements. */
public class MetricsDisabledException extends ClusterException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is wrong, with the value
   */
  public MetricsDisabledException(String message) {
    super(message);
  }
}
