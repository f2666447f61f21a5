package io.thole.shell;

import io.thole.api.ClusterException;

/** A command failed; the message is the one line that a person is shown: the value, what is allowed, what to do next. */
final class CommandFailedException extends ClusterException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }

  CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
