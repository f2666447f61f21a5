package io.thole.core;

/**
 * The node's one thread, as its state machines see it: tasks run one at a time, in the order in which they were handed in.
 * Nothing on it ever waits.
 */
public interface NodeLoop {
  /**
   * Hands in a task. Any thread; never blocks; returns before the task runs.
   *
   * @param task must not block
   */
  void execute(Runnable task);

  /**
   * Runs a task once a time has passed. On the loop only.
   *
   * @param delayNanos from now, in nanoseconds; what is not positive is due at once
   * @param task must not block
   * @return takes it back
   */
  Timer schedule(long delayNanos, Runnable task);

  /** Returns a monotonic time in nanoseconds; only differences mean anything. Any thread. */
  long nowNanos();

  /** Returns the time in milliseconds since 1970, for people and expiry dates, never for order. Any thread. */
  long wallMillis();

  /**
   * Tells whether the process has just been stopped for seconds: what arrives may have been sent before, and other nodes may
   * have gone on without this one. Any thread. Virtual time is never stopped.
   *
   * @param nowNanos what {@link #nowNanos} has just returned
   */
  default boolean wasStopped(long nowNanos) {
    return false;
  }

  /** A task that waits for its time. */
  interface Timer {
    /** Takes the task back, unless it has run. On the loop only. */
    void cancel();
  }
}
