package io.thole.core.run;

import io.thole.core.NodeLoop;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Does something on the loop again and again while there is need, and leaves no timer while there is none. */
final class Pulse {
  private final NodeLoop loop;
  private final long everyNanos;
  private final BooleanSupplier beat;
  private final AtomicBoolean beating = new AtomicBoolean();
  private NodeLoop.Timer timer = () -> {}; // the loop's own
  private boolean stopped; // the loop's own

  /**
   * Makes one that rests.
   *
   * @param beat runs on the loop; tells whether there is need for another
   */
  Pulse(NodeLoop loop, long everyNanos, BooleanSupplier beat) {
    this.loop = loop;
    this.everyNanos = everyNanos;
    this.beat = beat;
  }

  /** Says that there is need. Any thread. */
  void need() {
    if (!beating.get() && beating.compareAndSet(false, true)) {
      loop.execute(this::schedule);
    }
  }

  /** Ends it for good. On the loop. */
  void stop() {
    stopped = true;
    timer.cancel();
  }

  private void schedule() {
    if (!stopped) {
      timer = loop.schedule(everyNanos, this::beat);
    }
  }

  private void beat() {
    beating.set(
        false); // first: who says now that there is need, after the beat has looked, must be heard
    if (beat.getAsBoolean()) {
      need();
    }
  }
}
