package io.thole.pubsub;

import io.thole.api.pubsub.OverflowPolicy;
import java.util.Optional;

/**
 * What a node calls a subscription: a number, and in its two highest bits what becomes of messages that it does not keep up with. So
 * each publisher knows, and the tables are as they were before there was a choice: to a node that does not know of it, an id is a number,
 * and it waits.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9000#section-2.1">RFC 9000, where the lowest bits of a stream's id are its type</a>
 */
final class SubscriptionId {
  private static final int SHIFT = Long.SIZE - 2;

  private SubscriptionId() {}

  /**
   * Returns an id.
   *
   * @param number unlike that of any other of the node; its two highest bits do not count
   */
  static long of(long number, OverflowPolicy policy) {
    long code = switch (policy) {
      case WAIT -> 0;
      case DROP_NEWEST -> 1;
      case DROP_OLDEST -> 2;
    };
    return code << SHIFT | (number & (1L << SHIFT) - 1);
  }

  /** Returns what an id says; nothing if no node gives such an id. */
  static Optional<OverflowPolicy> policy(long id) {
    return switch ((int) (id >>> SHIFT)) {
      case 0 -> Optional.of(OverflowPolicy.WAIT);
      case 1 -> Optional.of(OverflowPolicy.DROP_NEWEST);
      case 2 -> Optional.of(OverflowPolicy.DROP_OLDEST);
      default -> Optional.empty();
    };
  }

  /** Returns what an id says, for people. */
  static String backlog(long id) {
    return switch (policy(id).orElse(OverflowPolicy.WAIT)) {
      case WAIT -> "wait";
      case DROP_NEWEST -> "dropNewest";
      case DROP_OLDEST -> "dropOldest";
    };
  }

  /** Tells whether messages for it are dropped rather than waited with. */
  static boolean drops(long id) {
    return id >>> SHIFT != 0;
  }
}
