package io.thole.core;

/** Where workers come from. Any thread. */
@FunctionalInterface
public interface Workers {
  /**
   * Opens a worker.
   *
   * @param name for people
   * @param capacity how many tasks may wait
   */
  Worker open(String name, int capacity);
}
