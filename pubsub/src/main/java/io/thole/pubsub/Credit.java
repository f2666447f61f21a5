package io.thole.pubsub;

/**
 * How much of a stream may be on its way to one subscription without an outcome: it says so itself. It begins small, so that many
 * streams that carry little bind little, and doubles each time that all of it was used (delivery.md, P8).
 *
 * @param messages how many items, at least 1
 * @param bytes how many bytes of payload, at least 1; an item alone may be longer
 */
record Credit(int messages, int bytes) {
  /** What every stream has at each of its ends. */
  static final Credit FIRST = new Credit(256, 256 << 10);

  /** Where it ends: more than a link on one machine needs to be busy. */
  static final Credit MOST = new Credit(16_384, 4 << 20);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  Credit {
    if (messages < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "credit for " + messages + " messages, " + bytes + " bytes");
    }
  }

  /** Returns the double, up to {@link #MOST}. */
  Credit twice() {
    return new Credit(Math.min(2 * messages, MOST.messages), Math.min(2 * bytes, MOST.bytes));
  }

  /** Returns whether so much is a quarter of it, which is when the publisher is told. */
  boolean isQuarter(long someMessages, long someBytes) {
    return someMessages >= messages / 4 || someBytes >= bytes / 4;
  }

  /** Returns whether so much is all of it. */
  boolean isAll(long someMessages, long someBytes) {
    return someMessages >= messages || someBytes >= bytes;
  }
}
