package io.thole.core;

/** Runs foreign code off the loop, one task at a time, in order. Any thread. */
public interface Worker {
  /**
   * Hands in a task.
   *
   * @param task may block, and may throw: that ends this task alone
   * @return false if the queue is full or the worker closed; then it will not run
   */
  boolean offer(Runnable task);

  /**
   * Runs something once, off the worker's queue, as soon as the queue is empty: at once if it is.
   *
   * @param idle must not block
   */
  void whenIdle(Runnable idle);

  /**
   * Drops what waits. After this returned, no task begins. Waits for a running one, for at most 2 s; called from that task
   * or from the loop it returns at once.
   */
  void close();
}
