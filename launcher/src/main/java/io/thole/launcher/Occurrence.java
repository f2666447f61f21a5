package io.thole.launcher;

/** What the node's main thread hears of while the framework runs. */
sealed interface Occurrence {
  /** The core is running. */
  record Ready(String address, String mode, String members) implements Occurrence {}

  /** A start of the core has failed. */
  record Failed(String reason) implements Occurrence {}

  /** The core refuses its configuration. */
  record Misconfigured(String pid, String key, String value, String allowed)
      implements Occurrence {}

  /** The console is done. */
  record ConsoleEnded(int exitCode) implements Occurrence {}

  /** A signal asks for an end. */
  record Signalled(int exitCode) implements Occurrence {}

  /** Somebody stops the framework. */
  record Stopping() implements Occurrence {}

  /** The time has passed within which a node should be ready. */
  record Overdue() implements Occurrence {}
}
