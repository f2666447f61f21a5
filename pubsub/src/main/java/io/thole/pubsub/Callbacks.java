package io.thole.pubsub;

import io.thole.spi.SerialWorker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs what must not be run where it comes up, in order, on a worker. What waits is as bounded as what it comes from. Any
 * thread.
 */
final class Callbacks {
  private final SerialWorker worker;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /**
   * Makes it.
   *
   * @param worker its own; it needs room for two tasks
   */
  Callbacks(SerialWorker worker) {
    this.worker = worker;
  }

  void add(Runnable callback) {
    waiting.add(callback);
    if (scheduled.compareAndSet(false, true) && !worker.offer(this::run)) {
      run(); // the part has stopped, and with it the worker: late is better than never
    }
  }

  /** Runs what waits, here and now: also beside a callback that does not return. */
  void run() {
    scheduled.set(false);
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }
}
