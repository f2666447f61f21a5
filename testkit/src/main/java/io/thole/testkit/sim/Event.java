package io.thole.testkit.sim;

import org.jspecify.annotations.Nullable;

/** Something that is to happen at a time. Events are taken from a pool and go back to it: millions happen in a second. */
final class Event {
  /** What happens. */
  enum Kind {
    /** A node's engine has something to do. */
    TIMER,
    /** A message arrives. */
    MESSAGE,
    /** A connection is asked for. */
    DIAL,
    /** The answer to it: it stands. */
    ACCEPTED,
    /** The answer to it: no process listens there. */
    REFUSED,
    /** A connection was reset. */
    RESET,
    /** A node that has not found the cluster yet tries again. */
    JOIN,
    /** The experiment itself does something. */
    ACTION
  }

  Kind kind = Kind.TIMER;
  long timeNanos;
  /** Of two events at the same time, the one that was added first comes first. */
  long order;

  int from;
  int to;

  @Nullable
  Object load;

  @Nullable
  Event next;

  boolean isBefore(Event other) {
    return timeNanos < other.timeNanos || (timeNanos == other.timeNanos && order < other.order);
  }
}
