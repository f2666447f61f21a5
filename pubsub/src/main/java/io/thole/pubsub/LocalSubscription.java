package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.spi.SerialWorker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A handler's place on a topic, and what waits for it. Any thread. */
final class LocalSubscription implements Subscription {
  /** How many messages may wait: as many as the credit of one node. */
  private static final int MESSAGES = Target.MESSAGES;

  private static final long BYTES = Target.BYTES;

  private static final long NEVER = Long.MIN_VALUE;

  /** How often a subscriber may be called slow. */
  private static final long SLOW_NANOS = Duration.ofSeconds(10).toNanos();

  /** How many handler calls make one task of the worker. */
  private static final int RUN = 64;

  private final Target target;
  private final MessageHandler handler;
  private final OwnedPubSub owner;
  private final SerialWorker worker;
  private final ReceiveBudget budget;
  private final Watch watch;
  private final CompletableFuture<List<NodeId>> spread = new CompletableFuture<>();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final AtomicLong calledSlowNanos = new AtomicLong(NEVER);

  /** For the moment in which a message is put in or taken out; never while a handler runs. */
  private final ReentrantLock lock = new ReentrantLock();

  private final ArrayDeque<Delivery> waiting = new ArrayDeque<>(); // all of these under the lock
  private long waitingBytes;
  private boolean scheduled;
  private boolean closed;

  /** Is told what a handler does. */
  interface Watch {
    /** It returned. */
    void delivered(LocalSubscription subscription, Delivery delivery);

    /** It threw. */
    void rejected(LocalSubscription subscription, Delivery delivery, Throwable thrown);

    /** It does not keep up. */
    void slow(LocalSubscription subscription, int backlog);

    /** Its owner closes it. */
    void closing(LocalSubscription subscription);
  }

  LocalSubscription(
      Target target,
      MessageHandler handler,
      OwnedPubSub owner,
      SerialWorker worker,
      ReceiveBudget budget,
      Watch watch) {
    this.target = target;
    this.handler = handler;
    this.owner = owner;
    this.worker = worker;
    this.budget = budget;
    this.watch = watch;
  }

  Target target() {
    return target;
  }

  @Override
  public Topic topic() {
    return target.topic();
  }

  @Override
  public CompletionStage<List<NodeId>> spread() {
    return spread.minimalCompletionStage();
  }

  CompletableFuture<List<NodeId>> spreading() {
    return spread;
  }

  /** Tells whether this is the place of a handler on behalf of an owner, by name: a program may ask twice for its topics. */
  boolean isOf(OwnedPubSub someone, MessageHandler someHandler) {
    return owner.name().equals(someone.name()) && handler == someHandler;
  }

  OwnedPubSub owner() {
    return owner;
  }

  @Override
  public void close() {
    watch.closing(this);
  }

  /** Tells whether this is the first time that the handler threw. */
  boolean isFirstFailure() {
    return failed.compareAndSet(false, true);
  }

  /** Tells whether it is time to say that it is slow. */
  boolean isSlowAgain(long nowNanos) {
    long calledNanos = calledSlowNanos.get();
    return (calledNanos == NEVER || nowNanos - calledNanos >= SLOW_NANOS)
        && calledSlowNanos.compareAndSet(calledNanos, nowNanos);
  }

  /** Takes a message, or ends it at once. */
  void accept(Delivery delivery) {
    Outcome refusal = put(delivery);
    if (refusal != null) {
      delivery.end(refusal);
    }
  }

  private @Nullable Outcome put(Delivery delivery) {
    int backlog;
    boolean room;
    lock.lock();
    try {
      if (closed) {
        return Outcome.UNSUBSCRIBED;
      }
      backlog = waiting.size();
      room = backlog < MESSAGES
          && waitingBytes + delivery.bytes() <= BYTES
          && budget.take(delivery.bytes(), waitingBytes);
      if (room) {
        waiting.add(delivery);
        waitingBytes += delivery.bytes();
        schedule();
      }
    } finally {
      lock.unlock();
    }
    if (!room || backlog + 1 == MESSAGES) {
      watch.slow(this, backlog);
    }
    return room ? null : Outcome.OVERFLOW;
  }

  /** The worker closes with the part, after this is closed: it takes what it is offered. */
  private void schedule() {
    if (!scheduled) {
      scheduled = worker.offer(this::run);
    }
  }

  private void run() {
    for (int calls = 0; calls < RUN; calls++) {
      Delivery next = next();
      if (next == null) {
        return;
      }
      call(next);
    }
    lock.lock();
    try {
      scheduled = false;
      schedule();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Delivery next() {
    lock.lock();
    try {
      Delivery next = waiting.poll();
      if (next == null) {
        scheduled = false;
      } else {
        waitingBytes -= next.bytes();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void call(Delivery delivery) {
    try {
      handler.onMessage(delivery);
      watch.delivered(this, delivery);
    } catch (Throwable thrown) { // a handler may throw anything, and must harm nobody
      watch.rejected(this, delivery, thrown);
    } finally {
      budget.give(delivery.bytes());
    }
  }

  /** Tells whether nothing waits and no handler runs. */
  boolean isIdle() {
    lock.lock();
    try {
      return waiting.isEmpty() && !scheduled;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends it: no call of the handler begins any more.
   *
   * @param outcome what becomes of what waits
   */
  void end(Outcome outcome) {
    List<Delivery> dropped;
    lock.lock();
    try {
      closed = true;
      dropped = List.copyOf(waiting);
      waiting.clear();
      waitingBytes = 0;
    } finally {
      lock.unlock();
    }
    dropped.forEach(delivery -> {
      budget.give(delivery.bytes());
      delivery.end(outcome);
    });
  }

  /** Waits for a running call, for at most 2 s; called from inside it, returns at once. */
  void await() {
    worker.close();
  }

  /** Returns the handler and its owner, for people. */
  @Override
  public String toString() {
    return handler.getClass().getName().replaceFirst("\\$\\$Lambda.*", "") + " of " + owner.name();
  }
}
