package io.thole.core;

import io.thole.api.ClusterException;
import io.thole.api.grain.GrainKind;
import io.thole.spi.ClusterGrains;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of one part, from its start to its stop. The plug-in is called on a worker of its own; the ends of these calls
 * come back to the loop, where everything else in here is confined. A call that does not end in time is abandoned: the node
 * goes on without it, and whatever the plug-in does later has no effect.
 */
final class PartRun {
  /** How long a part may take to stop: as long as a bundle that is taken out waits for it. */
  static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  /** How long a part may let what is open come to its end, before it is stopped. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

  private final Part part;
  private final NodeLoop loop;
  private final Worker worker;
  private final NodePartContext context;
  private boolean calling;
  private boolean released;

  PartRun(Part part, NodeLoop loop, Worker worker, NodePartContext context) {
    this.part = part;
    this.loop = loop;
    this.worker = worker;
    this.context = context;
  }

  Part part() {
    return part;
  }

  NodePartContext context() {
    return context;
  }

  /**
   * Starts the part.
   *
   * @param limit how long it may take
   * @param ended is told, once, what failed, or null
   */
  void start(Duration limit, Consumer<@Nullable Throwable> ended) {
    call("start", limit, () -> part.start(context), ended, lateFailure -> {
      if (lateFailure == null) {
        stop(false, failure -> {});
      }
    });
  }

  /**
   * Stops the part; nothing that it hands in afterwards has an effect.
   *
   * @param graceful whether to let it drain, and to say goodbye
   * @param ended is told, once, what failed, or null
   */
  void stop(boolean graceful, Consumer<@Nullable Throwable> ended) {
    if (graceful && part.drains()) {
      drain(() -> end(true, ended));
    } else {
      end(graceful, ended);
    }
  }

  /** Has the part drain, which goes on while its worker is free for what it does meanwhile. */
  private void drain(Runnable next) {
    Runnable drained = inTime(DRAIN_LIMIT, next);
    context.execute(() -> part.drain(drained));
  }

  /** Returns what a plug-in is to run, on any thread, for something to run on the loop, once: or it runs when it is late. */
  private Runnable inTime(Duration limit, Runnable next) {
    boolean[] over = new boolean[1];
    Runnable once = () -> {
      if (!over[0]) {
        over[0] = true;
        next.run();
      }
    };
    NodeLoop.Timer timer = loop.schedule(limit.toNanos(), once);
    return () -> loop.execute(() -> {
      timer.cancel();
      once.run();
    });
  }

  private void end(boolean graceful, Consumer<@Nullable Throwable> ended) {
    call(
        "stop",
        STOP_LIMIT,
        () -> part.stop(graceful),
        failure -> {
          release();
          ended.accept(failure);
        },
        lateFailure -> {});
  }

  /** Tells the part that the node leaves the cluster; what it throws is reported, and keeps nobody. */
  void leave() {
    context.execute(part::leave);
  }

  /**
   * Tells the part that a kind of grains goes; what it throws is reported, and keeps nobody.
   *
   * @param gone runs on the loop, once none of them serves any more, or after 5 s
   */
  void remove(GrainKind kind, Runnable gone) {
    Runnable ended = inTime(STOP_LIMIT, gone);
    try {
      ((ClusterGrains) part.service()).remove(kind, ended);
    } catch (Throwable thrown) { // a plug-in may throw anything
      context.failed(Failure.reason(thrown));
      ended.run();
    }
  }

  /** Tells whether the plug-in is in a call, or about to be: also one that was given up. */
  boolean calling() {
    return calling;
  }

  /** Ends this run, but for a call that was given up: the worker waits for it, since a late start is still to be stopped. */
  void release() {
    released = true;
    context.close();
    if (!calling) {
      worker.whenIdle(worker::close);
    }
  }

  private void returned(OneEnd end, @Nullable Throwable thrown) {
    calling = false;
    end.comes(thrown);
    if (released) {
      release();
    }
  }

  private void call(
      String what,
      Duration limit,
      Runnable body,
      Consumer<@Nullable Throwable> inTime,
      Consumer<@Nullable Throwable> late) {
    OneEnd end = new OneEnd(inTime, late);
    NodeLoop.Timer timer = loop.schedule(
        limit.toNanos(),
        () -> end.comes(
            new ClusterException("it did not " + what + " within " + limit.toMillis() + " ms")));
    calling = true;
    boolean accepted = worker.offer(() -> {
      Throwable thrown = guarded(body);
      loop.execute(() -> {
        timer.cancel();
        returned(end, thrown);
      });
    });
    if (!accepted) {
      timer.cancel();
      returned(
          end, new ClusterException("it cannot " + what + ": too many of its tasks are waiting"));
    }
  }

  private static @Nullable Throwable guarded(Runnable body) {
    try {
      body.run();
      return null;
    } catch (
        Throwable thrown) { // a plug-in may throw anything; this is the one place that catches it
      return thrown;
    }
  }

  /** The first end of a call counts; one that comes later is somebody else's business. */
  private static final class OneEnd {
    private final Consumer<@Nullable Throwable> inTime;
    private final Consumer<@Nullable Throwable> late;
    private boolean over;

    OneEnd(Consumer<@Nullable Throwable> inTime, Consumer<@Nullable Throwable> late) {
      this.inTime = inTime;
      this.late = late;
    }

    void comes(@Nullable Throwable thrown) {
      Consumer<@Nullable Throwable> told = over ? late : inTime;
      over = true;
      told.accept(thrown);
    }
  }
}
