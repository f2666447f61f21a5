package io.thole.load;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;

/** A thread that does one thing at a steady rate until it is closed, or has enough, or fails. */
final class Pulse implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Pulse.class.getName());
  private static final long CLOSE_MILLIS = 2_000;

  /** What is done. */
  @FunctionalInterface
  interface Beat {
    /**
     * Does it once.
     *
     * @param skipped how many times it was not done because the thread was late
     * @return whether to go on
     */
    boolean beat(long skipped);
  }

  private final long perSecond;
  private final Beat beat;
  private final Thread thread;
  private volatile boolean closed;

  private Pulse(String name, long perSecond, Beat beat) {
    this.perSecond = perSecond;
    this.beat = beat;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  static Pulse start(String name, long perSecond, Beat beat) {
    Pulse pulse = new Pulse(name, perSecond, beat);
    if (perSecond > 0) {
      pulse.thread.start();
    }
    return pulse;
  }

  /** Ends it: no beat begins after this returned, and a running one gets 2 s. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      Cadence cadence = new Cadence(perSecond, System.nanoTime());
      boolean more = true;
      while (more && !closed) {
        long nowNanos = System.nanoTime();
        long remainingNanos = cadence.remainingNanos(nowNanos);
        if (remainingNanos > 0) {
          LockSupport.parkNanos(remainingNanos);
        } else {
          more = beat.beat(cadence.beat(nowNanos));
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, thread.getName() + " ends; a change of its settings begins anew", e);
    }
  }
}
