package io.thole.pubsub;

import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Has something done at most once in a millisecond: at once if it was not done just now, else when it is time. Any thread. */
final class Pace {
  private static final Duration PERIOD = Duration.ofMillis(1);

  private final PartContext context;
  private final Runnable what;
  private final AtomicLong doneNanos;
  private final AtomicBoolean due = new AtomicBoolean();

  /**
   * Makes one.
   *
   * @param context whose clock and timer it is
   * @param what may be called by any thread
   */
  Pace(PartContext context, Runnable what) {
    this.context = context;
    this.what = what;
    doneNanos = new AtomicLong(context.nowNanos() - PERIOD.toNanos());
  }

  /** Has it done, after this was called. */
  void soon() {
    long nowNanos = context.nowNanos();
    long beforeNanos = doneNanos.get();
    if (nowNanos - beforeNanos >= PERIOD.toNanos()
        && doneNanos.compareAndSet(beforeNanos, nowNanos)) {
      what.run();
    } else if (!due.get() && due.compareAndSet(false, true)) {
      context.schedule(PERIOD, this::late);
    }
  }

  private void late() {
    due.set(false);
    doneNanos.set(context.nowNanos());
    what.run();
  }
}
