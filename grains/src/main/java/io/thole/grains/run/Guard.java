package io.thole.grains.run;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A lock around a state machine of {@code core}: what is decided under it is carried out after it is let go. */
final class Guard {
  private final ReentrantLock lock = new ReentrantLock();

  /** Decides something under the lock. */
  <T> T locked(Supplier<T> decision) {
    lock.lock();
    try {
      return decision.get();
    } finally {
      lock.unlock();
    }
  }
}
