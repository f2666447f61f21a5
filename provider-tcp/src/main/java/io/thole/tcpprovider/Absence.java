package io.thole.tcpprovider;

/** A member that is not connected, since when, and what is known of it. */
final class Absence {
  private final Kind kind;
  private long sinceNanos;
  private boolean refused;
  private boolean probed;
  private long refusedNanos;

  /** Why a member is not connected. */
  enum Kind {
    /** The connection was lost. */
    LOST,
    /** The peer had said that the connection would be lost. */
    ANNOUNCED,
    /** There was none yet: somebody else says that it is a member. */
    UNMET
  }

  /**
   * Begins.
   *
   * @param sinceNanos the time
   */
  Absence(Kind kind, long sinceNanos) {
    this.kind = kind;
    this.sinceNanos = sinceNanos;
  }

  /** Its grace time begins anew, and what was known of it does not count. */
  void restart(long nowNanos) {
    sinceNanos = nowNanos;
    refused = false;
    probed = false;
  }

  Kind kind() {
    return kind;
  }

  /**
   * Its address has refused to be connected to.
   *
   * @return whether that proves that its process is gone
   */
  boolean refuse(long nowNanos) {
    if (kind != Kind.LOST) {
      return false; // one that restarts its transport refuses, too, and one that was never met may
      // have no way to us
    }
    if (!refused) {
      refused = true;
      refusedNanos = nowNanos;
      return false;
    }
    return nowNanos - refusedNanos >= Membership.REFUSALS_APART_NANOS;
  }

  /** Tells, once, that it is time to see whether the address refuses a second time. */
  boolean probe(long nowNanos) {
    boolean due = refused && !probed && nowNanos - refusedNanos >= Membership.REFUSALS_APART_NANOS;
    probed |= due;
    return due;
  }

  /** Tells whether the grace time is over. */
  boolean overdue(MembershipSettings settings, long nowNanos) {
    return nowNanos - sinceNanos >= graceNanos(settings);
  }

  /** Returns when {@link #overdue} or {@link #probe} is due. */
  long deadlineNanos(MembershipSettings settings) {
    long graceNanos = graceNanos(settings);
    return refused && !probed
        ? sinceNanos
            + Math.min(graceNanos, refusedNanos - sinceNanos + Membership.REFUSALS_APART_NANOS)
        : sinceNanos + graceNanos;
  }

  private long graceNanos(MembershipSettings settings) {
    return switch (kind) {
      case LOST, UNMET -> settings.grace().toNanos();
      case ANNOUNCED -> settings.announcedGrace().toNanos();
    };
  }
}
