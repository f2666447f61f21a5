package io.thole.api.pubsub;

import io.thole.api.ClusterException;

/** A message was refused at once; nobody sees it. */
public class PublishRefusedException extends ClusterException {
  private static final long serialVersionUID = 1L;

  /** Why a message was refused. */
  public enum Reason {
    /** The node is not running, or does not know the state of its first view yet. */
    NOT_JOINED,
    /** The topic breaks the grammar or a limit. */
    BAD_TOPIC,
    /** The payload is over the limit. */
    TOO_LARGE,
    /** Too much is under way; it may be tried again. */
    BUSY,
    /** The node is stopping. */
    CLOSING,
    /** There is no codec for the value here, or the codec threw. */
    NOT_ENCODED
  }

  private final Reason reason;

  /**
   * Makes one.
   *
   * @param reason why
   * @param message the same for people, with the value
   */
  public PublishRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * Makes one.
   *
   * @param reason why
   * @param message the same for people, with the value
   * @param cause what was thrown
   */
  public PublishRefusedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }
}
