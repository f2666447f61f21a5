package io.thole.core;

import io.thole.api.ClusterException;

/** What a plug-in threw, in one line: it may throw anything. */
final class Failure {
  private Failure() {}

  /** Returns the message of what was thrown; its type too, where the message alone would not say what happened. */
  static String reason(Throwable thrown) {
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return thrown.getClass().getName();
    }
    return thrown instanceof ClusterException
        ? message
        : thrown.getClass().getSimpleName() + ": " + message;
  }
}
