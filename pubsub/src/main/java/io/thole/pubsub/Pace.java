package io.thole.pubsub;

import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has something done at most once in a millisecond: at once if it was not done just now, else when it is time, by whoever asks next or by
 * a timer. A timer wakes three threads, so it takes its time, up to 16 ms, as long as somebody else was there before it. Any thread.
 */
final class Pace {
  private static final long PERIOD_NANOS = Duration.ofMillis(1).toNanos();

  private static final long LATEST_NANOS = Duration.ofMillis(16).toNanos();

  private final PartContext context;
  private final Runnable what;
  private final AtomicLong doneNanos;
  private final AtomicBoolean due = new AtomicBoolean();
  private volatile long lateNanos = PERIOD_NANOS; // written by the timer, one at a time

  /**
   * Makes one.
   *
   * @param context whose clock and timer it is
   * @param what may be called by any thread
   */
  Pace(PartContext context, Runnable what) {
    this.context = context;
    this.what = what;
    doneNanos = new AtomicLong(context.nowNanos() - PERIOD_NANOS);
  }

  /** Has it done, after this was called. */
  void soon() {
    long nowNanos = context.nowNanos();
    long beforeNanos = doneNanos.get();
    if (nowNanos - beforeNanos >= PERIOD_NANOS && doneNanos.compareAndSet(beforeNanos, nowNanos)) {
      what.run();
    } else if (!due.get() && due.compareAndSet(false, true)) {
      context.schedule(Duration.ofNanos(lateNanos), () -> late(beforeNanos));
    }
  }

  private void late(long beforeNanos) {
    boolean often = doneNanos.getAndSet(context.nowNanos()) != beforeNanos;
    lateNanos = often ? Math.min(2 * lateNanos, LATEST_NANOS) : PERIOD_NANOS;
    due.set(false);
    what.run();
  }
}
