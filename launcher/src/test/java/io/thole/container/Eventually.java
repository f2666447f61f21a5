package io.thole.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads bring about: as short as possible, and generously, since a busy machine is no defect. */
final class Eventually {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private Eventually() {}

  /** Waits until something is so. */
  static void is(String what, BooleanSupplier so) {
    if (!becomes(so)) {
      throw new AssertionError("not within 30 s: " + what);
    }
  }

  /** Waits until a value is the expected one; if it never is, says what it is instead. */
  static <T> void equal(T expected, Supplier<T> actual) {
    becomes(() -> expected.equals(actual.get()));
    assertEquals(expected, actual.get());
  }

  private static boolean becomes(BooleanSupplier so) {
    long beganNanos = System.nanoTime();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() - beganNanos >= LIMIT_NANOS) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }
}
