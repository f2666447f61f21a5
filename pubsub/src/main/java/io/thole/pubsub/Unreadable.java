package io.thole.pubsub;

import io.thole.api.Escaped;
import org.jspecify.annotations.Nullable;

/** A payload could not be read where it arrived, so that the handler was not called; the publisher is told why. */
final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The most characters of a reason: many outcomes go into one message. */
  static final int REASON_LIMIT = 200;

  /**
   * Makes one.
   *
   * @param reason why; may hold foreign text
   * @param cause what was thrown, or null
   */
  Unreadable(String reason, @Nullable Throwable cause) {
    super(Escaped.plain(reason, REASON_LIMIT - "...".length()), cause);
  }

  /** Returns what foreign code that threw says; it may throw again when it is asked. */
  static String words(@Nullable Throwable thrown) {
    try {
      String message = thrown == null ? null : thrown.getMessage();
      return message == null ? "it does not say why" : message;
    } catch (RuntimeException again) {
      return "it does not say why";
    }
  }

  /** Returns why a payload could not be read; empty if that is not what was thrown: a handler's words are none of the publisher's. */
  static String reason(Throwable thrown) {
    return thrown instanceof Unreadable unreadable ? String.valueOf(unreadable.getMessage()) : "";
  }

  /** Returns why, for the event at this node: the name of this class says nothing more. */
  @Override
  @SuppressWarnings("OverrideThrowableToString")
  public String toString() {
    return String.valueOf(getMessage());
  }
}
