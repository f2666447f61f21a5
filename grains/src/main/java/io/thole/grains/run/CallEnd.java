package io.thole.grains.run;

import io.thole.api.grain.CallReport;
import io.thole.grains.CallTable.Caller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a caller holds of its call. A thread that waits in {@link #join} or {@link #get()} is woken by whoever takes the answer in,
 * and completes this itself; so nothing of an application runs on that other thread, and no third one has to be woken, which
 * costs more than all else about a call. Where nobody waits so, the worker for callbacks completes it. Any thread.
 */
final class CallEnd extends CompletableFuture<CallReport> implements Caller {
  private final AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();
  private volatile @Nullable CallReport report;

  @Override
  public boolean arrive(CallReport outcome) {
    report = outcome;
    Thread waiter = waiting.get();
    LockSupport.unpark(waiter);
    return waiter != null;
  }

  @Override
  public void tell(CallReport outcome) {
    complete(outcome);
  }

  @Override
  public CallReport join() {
    boolean interrupted = false;
    while (!await(Long.MAX_VALUE)) {
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return super.join();
  }

  @Override
  public CallReport get() throws InterruptedException, ExecutionException {
    await(Long.MAX_VALUE);
    return super.get();
  }

  @Override
  public CallReport get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadlineNanos = System.nanoTime() + unit.toNanos(timeout);
    await(unit.toNanos(timeout));
    return super.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /**
   * Waits for the outcome, and completes this with it. One thread alone does; others wait for that, and so does one of a pool that
   * wants to know who waits.
   *
   * @return false if it was interrupted
   */
  private boolean await(long mostNanos) {
    Thread self = Thread.currentThread();
    if (isDone() || self instanceof ForkJoinWorkerThread || !waiting.compareAndSet(null, self)) {
      return true;
    }
    whenComplete((outcome, thrown) -> wake(self)); // an application may complete it, too
    long sinceNanos = System.nanoTime();
    long leftNanos = mostNanos;
    while (report == null && !isDone() && leftNanos > 0 && !self.isInterrupted()) {
      LockSupport.parkNanos(this, leftNanos);
      leftNanos = mostNanos - (System.nanoTime() - sinceNanos);
    }
    waiting.set(null); // from here on the worker is to complete it, unless it has arrived already
    CallReport arrived = report;
    if (arrived != null) {
      complete(arrived);
    }
    return arrived != null || isDone() || !self.isInterrupted();
  }

  private static void wake(Thread waiter) {
    if (Thread.currentThread() != waiter) {
      LockSupport.unpark(waiter);
    }
  }
}
