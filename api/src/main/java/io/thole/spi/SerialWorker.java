package io.thole.spi;

import org.osgi.annotation.versioning.ProviderType;

/** Runs tasks of a part one at a time, in order, beside whatever else the part does. Any thread. */
@ProviderType
public interface SerialWorker extends AutoCloseable {
  /**
   * Hands in a task.
   *
   * @param task may block; what it throws is reported as the part's failure
   * @return false if as many wait as may, or the worker is closed; then it will not run
   */
  boolean offer(Runnable task);

  /**
   * Drops what waits. After this returned, no task begins. Waits for a running one, for at most 2 s; called from inside it,
   * it returns at once.
   */
  @Override
  void close();
}
