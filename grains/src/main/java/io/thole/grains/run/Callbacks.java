package io.thole.grains.run;

import io.thole.grains.CallTable;
import io.thole.grains.CallTable.Ended;
import io.thole.spi.SerialWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells applications what became of their calls, on one worker, in order: a callback that blocks holds up those after it. A call
 * that a thread waits for is told there. Any thread.
 */
final class Callbacks {
  private final SerialWorker worker;
  private final Queue<Telling> untold = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger(); // calls, not tellings
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile boolean closed;

  /** What is told in one go, and of how many calls that is. */
  private record Telling(int calls, Runnable told) {}

  /**
   * Makes it.
   *
   * @param worker its own; it needs room for two tasks
   */
  Callbacks(SerialWorker worker) {
    this.worker = worker;
  }

  /** Tells of ended calls: at once those that are waited for, the others in one go, after all that was told before. */
  void tell(List<Ended> ended) {
    List<Ended> later = new ArrayList<>(ended.size());
    for (Ended one : ended) {
      if (!one.end().arrive(one.report())) {
        later.add(one);
      }
    }
    if (!later.isEmpty()) {
      add(new Telling(later.size(), () -> later.forEach(one -> one.end().tell(one.report()))));
    }
  }

  /** Tells an application something, after all that it is told already. */
  void afterwards(Runnable told) {
    add(new Telling(1, told));
  }

  private void add(Telling telling) {
    if (size.addAndGet(telling.calls()) > CallTable.OPEN_LIMIT) {
      end(telling); // so many wait for a callback that blocks that this is better told out of turn
      return;
    }
    untold.add(telling);
    if (closed || (scheduled.compareAndSet(false, true) && !worker.offer(this::run))) {
      run(); // the part has stopped, and with it the worker: better here than never
    }
  }

  /** Tells what waits, here and now, also beside a callback that does not return; and what comes later, where it comes. */
  void close() {
    closed = true;
    run();
  }

  private void run() {
    scheduled.set(false);
    for (Telling next = untold.poll(); next != null; next = untold.poll()) {
      end(next);
    }
  }

  private void end(Telling telling) {
    size.addAndGet(-telling.calls());
    telling.told().run();
  }
}
