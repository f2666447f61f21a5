package io.thole.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How long a contract waits for what a plug-in does on threads of its own. It looks again and again, and ends as soon as
 * there is something to see; only a failure takes the whole time.
 *
 * @param limit how long, in real time
 */
record Patience(Duration limit) {
  private static final long REST_NANOS = 1_000_000;

  /**
   * Waits for a condition.
   *
   * @param condition what should become true
   * @param passTime runs between two looks, and lets virtual time pass where there is some
   * @return whether it became true in time
   */
  boolean until(BooleanSupplier condition, Runnable passTime) {
    long beganNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - beganNanos > limit.toNanos()) {
        return false;
      }
      passTime.run();
    }
    return true;
  }

  /** Lets other threads have the processor for a moment. */
  static void rest() {
    LockSupport.parkNanos(REST_NANOS);
  }
}
