package io.thole.launcher;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * When this JVM started. The process may be older: {@code ./thole} builds before it becomes the JVM. Asking loads a good
 * part of the management classes, so it is done beside the start, on a thread of its own.
 */
final class JvmStart {
  private static final Executor THREAD = work -> {
    Thread thread = new Thread(work, "thole-jvm-start");
    thread.setDaemon(true);
    thread.start();
  };
  private static final CompletableFuture<Long> MILLIS = CompletableFuture.supplyAsync(
      () -> ManagementFactory.getRuntimeMXBean().getStartTime(), THREAD);

  private JvmStart() {}

  /** Begins to find out. */
  static void measure() {
    MILLIS.isDone();
  }

  /** Returns how long ago the JVM started. */
  static Duration elapsed(long nowMillis) {
    return Duration.ofMillis(nowMillis - MILLIS.join());
  }
}
