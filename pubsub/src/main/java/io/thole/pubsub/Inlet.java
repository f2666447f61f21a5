package io.thole.pubsub;

import io.thole.api.pubsub.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream ends: one subscription, how far it is with the items, and which of them were not delivered. What it says is
 * cumulative, so an item that ended out of turn, since there was no room for it, waits for those before. Any thread.
 */
final class Inlet {
  /** What one takes, without gaps: the object, its lock, and where gaps are when there are any. */
  static final int BYTES = 320;

  /** What a gap takes, beside its reason: the object and its entry among those ahead. */
  private static final int GAP_BYTES = 96;

  /** How many gaps may wait for a publisher that is not told of any. */
  static final int GAPS = 1 << 16;

  /** How many gaps that wait may have a reason: their text is what costs. */
  static final int REASONS = 1_024;

  private final int stream;
  private final long subscription;
  private final @Nullable LocalSubscription place;
  private final Outlet outlet;
  private final AtomicBoolean owes = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Long, PeerMessage.Gap> ahead = new TreeMap<>(); // these under the lock
  private final ArrayDeque<PeerMessage.Gap> gaps = new ArrayDeque<>(1);
  private List<PeerMessage.Gap> news = List.of(); // of what is ahead, what was not said
  private @Nullable Run running;
  private boolean
      silent; // the publisher took no progress for too long, or there was no room for what to say
  private long ended;
  private long endedBytes;
  private long told;
  private long toldBytes;
  private long grown; // up to which number the credit before was used
  private long grownBytes;
  private Credit credit = Credit.FIRST;
  private boolean over;
  private long last = Long.MAX_VALUE;
  private boolean released;

  /**
   * Makes one.
   *
   * @param stream the stream
   * @param subscription whose
   * @param place it, unless it is gone
   * @param before the number before the first item
   * @param outlet where to say how far it is; {@link #BYTES} were taken from it, and go back when all is over and said
   */
  Inlet(
      int stream,
      long subscription,
      @Nullable LocalSubscription place,
      long before,
      Outlet outlet) {
    this.stream = stream;
    this.subscription = subscription;
    this.place = place;
    this.outlet = outlet;
    ended = before;
    told = before;
    grown = before;
  }

  long subscription() {
    return subscription;
  }

  /**
   * Hands items on.
   *
   * @param run what has come
   * @param idle is told of the subscription if it is to {@linkplain LocalSubscription#begin() begin}
   */
  void take(Run run, Consumer<LocalSubscription> idle) {
    if (place == null) {
      run.end(Outcome.UNSUBSCRIBED);
    } else if (place.take(run)) {
      idle.accept(place);
    }
  }

  /** Items up to a number passed it by: there was no room for it. */
  void passedOver(long number, long bytes) {
    lock.lock();
    try {
      if (number > ended) {
        end(new PeerMessage.Gap(ended + 1, number, Outcome.OVERFLOW), bytes);
      }
    } finally {
      lock.unlock();
    }
    owe();
  }

  /** Nothing comes after a number. */
  void close(long number) {
    Credit revoked;
    lock.lock();
    try {
      last = number;
      revoked = credit;
      credit = Credit.FIRST;
      over = true;
    } finally {
      lock.unlock();
    }
    if (place != null && !revoked.equals(Credit.FIRST)) {
      place.revoke(revoked);
    }
    release();
  }

  /** Gives its memory back once all that came is over and said. */
  private void release() {
    boolean due;
    lock.lock();
    try {
      due = over && !released && ended == told && news.isEmpty() && (silent || ended >= last);
      released |= due;
    } finally {
      lock.unlock();
    }
    if (due) {
      outlet.give(BYTES);
    }
  }

  /** A handler begins with items; it may take its time, so that others ask meanwhile how far it is. */
  void begin(Run run) {
    lock.lock();
    try {
      running = run;
    } finally {
      lock.unlock();
    }
    owe();
  }

  /** A handler has thrown at the item after those that the run has done, or, for a reason, that was not readable. */
  void rejected(Run run, String reason) {
    lock.lock();
    try {
      settle(run);
      long number = run.first() + run.done();
      end(new PeerMessage.Gap(number, number, Outcome.REJECTED, reason), run.skip());
    } finally {
      lock.unlock();
    }
  }

  /** A handler is through with items; if nothing else waits for it, or there is much to say, the publisher is told. */
  void done(Run run, boolean idle) {
    boolean due;
    lock.lock();
    try {
      settle(run);
      running = null;
      due = isDue();
    } finally {
      lock.unlock();
    }
    if (due) {
      outlet.say();
    } else if (idle) {
      outlet.saySoon();
    }
  }

  /** What a run has not done ends otherwise. */
  void end(Run run, Outcome outcome) {
    boolean due;
    lock.lock();
    try {
      settle(run);
      long first = run.first() + run.done();
      long last = run.first() + run.messages() - 1;
      if (first <= last && !silent) {
        end(new PeerMessage.Gap(first, last, outcome), run.skipAll());
      }
      due = outcome != Outcome.OVERFLOW || isDue();
    } finally {
      lock.unlock();
    }
    owe();
    if (due) {
      outlet.flush();
    } else {
      outlet.saySoon(); // who drops much says so many at once
    }
  }

  private boolean isDue() {
    return credit.isQuarter(ended - told, endedBytes - toldBytes);
  }

  /** Returns what is new, if anything is; the outlet asks. */
  Optional<PeerMessage.Progressed> progress() {
    lock.lock();
    try {
      Run begun = running;
      if (begun != null) {
        settle(begun);
      }
      if (ended == told) {
        return Optional.empty();
      }
      grow();
      List<PeerMessage.Gap> some = new ArrayList<>();
      while (some.size() < PeerMessage.OUTCOMES && !gaps.isEmpty()) {
        some.add(gaps.remove());
      }
      told = gaps.isEmpty() ? ended : some.get(some.size() - 1).last();
      toldBytes = endedBytes;
      return Optional.of(
          new PeerMessage.Progressed(stream, subscription, told, endedBytes, credit, some));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns what is new of items that have an outcome before those before them have, if anything is: their publisher would take them for
   * late where a handler takes its time. It is said again when it is its turn.
   */
  Optional<PeerMessage.Dropped> dropped() {
    lock.lock();
    try {
      if (news.isEmpty()) {
        return Optional.empty();
      }
      List<PeerMessage.Gap> open = new ArrayList<>();
      for (PeerMessage.Gap gap : news) {
        if (gap.first() > told) {
          open.add(gap);
        } else {
          outlet.give(bytes(gap)); // it has had its turn
        }
      }
      news = List.of();
      open.sort(Comparator.comparingLong(PeerMessage.Gap::first));
      List<PeerMessage.Gap> most = open.subList(0, Math.min(PeerMessage.OUTCOMES, open.size()));
      if (most.size() < open.size()) {
        news = new ArrayList<>(open.subList(most.size(), open.size()));
      }
      return most.isEmpty()
          ? Optional.empty()
          : Optional.of(new PeerMessage.Dropped(stream, subscription, most));
    } finally {
      lock.unlock();
    }
  }

  /** What was fetched could not be said: it will be, with what comes. */
  void unsaid(PeerMessage.Dropped dropped) {
    lock.lock();
    try {
      List<PeerMessage.Gap> all = new ArrayList<>(dropped.gaps());
      all.addAll(news);
      news = all;
    } finally {
      lock.unlock();
    }
  }

  /** What was fetched was said. */
  void said(List<PeerMessage.Gap> gaps) {
    long bytes = 0;
    for (PeerMessage.Gap gap : gaps) {
      bytes += bytes(gap);
    }
    if (bytes > 0) {
      outlet.give(bytes);
    }
  }

  private static long bytes(PeerMessage.Gap gap) {
    return (long) GAP_BYTES + gap.reason().length();
  }

  /** What was fetched could not be said: it will be, with what comes. */
  void unsaid(PeerMessage.Progressed progress, long before) {
    lock.lock();
    try {
      for (int i = progress.gaps().size() - 1; i >= 0; i--) {
        gaps.addFirst(progress.gaps().get(i));
      }
      told = before;
    } finally {
      lock.unlock();
    }
  }

  /** Returns up to which number it has said everything. */
  long told() {
    lock.lock();
    try {
      return told;
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether a handler is at it, or something was not said. */
  boolean isBusy() {
    lock.lock();
    try {
      return running != null || ended != told || !news.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** It was taken from those that owe something; true if it has to be put back. */
  boolean fetched() {
    owes.set(false);
    release();
    return isBusy() && owes.compareAndSet(false, true);
  }

  /** Doubles the credit once all of it was used since it was doubled last, if there is room. */
  private void grow() {
    Credit more = credit.twice();
    if (over
        || place == null
        || more.equals(credit)
        || !credit.isAll(ended - grown, endedBytes - grownBytes)) {
      return;
    }
    grown = ended;
    grownBytes = endedBytes;
    if (place.grant(credit, more)) {
      credit = more;
    }
  }

  private void owe() {
    if (owes.compareAndSet(false, true)) {
      outlet.owe(this);
    }
  }

  private void settle(Run run) {
    int before = run.settled();
    long bytes = run.settle();
    if (run.settled() > before) {
      long last = run.first() + run.settled() - 1;
      end(new PeerMessage.Gap(run.first() + before, last, Outcome.DELIVERED), bytes);
    }
  }

  private void end(PeerMessage.Gap gap, long bytes) {
    if (silent) {
      return; // kept for nobody, it would grow with what a peer sends that takes no progress
    }
    endedBytes += bytes;
    if (gap.first() != ended + 1) {
      putAhead(gap);
      return;
    }
    take(gap);
    if (ahead.isEmpty()) {
      return;
    }
    for (PeerMessage.Gap next = ahead.remove(ended + 1);
        next != null && !silent;
        next = ahead.remove(ended + 1)) {
      outlet.give(bytes(next));
      take(next);
    }
  }

  /** What has no room comes one after the other, and is one gap: a peer that minds no credit makes this no longer. */
  private void putAhead(PeerMessage.Gap gap) {
    Map.Entry<Long, PeerMessage.Gap> before = ahead.lowerEntry(gap.first());
    if (before != null && gap.follows(before.getValue())) {
      ahead.put(before.getKey(), gap.from(before.getValue()));
    } else if (outlet.take(bytes(gap))) {
      ahead.put(gap.first(), gap);
    } else {
      beSilent();
      return;
    }
    putNews(gap);
  }

  /** Where there is no room, it is said when it is its turn alone. */
  private void putNews(PeerMessage.Gap gap) {
    int last = news.size() - 1;
    if (last >= 0 && gap.follows(news.get(last))) {
      news.set(last, gap.from(news.get(last)));
    } else if (last < PeerMessage.OUTCOMES && outlet.take(bytes(gap))) {
      news = last < 0 ? new ArrayList<>() : news;
      news.add(gap);
    }
  }

  private void take(PeerMessage.Gap gap) {
    PeerMessage.Gap before = gaps.peekLast();
    if (gap.outcome() == Outcome.DELIVERED) {
      ended = gap.last();
    } else if (before != null && gap.follows(before)) {
      ended = gap.last();
      gaps.removeLast();
      gaps.addLast(gap.from(before));
    } else {
      PeerMessage.Gap kept = gaps.size() < REASONS ? gap : gap.withoutReason();
      if (gaps.size() < GAPS && outlet.take(bytes(kept))) {
        ended = gap.last();
        gaps.addLast(kept);
      } else {
        beSilent();
      }
    }
  }

  /** Nothing is said of this and what follows: the peer has to find out by its timeout. */
  private void beSilent() {
    silent = true;
    ahead.values().forEach(gap -> outlet.give(bytes(gap)));
    ahead.clear();
    news.forEach(gap -> outlet.give(bytes(gap)));
    news = List.of();
  }
}
