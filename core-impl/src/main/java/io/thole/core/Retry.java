package io.thole.core;

import java.time.Duration;

/** Tries something again, ever later: after 1 s, 2 s, 4 s, and at last every 60 s. Confined to the loop. */
final class Retry {
  private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LAST_NANOS = Duration.ofSeconds(60).toNanos();

  private final NodeLoop loop;
  private final Runnable attempt;
  private long delayNanos = FIRST_NANOS;
  private NodeLoop.Timer timer = () -> {};

  Retry(NodeLoop loop, Runnable attempt) {
    this.loop = loop;
    this.attempt = attempt;
  }

  /** Waits once more, twice as long as the last time. */
  void later() {
    timer.cancel();
    timer = loop.schedule(delayNanos, attempt);
    delayNanos = Math.min(2 * delayNanos, LAST_NANOS);
  }

  void cancel() {
    timer.cancel();
  }
}
