package io.thole.api.pubsub;

/**
 * How much may wait for a subscription, and what becomes of more.
 *
 * @param policy what becomes of more
 * @param messages how many messages may wait beside the one that is handled: 1 to {@link #LIMIT}, which it is with
 *     {@link OverflowPolicy#WAIT}; their memory has a limit as well, which the subscriptions of a node share
 */
public record Backlog(OverflowPolicy policy, int messages) {
  /** The most messages that may wait for a subscription. */
  public static final int LIMIT = 65_536;

  /** As much as there is room for; publishers wait for more. What a subscription has that does not say. */
  public static final Backlog WAIT = new Backlog(OverflowPolicy.WAIT, LIMIT);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if the number is out of its range
   */
  public Backlog {
    if (messages < 1 || messages > LIMIT) {
      throw new IllegalArgumentException(
          "a backlog of " + messages + " messages; allowed: 1 to " + LIMIT);
    }
    if (policy == OverflowPolicy.WAIT && messages < LIMIT) {
      throw new IllegalArgumentException("a backlog of " + messages
          + " messages, and publishers wait: how many they send is then for their credit to say;"
          + " take Backlog.WAIT, or drop what is more");
    }
  }

  /**
   * Returns one from which what comes is dropped while so many messages wait: for whom each message counts alike.
   *
   * @param messages how many, at least 1
   */
  public static Backlog dropNewest(int messages) {
    return new Backlog(OverflowPolicy.DROP_NEWEST, messages);
  }

  /**
   * Returns one that is the newest messages, so many of them: for whom a message says what is so, and an older one what was.
   *
   * @param messages how many, at least 1
   */
  public static Backlog dropOldest(int messages) {
    return new Backlog(OverflowPolicy.DROP_OLDEST, messages);
  }
}
