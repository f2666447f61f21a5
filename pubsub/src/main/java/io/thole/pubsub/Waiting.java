package io.thole.pubsub;

import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;

/** What waits at a subscription: one message or several, and who is told what becomes of them. */
interface Waiting {
  /** Returns how many messages it is. */
  int messages();

  /** Returns what it takes in memory. */
  long bytes();

  /**
   * Has a handler handle it, message by message, for as long as the subscription is open. On the subscription's worker.
   *
   * @param handler whose
   * @param subscription is told of what it throws
   */
  void handle(MessageHandler handler, LocalSubscription subscription);

  /**
   * Parts with its first messages, before a handler has begun with them; this is what follows, and still takes all the memory.
   *
   * @param count how many, fewer than there are
   */
  Waiting first(int count);

  /**
   * Parts with its last messages, before a handler has begun with them; this is what comes before, and still takes all the memory.
   *
   * @param count how many are left, fewer than there are
   */
  Waiting after(int count);

  /** Says what becomes of all that was not handled. */
  void end(Outcome outcome);
}
