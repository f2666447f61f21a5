package io.thole.api.pubsub;

/** What became of a message at one target. */
public enum Outcome {
  /** The handler returned. */
  DELIVERED(true),
  /** The handler threw; or the payload could not be read, so that the handler never saw it: then the report says why. */
  REJECTED(true),
  /** There was no room for it at the target; the handler never saw it. */
  OVERFLOW(true),
  /** The target had unsubscribed; the handler never saw it. */
  UNSUBSCRIBED(true),
  /** Nothing was heard in time; it may or may not have been handled. */
  TIMEOUT(false),
  /** The target's node was lost; it may or may not have been handled. */
  NODE_LOST(false),
  /** A node was stopping; it may or may not have been handled. */
  CLOSING(false);

  private final boolean certain;

  Outcome(boolean certain) {
    this.certain = certain;
  }

  /** Tells whether it is known that the handler ran, or that it did not. */
  public boolean certain() {
    return certain;
  }
}
