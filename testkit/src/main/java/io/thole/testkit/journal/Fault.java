package io.thole.testkit.journal;

/** A rule of delivery that was broken. */
public enum Fault {
  /** A report counts more handler calls than there are records: lost, or said to be delivered and was not. */
  LOST,
  /** One subscription or grain has the same message or call twice. */
  DUPLICATED,
  /** A subscription has a message after a later one of the same publisher and topic. */
  REORDERED,
  /** A handler ran that no outcome allows: refused, said to be overflowed, unsubscribed or not sent. */
  SURPLUS,
  /** Handled, but no journal says that anyone published or called it. */
  UNPUBLISHED,
  /** A handler was told another publisher than the one that published. */
  FORGED,
  /** Neither refused nor reported. */
  OPEN,
  /** Reported later than the timeout and a second. */
  LATE,
  /** Reported twice; a handler that threw counted as one that returned, or the reverse; books that do not add up. */
  MISCOUNTED,
  /** An unknown outcome in a run that has no excuse for one. */
  UNKNOWN,
  /** A line that cannot be read, and is not the torn end of a process that was killed. */
  MALFORMED
}
