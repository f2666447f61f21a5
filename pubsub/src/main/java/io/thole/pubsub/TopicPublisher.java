package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.Publisher;
import io.thole.api.pubsub.PublisherReport;
import io.thole.api.pubsub.Topic;
import io.thole.spi.Channel.Sending;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Publishes on one topic in a stream. Whoever publishes puts the item into the links, under the lock under which what comes back of it is
 * counted; it is not held while anyone waits. An item that has a number and waits for a link holds up the others. Any thread.
 */
final class TopicPublisher implements Publisher {
  /** How long to wait before looking again whether a link has room: it tells nobody. */
  private static final long LOOK_NANOS = 200_000;

  /** How many ranges of items may have ended out of turn at all sinks: 100 KiB. More are heard when it is their turn. */
  static final int EARLY = 1_024;

  private static final long NEVER = -1;

  /** No number of a message. */
  private static final long NONE = 0;

  private final long number;
  private final Label label;
  private final Topic topic;
  private final OwnedPubSub owner;
  private final Exchange exchange;
  private final Book book;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Item item = new Item(); // these under the lock
  private boolean held; // the item, by a link without room
  private long followed = NEVER; // as of how many changes of routes
  private List<Target> route = List.of();
  private List<Outflow> flows = List.of();
  private final List<Sink> leaving = new ArrayList<>();
  private final Map<Long, Target> stalled = new LinkedHashMap<>();
  private final ArrayDeque<Mark> marks = new ArrayDeque<>();
  private final ArrayDeque<PublisherReport.Missed> exceptions = new ArrayDeque<>();
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final List<Waiter> waiters = new ArrayList<>();
  private long refused;
  private long published;
  private long targets;
  private long ended;
  private boolean closed;
  private boolean folded;
  private volatile boolean open; // written under the lock; read where other publishers hold theirs
  private boolean lacking; // since when nobody could publish without waiting
  private long lackingNanos;

  /** What was published at a time. */
  private record Mark(long nanos, long number) {}

  /** Who waits for the outcomes of all up to a number. */
  private record Waiter(long number, CompletableFuture<PublisherReport> told) {}

  /** The item that is being published. */
  private static final class Item implements Encodable {
    private byte[] payload = {};

    @Override
    public int encodedBytes() {
      return PeerMessage.Streamed.ITEM_BYTES + payload.length;
    }

    @Override
    public void encode(ByteBuffer target) {
      target.putInt(payload.length).put(payload);
    }
  }

  TopicPublisher(long number, Label label, OwnedPubSub owner, Exchange exchange, Book book) {
    this.number = number;
    this.label = label;
    this.topic = label.topic();
    this.owner = owner;
    this.exchange = exchange;
    this.book = book;
  }

  @Override
  public Topic topic() {
    return topic;
  }

  /** Returns its number, unlike that of any other of this node. */
  long number() {
    return number;
  }

  OwnedPubSub owner() {
    return owner;
  }

  @Override
  public long publish(byte[] payload) {
    return publish(payload, true);
  }

  @Override
  public OptionalLong tryPublish(byte[] payload) {
    long number = publish(payload, false);
    return number == NONE ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private long publish(byte[] payload, boolean waits) {
    boolean counts = true;
    lock.lock();
    try {
      return publishLocked(payload, waits);
    } catch (PublishRefusedException e) {
      counts = !folded;
      refused += counts ? 1 : 0;
      throw e;
    } finally {
      lock.unlock();
      if (!counts) {
        book.refused(); // what this had counted is the book's already
      }
    }
  }

  private long publishLocked(byte[] payload, boolean waits) {
    checkOpen(payload);
    follow();
    if (held || !stalled.isEmpty() || withoutCredit(payload.length) != null) {
      if (waits) {
        awaitCredit(payload.length);
        checkOpen(payload);
      } else if (held || !findCredit(payload.length)) {
        return NONE;
      }
    }
    lacking = false;
    long number = ++published;
    targets += stalled.size();
    if (!stalled.isEmpty()) {
      stalled
          .values()
          .forEach(
              target -> end(target.node(), new PeerMessage.Gap(number, number, Outcome.OVERFLOW)));
    }
    item.payload = payload;
    List<Outflow> all = flows;
    for (int i = 0; i < all.size(); i++) {
      targets += all.get(i).sinks().size();
    }
    for (int i = 0; i < all.size(); i++) {
      send(all.get(i), number, waits);
    }
    if (flows.isEmpty()) {
      tellWaiters();
    }
    noteOpen();
    exchange.wake();
    return number;
  }

  private void checkOpen(byte[] payload) {
    if (closed || !exchange.takes(payload.length)) {
      Optional<PublishRefusedException> refusal = refusal(payload);
      if (refusal.isPresent()) {
        throw refusal.get();
      }
    }
  }

  private Optional<PublishRefusedException> refusal(byte[] payload) {
    return closed
        ? Optional.of(new PublishRefusedException(
            Reason.CLOSING, "this publisher was closed; topic " + topic))
        : exchange.refusal(topic, payload);
  }

  // Whom it is for.

  private void follow() {
    long changes = exchange.routeChanges();
    if (changes == followed) {
      return;
    }
    followed = changes; // of what is read after it
    List<Target> now = exchange.targets(topic);
    if (now != route) {
      stalled.keySet().removeIf(id -> now.stream().noneMatch(target -> target.id() == id));
      route = now;
      redirect();
    }
  }

  /** Has the streams go where they should: to all that are subscribed, except those that are stalled. */
  private void redirect() {
    Map<NodeId, List<List<Long>>> wanted = new LinkedHashMap<>();
    for (Target target : route) {
      if (!stalled.containsKey(target.id())) {
        List<List<Long>> parts = wanted.computeIfAbsent(target.node(), node -> new ArrayList<>());
        if (parts.isEmpty() || parts.get(parts.size() - 1).size() == PeerMessage.TARGETS) {
          parts.add(new ArrayList<>());
        }
        parts.get(parts.size() - 1).add(target.id());
      }
    }
    List<Outflow> next = new ArrayList<>();
    for (Outflow flow : flows) {
      List<List<Long>> parts = wanted.getOrDefault(flow.node(), List.of());
      if (parts.isEmpty()) {
        leaving.addAll(leave(flow.target(List.of(), published)));
        exchange.endStream(flow);
      } else {
        leaving.addAll(leave(flow.target(parts.remove(0), published)));
        next.add(flow);
      }
    }
    wanted.forEach((node, parts) -> parts.forEach(part -> {
      Outflow flow = new Outflow(node, exchange.nextStream());
      flow.target(part, published);
      next.add(flow);
    }));
    flows = List.copyOf(next);
  }

  private List<Sink> leave(List<Sink> gone) {
    gone.forEach(sink -> sink.leave(published));
    return gone.stream().filter(sink -> !sink.isOver()).toList();
  }

  // Waiting for room.

  private void awaitCredit(int bytes) {
    recover(bytes);
    long deadlineNanos =
        System.nanoTime() + exchange.timeoutNanos(); // in a simulation the node's stands still
    Sink slow = withoutCredit(bytes);
    while (!closed && (held || slow != null)) {
      long leftNanos = deadlineNanos - System.nanoTime();
      if (leftNanos <= 0 && slow != null) {
        stall(slow);
      } else if (!await(Math.max(leftNanos, LOOK_NANOS))) {
        throw new PublishRefusedException(
            Reason.BUSY, "interrupted while waiting for room; topic " + topic);
      }
      follow();
      slow = withoutCredit(bytes);
    }
  }

  /** Looks for credit without waiting; whoever had none for a whole delivery timeout, at each look, is passed over. */
  private boolean findCredit(int bytes) {
    recover(bytes);
    Sink slow = withoutCredit(bytes);
    if (slow != null && !lacking) {
      lackingNanos = exchange.nowNanos();
    }
    lacking = slow != null;
    if (slow == null || exchange.nowNanos() - lackingNanos < exchange.timeoutNanos()) {
      return slow == null;
    }
    for (; slow != null; slow = withoutCredit(bytes)) {
      stall(slow);
    }
    return true;
  }

  private @Nullable Sink withoutCredit(int bytes) {
    for (int i = 0; i < flows.size(); i++) {
      List<Sink> sinks = flows.get(i).sinks();
      for (int j = 0; j < sinks.size(); j++) {
        if (!sinks.get(j).hasRoom(published, bytes)) {
          return sinks.get(j);
        }
      }
    }
    return null;
  }

  private void stall(Sink slow) {
    passOver(List.of(slow));
    redirect();
  }

  private void passOver(List<Sink> slow) {
    slow.forEach(sink -> route.stream()
        .filter(target -> target.id() == sink.subscription() && target.node().equals(sink.node()))
        .forEach(target -> stalled.put(target.id(), target)));
  }

  /**
   * Those that were passed over and have handled what they had are streamed to again: not sooner, or where a link is full there would
   * be another stream for every few messages.
   */
  private void recover(int bytes) {
    if (!stalled.isEmpty()
        && stalled
            .keySet()
            .removeIf(id -> leaving.stream()
                .noneMatch(sink -> sink.subscription() == id
                    && (sink.drops() || !sink.hasRoom(published, bytes))))) {
      redirect();
    }
  }

  /** Waits for something to change, and whoever calls it looks again; false if the thread was interrupted. */
  @SuppressWarnings("WaitNotInLoop")
  private boolean await(long nanos) {
    try {
      long ignored = room.awaitNanos(nanos);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // Sending.

  private void send(Outflow flow, long number, boolean waits) {
    List<Sink> sinks = flow.sinks();
    Sending sending = exchange.self().equals(flow.node())
        ? exchange.stream(flow, label, number, item)
        : waits && flow.isPatient() ? sendAway(flow, number) : trySend(flow, number);
    if (sending == Sending.SENT) {
      for (int i = 0; i < sinks.size(); i++) {
        sinks.get(i).sent(item.payload.length);
      }
      return;
    }
    Outcome outcome = sending == Sending.NO_CREDIT ? Outcome.OVERFLOW : Outcome.NODE_LOST;
    if (outcome == Outcome.OVERFLOW) {
      passOver(sinks.stream().filter(Sink::drops).toList());
    }
    for (Sink sink : sinks) {
      end(
          sink,
          new PeerMessage.Gap(number, number, outcome)); // unless it has ended while this waited
      sink.leave(number - 1);
      if (!sink.isOver()) {
        leaving.add(sink);
      }
    }
    exchange.endStream(flow);
    flows = flows.stream().filter(other -> other != flow).toList();
    route = List.of(); // looked at again for the next item
    followed = NEVER;
  }

  private Sending sendAway(Outflow flow, long number) {
    Sending sending = flows.contains(flow) ? trySend(flow, number) : Sending.NO_SESSION;
    return sending == Sending.NO_CREDIT ? awaitLink(flow, number) : sending;
  }

  /** A link that is full tells nobody when it is not, so this looks again, until the time that an outcome may take. */
  private Sending awaitLink(Outflow flow, long number) {
    long deadlineNanos = System.nanoTime() + exchange.timeoutNanos();
    Sending sending = Sending.NO_CREDIT;
    held = true;
    while (sending == Sending.NO_CREDIT
        && System.nanoTime() - deadlineNanos < 0
        && !closed
        && await(LOOK_NANOS)) {
      // Its node may be lost while this waits, and be back as if it had never heard of it.
      sending = flows.contains(flow) ? trySend(flow, number) : Sending.NO_SESSION;
    }
    held = false;
    room.signalAll();
    return sending;
  }

  private Sending trySend(Outflow flow, long number) {
    if (!flow.isAnnounced()) {
      Sending sending = exchange.announce(
          flow.node(), new PeerMessage.Streaming(flow.stream(), number, label, flow.targets()));
      if (sending != Sending.SENT) {
        return sending;
      }
      flow.announced();
    }
    return exchange.append(flow, item);
  }

  // What becomes of it.

  /** A node says how far a subscription is; it may speak for its own alone. */
  void progressed(NodeId node, PeerMessage.Progressed progress) {
    lock.lock();
    try {
      for (Outflow flow : flows) {
        flow.sinks().forEach(sink -> progressed(node, sink, progress));
      }
      leaving.forEach(sink -> progressed(node, sink, progress));
      leaving.removeIf(Sink::isOver);
      room.signalAll();
      tellWaiters();
    } finally {
      lock.unlock();
    }
  }

  private void progressed(NodeId node, Sink sink, PeerMessage.Progressed progress) {
    if (!sink.is(node, progress.stream(), progress.subscription())
        || !sink.covers(progress.ended(), published)) {
      return;
    }
    long open = sink.open(progress.ended());
    sink.progress(progress.ended(), progress.bytes(), progress.credit());
    for (PeerMessage.Gap gap : progress.gaps()) {
      open -= end(sink, gap);
    }
    if (open > 0) {
      count(Outcome.DELIVERED, open);
    }
    sink.end(progress.ended());
  }

  /**
   * A node says of items that they have an outcome although others before them have none yet. What it says is taken as far as there is
   * room for what is known out of turn; the rest is heard when it is its turn.
   */
  void dropped(NodeId node, PeerMessage.Dropped dropped) {
    lock.lock();
    try {
      for (Outflow flow : flows) {
        flow.sinks().forEach(sink -> dropped(node, sink, dropped));
      }
      leaving.forEach(sink -> dropped(node, sink, dropped));
      leaving.removeIf(Sink::isOver);
      tellWaiters();
    } finally {
      lock.unlock();
    }
  }

  private void dropped(NodeId node, Sink sink, PeerMessage.Dropped dropped) {
    if (!sink.is(node, dropped.stream(), dropped.subscription())) {
      return;
    }
    int left = Math.max(0, EARLY - early());
    for (PeerMessage.Gap gap :
        dropped.gaps().subList(0, Math.min(left, dropped.gaps().size()))) {
      if (sink.covers(gap.first(), published) && sink.covers(gap.last(), published)) {
        for (PeerMessage.Gap part : sink.open(gap)) {
          end(node, part);
          sink.end(part.first(), part.last());
        }
      }
    }
  }

  private int early() {
    int early = 0;
    for (Outflow flow : flows) {
      for (Sink sink : flow.sinks()) {
        early += sink.early();
      }
    }
    for (Sink sink : leaving) {
      early += sink.early();
    }
    return early;
  }

  /** A session with a node has ended: what was on its way there may or may not have been handled. */
  void lost(NodeId node) {
    lock.lock();
    try {
      endAll(node, Long.MAX_VALUE, Outcome.NODE_LOST);
      for (Outflow flow : flows) {
        if (flow.node().equals(node)) {
          leave(flow.sinks());
        }
      }
      flows = flows.stream().filter(flow -> !flow.node().equals(node)).toList();
      route = List.of();
      followed = NEVER;
      leaving.removeIf(Sink::isOver);
      room.signalAll();
      tellWaiters();
    } finally {
      lock.unlock();
    }
  }

  /** Ends what is late: what was published before so much time. */
  void expire(long nowNanos, long timeoutNanos) {
    lock.lock();
    try {
      Mark due = null;
      while (!marks.isEmpty() && nowNanos - marks.peek().nanos() >= timeoutNanos) {
        due = marks.remove();
      }
      if (due != null) {
        endAll(null, due.number(), Outcome.TIMEOUT);
        leaving.removeIf(Sink::isOver);
        tellWaiters();
      }
      Mark last = marks.peekLast();
      if (isOpen() && (last == null || last.number() != published)) {
        marks.add(new Mark(nowNanos, published));
      }
    } finally {
      lock.unlock();
    }
  }

  private void endAll(@Nullable NodeId node, long upTo, Outcome outcome) {
    for (Outflow flow : flows) {
      flow.sinks().forEach(sink -> endAll(node, sink, upTo, outcome));
    }
    leaving.forEach(sink -> endAll(node, sink, upTo, outcome));
  }

  private void endAll(@Nullable NodeId node, Sink sink, long upTo, Outcome outcome) {
    if (node == null || node.equals(sink.node())) {
      long last = Math.min(upTo, sink.latest(published));
      end(sink, new PeerMessage.Gap(sink.ended() + 1, last, outcome));
      sink.end(last);
    }
  }

  private long end(Sink sink, PeerMessage.Gap gap) {
    long count = 0;
    for (PeerMessage.Gap part : sink.open(gap)) {
      end(sink.node(), part);
      count += part.last() - part.first() + 1;
    }
    return count;
  }

  private void end(NodeId node, PeerMessage.Gap gap) {
    count(gap.outcome(), gap.last() - gap.first() + 1);
    PublisherReport.Missed before = exceptions.peekLast();
    boolean follows = before != null
        && before.last() + 1 == gap.first()
        && before.outcome() == gap.outcome()
        && before.reason().equals(gap.reason())
        && before.node().equals(node);
    if (follows) {
      exceptions.removeLast();
    }
    long first = follows ? before.first() : gap.first();
    exceptions.add(
        new PublisherReport.Missed(first, gap.last(), node, gap.outcome(), gap.reason()));
    if (exceptions.size() > PublisherReport.EXCEPTIONS) {
      exceptions.remove();
    }
  }

  private void count(Outcome outcome, long count) {
    outcomes.merge(outcome, count, Long::sum);
    ended += count;
    noteOpen();
  }

  private void noteOpen() {
    boolean now = ended < targets;
    if (open != now) {
      open = now;
    }
  }

  // What is known.

  @Override
  public PublisherReport report() {
    lock.lock();
    try {
      return new PublisherReport(
          published, settledTo(), targets, outcomes, new ArrayList<>(exceptions));
    } finally {
      lock.unlock();
    }
  }

  private long settledTo() {
    long settled = published;
    for (Outflow flow : flows) {
      for (Sink sink : flow.sinks()) {
        settled = sink.isSettled(published) ? settled : Math.min(settled, sink.ended());
      }
    }
    for (Sink sink : leaving) {
      settled = sink.isSettled(published) ? settled : Math.min(settled, sink.ended());
    }
    return settled;
  }

  @Override
  public CompletionStage<PublisherReport> settled() {
    CompletableFuture<PublisherReport> told = new CompletableFuture<>();
    lock.lock();
    try {
      waiters.add(new Waiter(published, told));
      tellWaiters();
    } finally {
      lock.unlock();
    }
    return told.minimalCompletionStage();
  }

  private void tellWaiters() {
    if (waiters.isEmpty()) {
      return;
    }
    long settled = settledTo();
    waiters.removeIf(waiter -> {
      boolean due = waiter.number() <= settled;
      if (due) {
        exchange.call(() -> waiter.told().complete(report()));
      }
      return due;
    });
  }

  /** Tells whether outcomes are awaited. */
  boolean isOpen() {
    return open;
  }

  /** Adds what it has counted to the account of its topic, of which it is a part. */
  void addTo(Book.Sums sums) {
    lock.lock();
    try {
      sums.add(published, refused, targets, outcomes);
    } finally {
      lock.unlock();
    }
  }

  // The end.

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
    exchange.closing(this);
  }

  /** The account of the topic takes over what this has counted. */
  void fold() {
    book.fold(this);
  }

  /** Publish/subscribe stops: whatever is open ends. */
  void end() {
    lock.lock();
    try {
      closed = true;
      endAll(null, Long.MAX_VALUE, Outcome.CLOSING);
      leaving.clear();
      flows = List.of();
      room.signalAll();
      tellWaiters();
    } finally {
      lock.unlock();
    }
  }

  /** Tells, once, that nothing more will be counted. */
  boolean isOver() {
    lock.lock();
    try {
      if (!closed || ended < targets || folded) {
        return false;
      }
      folded = true;
      flows.forEach(exchange::endStream);
      flows = List.of();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "publisher on " + topic + " of " + owner.name() + " " + Arrays.asList(published, ended);
  }
}
