package io.thole.grains.run;

import io.thole.spi.PartContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Does something on the part's worker again and again while there is need, and leaves no timer while there is none. Any thread. */
final class Pulse {
  private final PartContext context;
  private final Duration every;
  private final BooleanSupplier beat;
  private final AtomicBoolean beating = new AtomicBoolean();

  /**
   * Makes one that rests.
   *
   * @param beat tells whether there is need for another
   */
  Pulse(PartContext context, Duration every, BooleanSupplier beat) {
    this.context = context;
    this.every = every;
    this.beat = beat;
  }

  /** Says that there is need. */
  void need() {
    if (!beating.get() && beating.compareAndSet(false, true)) {
      context.schedule(every, this::beat);
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
