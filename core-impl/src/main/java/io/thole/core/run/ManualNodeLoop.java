package io.thole.core.run;

import io.thole.core.NodeLoop;
import io.thole.core.Worker;
import io.thole.core.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A loop without a thread, and workers without threads, in virtual time: everything runs inside {@link #run} and
 * {@link #advance}, on the caller's thread, in one defined order. These two are for one thread; as on every loop, any thread
 * may hand in a task, open a worker and close one.
 */
public final class ManualNodeLoop implements NodeLoop, Workers {
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Due> timers =
      new PriorityQueue<>(Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::number));
  private final List<ManualWorker> workers = new CopyOnWriteArrayList<>();
  private final Set<String> held = new HashSet<>();
  private volatile long nowNanos;
  private volatile boolean stopped;
  private volatile long wallShiftMillis;
  private long scheduled;

  /** A task that waits for its time. */
  private record Due(long atNanos, long number, Runnable task) {}

  @Override
  public void execute(Runnable task) {
    inbox.add(task);
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    Due due = new Due(nowNanos + Math.max(0, delayNanos), scheduled++, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public boolean wasStopped(long justNowNanos) {
    return stopped;
  }

  /** Has it say that the process has just been stopped, or not any more. */
  public void stopped(boolean justNow) {
    stopped = justNow;
  }

  @Override
  public long nowNanos() {
    return nowNanos;
  }

  @Override
  public long wallMillis() {
    return nowNanos / 1_000_000 + wallShiftMillis;
  }

  @Override
  public Worker open(String name, int capacity) {
    ManualWorker worker = new ManualWorker(name, capacity);
    workers.add(worker);
    return worker;
  }

  /** Runs everything that can run now: the loop's tasks first, then one task of each worker, until nothing is left. */
  public void run() {
    boolean ran = true;
    while (ran) {
      ran = false;
      for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
        task.run();
        ran = true;
      }
      for (ManualWorker worker : workers) {
        ran |= worker.runOne();
      }
    }
  }

  /**
   * Lets time pass, and runs what becomes due, each at its time.
   *
   * @param nanos how long
   */
  public void advance(long nanos) {
    run();
    long endNanos = nowNanos + nanos;
    while (!timers.isEmpty() && timers.peek().atNanos() <= endNanos) {
      Due due = timers.remove();
      nowNanos = Math.max(nowNanos, due.atNanos());
      due.task().run();
      run();
    }
    nowNanos = endNanos;
  }

  /**
   * Lets time pass as it does for a process that stands still meanwhile: the clock shows the end of it before anything that has
   * become due runs, late, with the next {@link #advance}.
   *
   * @param nanos how long
   */
  public void jump(long nanos) {
    long nextNanos = nowNanos + nanos; // one thread alone moves the time
    nowNanos = nextNanos;
  }

  /** Sets the wall clock forward, or back where the number is negative; the monotonic clock goes on as it did. */
  public void shiftWall(long millis) {
    long nextMillis = wallShiftMillis + millis;
    wallShiftMillis = nextMillis;
  }

  /** Returns when the next timer is due, or the largest number if none waits. What waits for no time is not counted. */
  public long nextDueNanos() {
    return timers.isEmpty() ? Long.MAX_VALUE : timers.peek().atNanos();
  }

  /** Returns how many timers wait. */
  public int timers() {
    return timers.size();
  }

  /** Returns how many workers are open. */
  public int openWorkers() {
    return workers.size();
  }

  /** Has the workers of a name, also those yet to come, stand still as if their task blocked, until they are let go. */
  public void hold(String name, boolean standStill) {
    if (standStill) {
      held.add(name);
    } else {
      held.remove(name);
    }
  }

  /** Tells whether the workers of a name stand still. */
  public boolean isHeld(String name) {
    return held.contains(name);
  }

  /** A worker whose tasks run when the loop is told to run. */
  private final class ManualWorker implements Worker {
    private final String name;
    private final Queue<Runnable> tasks; // filled by any thread
    private final List<Runnable> idle = new ArrayList<>();
    private volatile boolean closed;

    ManualWorker(String name, int capacity) {
      this.name = name;
      tasks = new LinkedBlockingQueue<>(capacity);
    }

    @Override
    public boolean offer(Runnable task) {
      return !closed && tasks.offer(task);
    }

    @Override
    public void whenIdle(Runnable told) {
      if (closed || tasks.isEmpty()) {
        told.run();
      } else {
        idle.add(told);
      }
    }

    @Override
    public void close() {
      closed = true;
      workers.remove(this);
    }

    boolean runOne() {
      if (held.contains(name) || closed || tasks.isEmpty()) {
        return false;
      }
      tasks.remove().run();
      if (!closed && tasks.isEmpty()) {
        List<Runnable> told = List.copyOf(idle);
        idle.clear();
        told.forEach(Runnable::run);
      }
      return true;
    }
  }
}
