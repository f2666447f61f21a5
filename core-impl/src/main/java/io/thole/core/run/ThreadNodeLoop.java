package io.thole.core.run;

import io.thole.core.NodeLoop;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The loop on a thread of its own. The thread takes everything that waits in one go; it ends after a second without
 * anything to do and without a timer, and begins again with the next task, so a stopped node holds none.
 */
public final class ThreadNodeLoop implements NodeLoop {
  private static final System.Logger LOG = System.getLogger(ThreadNodeLoop.class.getName());
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How many tasks may run before others are woken: far below the queues that they fill. */
  private static final int TOGETHER = 256;

  /** How many timers that were taken back may be kept until their time; then they go, once they are the most. */
  private static final int FEW = 64;

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition handedIn = lock.newCondition();
  private final PriorityQueue<Due> timers = // the loop's own
      new PriorityQueue<>(Comparator.<Due>comparingLong(due -> due.atNanos - ORIGIN_NANOS)
          .thenComparingLong(due -> due.number));
  private ArrayDeque<Runnable> inbox = new ArrayDeque<>(); // under the lock
  private ArrayDeque<Runnable> batch = new ArrayDeque<>(); // the loop's own
  private final Vigil vigil = new Vigil();
  private volatile @Nullable Thread thread; // written under the lock
  private final ArrayList<Runnable> wakeUps = new ArrayList<>(); // the loop's own
  private long scheduled;
  private int cancelled; // of those among the timers

  /** Times are compared as differences from here, which stay positive for centuries. */
  private static final long ORIGIN_NANOS = System.nanoTime();

  /** A task that waits for its time. */
  private final class Due implements Timer {
    final long atNanos;
    final long number;

    @Nullable
    Runnable task;

    Due(long atNanos, long number, Runnable task) {
      this.atNanos = atNanos;
      this.number = number;
      this.task = task;
    }

    @Override
    public void cancel() {
      if (task != null) {
        task = null;
        cancelled++;
      }
    }
  }

  /**
   * Makes a loop; its thread begins with the first task.
   *
   * @param name for people: the name of the thread
   */
  public ThreadNodeLoop(String name) {
    this.name = name;
  }

  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      inbox.add(task);
      if (thread == null) {
        Thread next = new Thread(this::run, name);
        next.setDaemon(true);
        thread = next;
        next.start();
      } else if (inbox.size() == 1) {
        handedIn.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    forgetCancelled();
    Due due = new Due(nowNanos() + Math.max(0, delayNanos), scheduled++, task);
    timers.add(due);
    return due;
  }

  /** Whoever sets a timer anew with each event would have them pile up until their time, which may be half a minute off. */
  private void forgetCancelled() {
    if (cancelled > FEW && cancelled > timers.size() / 2) {
      timers.removeIf(due -> due.task == null);
      cancelled = 0;
    }
  }

  @Override
  public long nowNanos() {
    return System.nanoTime();
  }

  @Override
  public long wallMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public boolean wasStopped(long nowNanos) {
    return vigil.doubts(nowNanos);
  }

  /** Returns how many timers are kept, those taken back among them. On the loop only. */
  int timers() {
    return timers.size();
  }

  /** Tells whether the caller is on the loop, where nothing may wait. */
  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /**
   * Wakes somebody after some more of the tasks that are waiting, who then finds several things to do at once: to wake a
   * thread for each event costs ten times what all else about the event does. On the loop only.
   *
   * @param wakeUp must not block
   */
  void wakeSoon(Runnable wakeUp) {
    wakeUps.add(wakeUp);
  }

  private void run() {
    while (take()) {
      runDueTimers();
      int done = 0;
      for (Runnable task = batch.poll(); task != null; task = batch.poll()) {
        guarded(task);
        if (++done % TOGETHER == 0) {
          wake();
        }
      }
      wake();
    }
  }

  private void wake() {
    wakeUps.forEach(ThreadNodeLoop::guarded);
    wakeUps.clear();
  }

  /** Waits for tasks or for the next timer; false when the thread should end. */
  private boolean take() {
    lock.lock();
    try {
      while (inbox.isEmpty()) {
        long waitNanos = untilNextTimer();
        if (waitNanos <= 0) {
          return true;
        }
        vigil.sleep(nowNanos() + waitNanos);
        boolean timeUp = handedIn.awaitNanos(waitNanos) <= 0;
        vigil.awake(nowNanos());
        if (timeUp && inbox.isEmpty() && timers.isEmpty()) {
          thread = null;
          return false;
        }
      }
      ArrayDeque<Runnable> full = inbox;
      inbox = batch;
      batch = full;
      return true;
    } catch (InterruptedException e) {
      vigil.awake(nowNanos());
      return true; // nobody interrupts the loop; a stray interrupt only makes it look again
    } finally {
      lock.unlock();
    }
  }

  private long untilNextTimer() {
    Due next = timers.peek();
    while (next != null && next.task == null) {
      timers.poll();
      cancelled--;
      next = timers.peek();
    }
    return next == null ? REST_NANOS : next.atNanos - nowNanos();
  }

  private void runDueTimers() {
    while (untilNextTimer() <= 0) {
      Due due = timers.poll();
      Runnable task = due == null ? null : due.task;
      if (due != null && task != null) {
        due.task = null; // there is nothing to take back any more
        guarded(task);
      }
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (
        Throwable
            thrown) { // a defect of ours; the loop goes on, since the alternative is a dead node
      LOG.log(
          Level.ERROR,
          "a task of the node's loop failed: this is a defect of Thole, please report it",
          thrown);
    }
  }
}
