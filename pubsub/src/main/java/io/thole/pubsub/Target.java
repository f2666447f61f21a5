package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.OverflowPolicy;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicPattern;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A subscription as a publishing node knows it, with the credit that this node has there: so many messages and bytes may be
 * without an outcome. Any thread.
 *
 * <p>The window is as large as one can grow, from the start: a window that doubles would turn away a burst for a subscriber
 * that is only new. What it protects is the target, which has a limit of its own for each subscription and shares what it has
 * fairly among them ({@link ReceiveBudget}).
 *
 * <p>One that drops what is oldest is sent everything: only where it waits is known what that is.
 */
final class Target {
  /** How many messages of one node may be without an outcome at one subscription. */
  static final int MESSAGES = Backlog.LIMIT;

  /** How many bytes of them. */
  static final long BYTES = 16L << 20;

  private final NodeId node;
  private final long id;
  private final TopicFilter topic;
  private final boolean unlimited;
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Target(NodeId node, long id, TopicFilter topic) {
    this.node = node;
    this.id = id;
    this.topic = topic;
    unlimited =
        SubscriptionId.policy(id).filter(OverflowPolicy.DROP_OLDEST::equals).isPresent();
  }

  NodeId node() {
    return node;
  }

  /** Returns what its node calls it. */
  long id() {
    return id;
  }

  /** Returns what it subscribes to. */
  TopicFilter topic() {
    return topic;
  }

  /** Tells whether it has to be told on which topic a message is. */
  boolean isPattern() {
    return topic instanceof TopicPattern;
  }

  /** Takes credit for a message; false if there is none. */
  boolean take(int messageBytes) {
    boolean room = messages.incrementAndGet() <= MESSAGES;
    room &= bytes.addAndGet(messageBytes) <= BYTES;
    if (!room && !unlimited) {
      give(messageBytes);
      return false;
    }
    return true;
  }

  /** Gives back what {@link #take} took: the message has an outcome. */
  void give(int messageBytes) {
    messages.decrementAndGet();
    bytes.addAndGet(-messageBytes);
  }
}
