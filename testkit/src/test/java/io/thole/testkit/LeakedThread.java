package io.thole.testkit;

import java.util.concurrent.CountDownLatch;

/** A thread that somebody forgot to end. */
final class LeakedThread {
  private LeakedThread() {}

  static void start() {
    Thread thread = new Thread(LeakedThread::waitForever, "leaked");
    thread.setDaemon(true);
    thread.start();
  }

  private static void waitForever() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
