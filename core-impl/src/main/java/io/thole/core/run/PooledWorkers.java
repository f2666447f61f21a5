package io.thole.core.run;

import io.thole.core.Worker;
import io.thole.core.Workers;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Workers that share threads: a worker holds one only while it has something to run, so there are never more threads than
 * workers, and none a second after the last task.
 */
public final class PooledWorkers implements Workers {
  private static final System.Logger LOG = System.getLogger(PooledWorkers.class.getName());
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ThreadPoolExecutor threads;
  private final ThreadNodeLoop loop;

  /**
   * Makes workers.
   *
   * @param name for people: the beginning of the threads' names
   * @param loop the node's loop, which never waits for a worker
   */
  public PooledWorkers(String name, ThreadNodeLoop loop) {
    this.loop = loop;
    AtomicInteger number = new AtomicInteger();
    threads = new ThreadPoolExecutor(
        0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
          Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public Worker open(String name, int capacity) {
    return new PooledWorker(name, capacity);
  }

  /**
   * A serial worker on shared threads. It takes all that waits in one go: the lock for each task, against whoever hands in the
   * next, would cost more than most tasks do.
   */
  private final class PooledWorker implements Worker, Runnable {
    private final String name;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private ArrayDeque<Runnable> tasks = new ArrayDeque<>(); // all of these under the lock
    private final List<Runnable> idle = new ArrayList<>();
    private boolean scheduled;
    private @Nullable Thread running;
    private volatile boolean closed; // written under the lock
    private ArrayDeque<Runnable> taken = new ArrayDeque<>(); // these by the thread that runs them
    private volatile int waiting; // of those taken

    PooledWorker(String name, int capacity) {
      this.name = name;
      this.capacity = capacity;
    }

    @Override
    public boolean offer(Runnable task) {
      boolean begins;
      lock.lock();
      try {
        if (closed || tasks.size() + waiting >= capacity) {
          return false;
        }
        tasks.add(task);
        begins = !scheduled;
        scheduled = true;
      } finally {
        lock.unlock();
      }
      if (begins) { // not under the lock, which whoever is woken needs at once
        begin();
      }
      return true;
    }

    private void begin() {
      if (loop.isCurrent()) {
        loop.wakeSoon(() -> threads.execute(this));
      } else {
        threads.execute(this);
      }
    }

    @Override
    public void whenIdle(Runnable told) {
      lock.lock();
      try {
        if (scheduled) {
          idle.add(told);
          return;
        }
      } finally {
        lock.unlock();
      }
      told.run();
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        tasks.clear();
        idle.clear();
        long leftNanos = loop.isCurrent() ? 0 : CLOSE_NANOS;
        while (running != null && running != Thread.currentThread() && leftNanos > 0) {
          leftNanos = ended.awaitNanos(leftNanos);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void run() {
      while (take()) {
        for (Runnable task = next(); task != null; task = next()) {
          guarded(task);
        }
      }
    }

    private void guarded(Runnable task) {
      try {
        task.run();
      } catch (
          Throwable
              thrown) { // tasks guard the foreign code that they call, so this is a defect of ours
        LOG.log(
            Level.ERROR, "a task of worker " + name + " failed: this is a defect of Thole", thrown);
      }
    }

    /** Returns the next of those taken; of a worker that was closed meanwhile, none. */
    private @Nullable Runnable next() {
      if (closed) {
        taken.clear();
      }
      Runnable task = taken.poll();
      waiting = taken.size();
      return task;
    }

    /** Takes what waits; false, and others are told that it is idle, if nothing does. */
    private boolean take() {
      List<Runnable> told = List.of();
      lock.lock();
      try {
        running = null;
        ended.signalAll();
        if (!tasks.isEmpty()) {
          ArrayDeque<Runnable> full = tasks;
          tasks = taken;
          taken = full;
          waiting = full.size();
          running = Thread.currentThread();
          return true;
        }
        scheduled = false;
        told = List.copyOf(idle);
        idle.clear();
      } finally {
        lock.unlock();
      }
      told.forEach(Runnable::run);
      return false;
    }
  }
}
