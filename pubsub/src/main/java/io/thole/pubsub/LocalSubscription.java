package io.thole.pubsub;

import io.thole.api.ClusterException;
import io.thole.api.NodeId;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.OverflowPolicy;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.spi.SerialWorker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A handler's place on a topic or a pattern, and what waits for it. Any thread. */
final class LocalSubscription implements Subscription {
  /** How many messages may wait: as many as the credit of one node. */
  private static final int MESSAGES = Target.MESSAGES;

  private static final long BYTES = Target.BYTES;

  private static final long NEVER = Long.MIN_VALUE;

  /** For how long messages may wait where others wait for them in turn, before a subscriber is called slow. */
  static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

  /** How often a subscriber may be called slow. */
  private static final long SLOW_NANOS = Duration.ofSeconds(10).toNanos();

  /** How many handler calls make one task of the worker. */
  private static final int RUN = 64;

  private final Target target;
  private final Backlog backlog;
  private final boolean drops;
  private final @Nullable Label bytes; // on the one topic, if it is one
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

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(); // all of these under the lock
  private long waitingBytes;
  private int waitingMessages;
  private long arrived; // how many messages, ever
  private boolean watched; // whether somebody looks how long they wait
  private long markedArrived; // how many had arrived when all that waits now had not
  private long markedNanos = NEVER;
  private int grantedMessages; // to streams, beyond what each has from its beginning
  private long grantedBytes;
  private volatile boolean scheduled; // written under the lock
  private volatile @Nullable Outcome ending; // written under the lock

  /** Is told what a handler does. */
  interface Watch {
    /** It returned. */
    void delivered(LocalSubscription subscription, Delivery delivery);

    /** It threw; whose message that was is told. */
    void failed(LocalSubscription subscription, Throwable thrown);

    /** Messages wait for it: {@link #look} at it, until none does. */
    void waiting(LocalSubscription subscription);

    /** It does not keep up. */
    void slow(LocalSubscription subscription, int backlog);

    /** Its owner closes it. */
    void closing(LocalSubscription subscription);
  }

  LocalSubscription(
      Target target,
      Backlog backlog,
      MessageHandler handler,
      OwnedPubSub owner,
      SerialWorker worker,
      ReceiveBudget budget,
      Watch watch) {
    this.target = target;
    this.backlog = backlog;
    this.drops = backlog.policy() != OverflowPolicy.WAIT;
    this.bytes = target.topic() instanceof Topic topic ? Label.bytes(topic) : null;
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
  public TopicFilter topic() {
    return target.topic();
  }

  /**
   * Returns the label of a message for this.
   *
   * @param said what came with it, or null where that goes without saying
   * @return null if it cannot be for this
   */
  @Nullable
  Label label(@Nullable Label said) {
    if (said == null) {
      return bytes;
    }
    return topic().matches(said.topic()) ? said : null;
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
    return owner.name().equals(someone.name()) && TypedReader.isSame(handler, someHandler);
  }

  /**
   * Returns this, for who subscribes again.
   *
   * @throws ClusterException if that is with another backlog
   */
  LocalSubscription with(Backlog again) {
    if (!again.equals(backlog)) {
      throw new ClusterException(this + " is subscribed to topic " + topic() + " with " + backlog
          + "; close that subscription before it takes " + again);
    }
    return this;
  }

  /** Returns what becomes of what it does not keep up with, and how much may wait. */
  String backlogText() {
    String text = SubscriptionId.backlog(target.id());
    return drops ? text + "(" + backlog.messages() + ")" : text;
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

  /** Takes messages, or ends them at once. */
  void accept(Waiting delivery) {
    if (take(delivery)) {
      begin();
    }
  }

  /**
   * Takes messages, or ends them at once; the handler does not begin with them.
   *
   * @return whether {@link #begin} has to be called, after more of them perhaps: to wake a worker costs more than many messages
   */
  boolean take(Waiting delivery) {
    if (drops) {
      drop(delivery);
      return !scheduled;
    }
    Outcome refusal = put(delivery);
    if (refusal != null) {
      delivery.end(refusal);
    }
    return refusal == null && !scheduled;
  }

  /** Grants a stream more credit, if what waits here at worst has room for it: then nothing of it overflows. */
  boolean grant(Credit before, Credit after) {
    int messages = after.messages() - before.messages();
    int bytes = after.bytes() - before.bytes();
    lock.lock();
    try {
      boolean room = ending == null
          && !drops // its publishers need none
          && grantedMessages + messages
              <= MESSAGES / 2 // the other half for beginnings, and for what is no stream
          && grantedBytes + bytes <= BYTES / 2
          && budget.grant(bytes);
      if (room) {
        grantedMessages += messages;
        grantedBytes += bytes;
      }
      return room;
    } finally {
      lock.unlock();
    }
  }

  /** A stream has ended here, and with it its credit. */
  void revoke(Credit credit) {
    int bytes = credit.bytes() - Credit.FIRST.bytes();
    lock.lock();
    try {
      grantedMessages -= credit.messages() - Credit.FIRST.messages();
      grantedBytes -= bytes;
    } finally {
      lock.unlock();
    }
    budget.revoke(bytes);
  }

  /** Has the handler begin with what waits. */
  void begin() {
    boolean begins;
    lock.lock();
    try {
      begins = !scheduled && !waiting.isEmpty();
      scheduled |= begins;
    } finally {
      lock.unlock();
    }
    if (begins) { // not under the lock, which whoever is woken needs at once
      schedule();
    }
  }

  private @Nullable Outcome put(Waiting delivery) {
    int before;
    boolean room;
    boolean begins;
    lock.lock();
    try {
      if (ending != null) {
        return Outcome.UNSUBSCRIBED;
      }
      before = waitingMessages;
      room = tryAdd(delivery);
      begins = scheduled && !watched;
      watched |= begins;
    } finally {
      lock.unlock();
    }
    if (begins) {
      watch.waiting(this);
    }
    if (!room || before + delivery.messages() == MESSAGES) {
      watch.slow(this, before);
    }
    return room ? null : Outcome.OVERFLOW;
  }

  /** Takes messages and drops what is then too much. */
  private void drop(Waiting delivery) {
    List<Waiting> dropped = new ArrayList<>();
    Outcome outcome;
    int before;
    lock.lock();
    try {
      outcome = ending == null ? Outcome.OVERFLOW : Outcome.UNSUBSCRIBED;
      before = waitingMessages;
      if (ending != null) {
        dropped.add(delivery);
      } else if (backlog.policy() == OverflowPolicy.DROP_OLDEST) {
        putDroppingOldest(delivery, dropped);
      } else {
        putDroppingNewest(delivery, dropped);
      }
    } finally {
      lock.unlock();
    }
    if (outcome == Outcome.OVERFLOW && !dropped.isEmpty()) {
      watch.slow(this, before);
    }
    dropped.forEach(each -> each.end(outcome));
  }

  private void putDroppingNewest(Waiting delivery, List<Waiting> dropped) {
    int room = backlog.messages() - waitingMessages;
    Waiting late = room > 0 && room < delivery.messages() ? delivery.after(room) : null;
    if (!tryAdd(delivery)) {
      dropped.add(delivery);
    }
    if (late != null) {
      dropped.add(late);
    }
  }

  private void putDroppingOldest(Waiting delivery, List<Waiting> dropped) {
    int most = backlog.messages();
    Waiting early = delivery.messages() > most ? delivery.first(delivery.messages() - most) : null;
    boolean put = tryAdd(delivery);
    while (!put && !waiting.isEmpty()) {
      dropped.add(dropOldest(waitingMessages + delivery.messages() - most));
      put = tryAdd(delivery);
    }
    if (early != null) {
      dropped.add(early);
    }
    if (!put) {
      dropped.add(delivery); // others hold the memory
    }
  }

  /** Takes out so many of what came together first; or all of it, since its memory is free only then. */
  private Waiting dropOldest(int messages) {
    Waiting oldest = waiting.element();
    if (messages > 0 && messages < oldest.messages()) {
      waitingMessages -= messages;
      return oldest.first(messages);
    }
    remove(oldest);
    budget.give(oldest.bytes());
    return oldest;
  }

  private boolean tryAdd(Waiting delivery) {
    boolean room = waitingMessages + delivery.messages() <= backlog.messages()
        && waitingBytes + delivery.bytes() <= BYTES
        && budget.take(delivery.bytes(), waitingBytes);
    if (room) {
      waiting.add(delivery);
      waitingBytes += delivery.bytes();
      waitingMessages += delivery.messages();
      arrived += delivery.messages();
    }
    return room;
  }

  private void remove(Waiting oldest) {
    waiting.remove();
    waitingBytes -= oldest.bytes();
    waitingMessages -= oldest.messages();
  }

  /**
   * Looks whether messages wait too long. Where publishers wait too, nothing else tells that it does not keep up.
   *
   * @return whether any wait, and it is to be looked at again
   */
  boolean look(long nowNanos) {
    boolean slow = false;
    int backlog;
    lock.lock();
    try {
      backlog = waitingMessages;
      if (backlog == 0) {
        watched = false;
        markedNanos = NEVER;
      } else if (markedNanos == NEVER || arrived - backlog >= markedArrived) {
        markedArrived = arrived;
        markedNanos = nowNanos;
      } else {
        slow = nowNanos - markedNanos >= PATIENCE_NANOS;
      }
    } finally {
      lock.unlock();
    }
    if (slow) {
      watch.slow(this, backlog);
    }
    return backlog > 0;
  }

  /** The worker closes with the part, after this is closed: it takes what it is offered. */
  private void schedule() {
    if (!worker.offer(this::run)) {
      lock.lock();
      try {
        scheduled = false;
      } finally {
        lock.unlock();
      }
    }
  }

  private void run() {
    int calls = 0;
    while (calls < RUN) {
      Waiting next = next();
      if (next == null) {
        return;
      }
      next.handle(handler, this);
      budget.give(next.bytes());
      calls += next.messages();
    }
    lock.lock();
    try {
      scheduled = false;
    } finally {
      lock.unlock();
    }
    begin();
  }

  private @Nullable Waiting next() {
    lock.lock();
    try {
      Waiting next = waiting.peek();
      if (next == null) {
        scheduled = false;
      } else if (drops && next.messages() > 1) { // what waits can be dropped to the last message
        next = next.first(1);
        waitingMessages--;
      } else {
        remove(next);
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** A handler has returned. */
  void delivered(Delivery delivery) {
    watch.delivered(this, delivery);
  }

  /** A handler has thrown. */
  void failed(Throwable thrown) {
    watch.failed(this, thrown);
  }

  /** Tells whether handlers may be called. */
  boolean isOpen() {
    return ending == null;
  }

  /** Returns what becomes of what the handler does not see any more. */
  Outcome ending() {
    Outcome known = ending;
    return known == null ? Outcome.UNSUBSCRIBED : known;
  }

  /** Tells whether nothing waits beside what the handler is at. */
  boolean isAlmostIdle() {
    lock.lock();
    try {
      return waiting.isEmpty();
    } finally {
      lock.unlock();
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
    List<Waiting> dropped;
    lock.lock();
    try {
      ending = outcome;
      dropped = List.copyOf(waiting);
      waiting.clear();
      waitingBytes = 0;
      waitingMessages = 0;
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
    return TypedReader.application(handler).getClass().getName().replaceFirst("\\$\\$Lambda.*", "")
        + " of " + owner.name();
  }
}
