package io.thole.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.core.Worker;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PooledWorkersTest {
  private static final int TASKS = 1_000;

  private final ThreadNodeLoop loop = new ThreadNodeLoop("loop");
  private final PooledWorkers workers = new PooledWorkers("worker", loop);

  @Test
  void runsWhatTheLoopHandsInInItsOrder() {
    Worker worker = workers.open("one", TASKS);
    BlockingQueue<Integer> ran = new LinkedBlockingQueue<>();

    IntStream.range(0, TASKS).forEach(i -> loop.execute(() -> worker.offer(() -> ran.add(i))));

    assertEquals(IntStream.range(0, TASKS).boxed().toList(), take(ran));
  }

  @Test
  void isWokenWhileTheLoopStillHasTasksOfTheSameBatch() throws InterruptedException {
    Worker worker = workers.open("one", TASKS);
    CountDownLatch handedIn = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(1);
    BlockingQueue<Boolean> seen = new LinkedBlockingQueue<>();
    loop.execute(() -> await(handedIn)); // holds the loop, so that all that follows is one batch

    loop.execute(() -> worker.offer(ran::countDown));
    IntStream.range(1, TASKS).forEach(i -> loop.execute(() -> {}));
    loop.execute(() -> seen.add(await(ran)));
    handedIn.countDown();

    assertTrue(seen.take());
  }

  @Test
  void refusesWhatIsTooMuchAlsoWhereItHasTakenWhatWaits() { // A9
    Worker worker = workers.open("one", 3);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);

    loop.execute(
        () -> { // all of it waits when the worker begins
          worker.offer(() -> {
            begun.countDown();
            await(goesOn);
          });
          worker.offer(() -> {});
          worker.offer(() -> {});
        });
    assertTrue(await(begun));

    assertTrue(worker.offer(() -> {}));
    assertFalse(worker.offer(() -> {}));
    goesOn.countDown();
  }

  @Test
  void beginsNothingOnceItIsClosedAlsoWhereItHasTakenIt() { // A10
    Worker worker = workers.open("one", TASKS);
    CountDownLatch ended = new CountDownLatch(1);
    BlockingQueue<Integer> ran = new LinkedBlockingQueue<>();

    loop.execute(() -> {
      worker.offer(() -> {
        worker.close();
        worker.whenIdle(ended::countDown);
      });
      IntStream.range(0, TASKS - 1).forEach(i -> worker.offer(() -> ran.add(i)));
    });

    assertTrue(await(ended));
    assertEquals(List.of(), List.copyOf(ran));
  }

  @Test
  void isIdleOnlyWhenAllThatItHasTakenHasRun() throws InterruptedException { // A14
    Worker worker = workers.open("one", TASKS);
    BlockingQueue<Integer> ran = new LinkedBlockingQueue<>();
    BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();

    loop.execute(() -> {
      IntStream.range(0, TASKS).forEach(i -> worker.offer(() -> ran.add(i)));
      worker.whenIdle(() -> seen.add(ran.size()));
    });

    assertEquals(TASKS, seen.take());
  }

  private static List<Integer> take(BlockingQueue<Integer> ran) {
    return Stream.generate(() -> {
          try {
            Integer next = ran.poll(30, TimeUnit.SECONDS);
            return next == null ? -1 : next;
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        })
        .limit(TASKS)
        .toList();
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
