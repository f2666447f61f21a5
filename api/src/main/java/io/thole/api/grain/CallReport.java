package io.thole.api.grain;

import io.thole.api.NodeId;

/** What became of a call. */
public sealed interface CallReport {
  /**
   * The grain replied.
   *
   * @param reply the reply
   * @param node the node on which the grain lives
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // the reply belongs to the caller, who may do with it what it likes
  record Ok(byte[] reply, NodeId node) implements CallReport {}

  /**
   * The grain threw.
   *
   * @param type the name of what it threw
   * @param message its message, cut to 1 KiB
   */
  record AppError(String type, String message) implements CallReport {}

  /**
   * The call was certainly not executed.
   *
   * @param reason why
   * @param detail the same for people, with the value
   */
  record NotSent(NotSentReason reason, String detail) implements CallReport {}

  /**
   * The call may or may not have been executed.
   *
   * @param reason why nothing is known
   */
  record Unknown(UnknownReason reason) implements CallReport {}

  /** Why a call was not executed. */
  enum NotSentReason {
    /** The node is not running. */
    NOT_STARTED,
    /** No node has the kind. */
    UNKNOWN_KIND,
    /** The kind is known, but no member that can be reached hosts it. */
    NO_HOST,
    /** The grain's mailbox is full. */
    BUSY,
    /** The call would wait for itself. */
    CYCLE,
    /** The node is stopping. */
    CLOSING
  }

  /** Why nothing is known of a call. */
  enum UnknownReason {
    /** Nothing was heard in time. */
    TIMEOUT,
    /** The grain's node was lost. */
    NODE_LOST
  }
}
