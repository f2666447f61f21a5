package io.thole.api.pubsub;

/** What becomes of messages where a subscription does not keep up: its own choice, which concerns it alone. */
public enum OverflowPolicy {
  /** A {@link Publisher} waits for it; a single message, which waits for nothing, is {@link Outcome#OVERFLOW}. */
  WAIT,
  /** Nobody waits for it: a message for which there is no room is {@link Outcome#OVERFLOW}. */
  DROP_NEWEST,
  /** Nobody waits for it: those that have waited longest are {@link Outcome#OVERFLOW}, and the new one takes their place. */
  DROP_OLDEST
}
