package io.thole.grains.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallEndTest {
  private static final CallReport REPORT = new Unknown(UnknownReason.TIMEOUT);
  private static final int ROUNDS = 20_000;

  private final CallEnd end = new CallEnd();

  /** A thread that waits for the end. */
  private static final class Waiter {
    final Thread thread;
    final FutureTask<CallReport> task;

    Waiter(Callable<CallReport> waiting) {
      task = new FutureTask<>(waiting);
      thread = new Thread(task, "waiter");
      thread.setDaemon(true);
      thread.start();
      while (thread.getState() != Thread.State.TIMED_WAITING
          && thread.getState() != Thread.State.WAITING
          && !task.isDone()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void isLeftToWhoTellsWhereNobodyWaits() {
    CompletableFuture<Thread> told = end.thenApply(report -> Thread.currentThread());

    assertFalse(end.arrive(REPORT));
    assertFalse(end.isDone());
    end.tell(REPORT);

    assertSame(Thread.currentThread(), told.join());
  }

  @Test
  void isCompletedByTheThreadThatWaits() throws Exception {
    CompletableFuture<Thread> told = end.thenApply(report -> Thread.currentThread());
    Waiter waiter = new Waiter(end::join);

    assertTrue(end.arrive(REPORT));

    assertEquals(REPORT, waiter.task.get());
    assertSame(waiter.thread, told.join(), "nothing of an application runs in arrive");
  }

  @Test
  void waitsForNothingThatHasArrivedAndWasNotToldYet() throws Exception { // the worker is busy
    end.arrive(REPORT);

    assertEquals(REPORT, end.get(0, TimeUnit.NANOSECONDS));
    assertEquals(REPORT, end.get());
    assertEquals(REPORT, end.join());
    end.tell(REPORT);
  }

  @Test
  void isLeftToWhoTellsOnceTheOneWhoWaitedHasGivenUp() throws Exception {
    assertThrows(TimeoutException.class, () -> end.get(1, TimeUnit.MILLISECONDS));
    assertThrows(TimeoutException.class, () -> end.get(-1, TimeUnit.MILLISECONDS));
    Waiter interrupted = new Waiter(end::get);
    interrupted.thread.interrupt();
    ExecutionException thrown = assertThrows(ExecutionException.class, interrupted.task::get);
    assertInstanceOf(InterruptedException.class, thrown.getCause());

    assertFalse(end.arrive(REPORT));
  }

  @Test
  void joinGoesOnWhenItIsInterruptedAndSaysSoAfterwards() throws Exception {
    boolean[] interrupted = {false};
    Waiter waiter = new Waiter(() -> {
      CallReport report = end.join();
      interrupted[0] = Thread.interrupted();
      return report;
    });
    waiter.thread.interrupt();
    while (waiter.thread.isInterrupted() && !waiter.task.isDone()) {
      Thread.onSpinWait(); // until it has noticed
    }

    if (!end.arrive(REPORT)) { // between two waits
      end.tell(REPORT);
    }

    assertEquals(REPORT, waiter.task.get());
    assertTrue(interrupted[0]);
  }

  @Test
  void severalMayWait() throws Exception {
    Waiter first = new Waiter(end::join);
    Waiter second = new Waiter(end::join);

    assertTrue(end.arrive(REPORT));

    assertNotEquals(first.thread, second.thread);
    assertEquals(REPORT, first.task.get());
    assertEquals(REPORT, second.task.get());
  }

  @Test
  void anApplicationMayCompleteItItself() {
    Waiter waiter = new Waiter(end::join);

    end.cancel(false);

    ExecutionException thrown = assertThrows(ExecutionException.class, waiter.task::get);
    assertInstanceOf(CancellationException.class, thrown.getCause());
  }

  @Test
  void nobodyWaitsForEverHoweverItMeetsTheOutcome() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    CallEnd[] ends = new CallEnd[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      ends[i] = new CallEnd();
    }
    Waiter waiter = new Waiter(() -> {
      for (CallEnd each : ends) {
        barrier.await();
        each.join();
      }
      return REPORT;
    });
    for (CallEnd each : ends) {
      barrier.await();
      if (!each.arrive(REPORT)) {
        each.tell(REPORT);
      }
    }

    assertEquals(REPORT, waiter.task.get());
  }
}
