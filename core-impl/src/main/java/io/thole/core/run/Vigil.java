package io.thole.core.run;

/**
 * Notices that the whole process was stopped for long, as by SIGSTOP, a debugger, or a host that was short of everything:
 * somebody who meant to be awake was not. Told by the loop of its sleep; asked by any thread, also before the loop has woken.
 */
final class Vigil {
  /** How late is more than late. Others have removed a node that was silent for so long; no garbage collection takes it. */
  static final long STOPPED_NANOS = 3_000_000_000L;

  /** For how long afterwards what arrives may be old: by far longer than it takes to read what the system has buffered. */
  static final long DOUBT_NANOS = 1_000_000_000L;

  private volatile boolean asleep;
  private volatile long alarmNanos;
  private volatile boolean stopped;
  private volatile long awokeNanos;

  /** The loop sleeps, and means to be awake again at that time at the latest. */
  void sleep(long untilNanos) {
    alarmNanos = untilNanos;
    asleep = true;
  }

  /** The loop is awake. */
  void awake(long nowNanos) {
    if (overslept(nowNanos)) {
      awokeNanos = nowNanos;
      stopped = true;
    }
    asleep = false;
  }

  /** Tells whether what arrives now may have been sent before the process was stopped. */
  boolean doubts(long nowNanos) {
    return overslept(nowNanos) || (stopped && nowNanos - awokeNanos < DOUBT_NANOS);
  }

  private boolean overslept(long nowNanos) {
    return asleep && nowNanos - alarmNanos >= STOPPED_NANOS;
  }
}
