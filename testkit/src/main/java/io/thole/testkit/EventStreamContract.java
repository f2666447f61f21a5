package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.EventsDropped;
import io.thole.api.ClusterEvent.ObserverFailed;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterTopology;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link EventStream} must do, as JUnit tests: one order for all, the state as it is for those who come late, and
 * no harm from observers that throw, are slow or go away. Extend it, and say how to make a node and its stream.
 */
@Timeout(120)
public abstract class EventStreamContract {
  private static final int OBSERVERS = 3;
  private static final int PUBLISHERS = 4;
  private static final int EVENTS = 200;
  private static final int TOO_MANY = EventStream.QUEUE + 500;

  private final List<EventSubscription> subscriptions = new ArrayList<>();

  /** Makes the contract; JUnit does. */
  protected EventStreamContract() {}

  /**
   * Returns the stream of a node that runs as a member, that nobody else tells about the cluster, and of which no topology
   * has been published. The same one for the whole of a test.
   */
  protected abstract EventStream stream();

  /** Returns the id of that node. */
  protected abstract NodeId self();

  /** Is called again and again while the contract waits: a node in virtual time runs here. */
  protected void passTime() {
    Patience.rest();
  }

  /** Returns how long, in real time, to wait for what must happen. */
  protected Duration patience() {
    return Duration.ofSeconds(10);
  }

  @Test // A4, A5
  void tellsEveryObserverEachChangeOnceAndInOrder() {
    List<List<Long>> seen = observers();

    publish(1, EVENTS);
    await("all saw the last", () -> allEndWith(seen, EVENTS));

    for (List<Long> one : seen) {
      assertEquals(LongStream.rangeClosed(1, EVENTS).boxed().toList(), one);
    }
  }

  @Test // A5, A10
  void showsAllObserversOneOrderWhenManyPublishAtOnce() throws InterruptedException {
    List<List<Long>> seen = observers();

    List<Thread> publishers = IntStream.range(0, PUBLISHERS)
        .mapToObj(i -> new Thread(() -> publish(1, EVENTS)))
        .toList();
    publishers.forEach(Thread::start);
    for (Thread publisher : publishers) {
      publisher.join();
    }
    await("all saw the last", () -> allEndWith(seen, EVENTS));

    for (List<Long> one : seen) {
      assertEquals(one.stream().distinct().sorted().toList(), one);
      assertEquals(seen.get(0), one);
    }
  }

  @Test // A13, B3
  void passesOverWhatIsOldAndRejectsWhatMakesNoSense() {
    List<ClusterEvent> seen = all();
    Authority twice = authority(7);

    publish(1, 2);
    publish(2, 2);
    publish(1, 1);
    stream()
        .publish(new TopologyUpdated(
            new ClusterTopology(List.of(twice, twice), List.of(), 3), List.of(), List.of(self())));
    publish(3, 3);
    await("the last came", () -> endsWith(versions(seen), 3));

    assertEquals(List.of(1L, 2L, 3L), versions(seen));
    assertEquals(1, of(TopologyRejected.class, seen).size());
  }

  @Test // A14
  void tellsALateObserverTheStateFirstAndThenOnlyWhatIsNewer() {
    List<ClusterEvent> early = all();
    publish(1, 3);
    await("the third came", () -> endsWith(versions(early), 3));

    List<ClusterEvent> late = all();
    publish(4, 4);
    await("the late one saw the fourth", () -> endsWith(versions(late), 4));

    assertEquals(
        List.of(new Startup(self().authority(), StartupMode.MEMBER), event(3), event(4)), late);
  }

  @Test
  void tellsAnObserverOnlyWhatItAskedFor() {
    List<ClusterEvent> all = all();
    List<ClusterEvent> startups = record(Startup.class);

    publish(1, 2);
    await("the last came", () -> endsWith(versions(all), 2));
    await("its own came", () -> !startups.isEmpty()); // each observer has a worker of its own

    assertEquals(List.of(new Startup(self().authority(), StartupMode.MEMBER)), startups);
  }

  @Test // A10
  void tellsAnObserverNothingOnceItIsClosed() {
    List<ClusterEvent> witness = all();
    for (int round = 1; round <= EVENTS; round++) {
      List<ClusterEvent> seen = new CopyOnWriteArrayList<>();
      EventSubscription subscription = stream().subscribe(ClusterEvent.class, seen::add);
      publish(round, round);
      subscription.close();
      List<ClusterEvent> before = List.copyOf(seen);

      long last = round;
      await("the witness saw it", () -> endsWith(versions(witness), last));
      subscription.close();

      assertEquals(before, seen);
    }
  }

  @Test // A10
  void anObserverMayCloseItselfAndIsToldNothingMore() {
    List<ClusterEvent> witness = all();
    List<ClusterEvent> seen = new CopyOnWriteArrayList<>();
    List<EventSubscription> own = new CopyOnWriteArrayList<>();
    EventSubscription subscription = stream().subscribe(TopologyUpdated.class, event -> {
      seen.add(event);
      own.forEach(EventSubscription::close);
    });
    own.add(subscription);
    subscriptions.add(subscription);

    publish(1, 3);
    await("the witness saw the last", () -> endsWith(versions(witness), 3));

    await("it was told", () -> !seen.isEmpty());
    assertEquals(List.of(event(1)), seen);
  }

  @Test // A9
  void reportsAnObserverThatThrowsOnceAndGoesOnWithAll() {
    List<ClusterEvent> witness = all();
    List<ClusterEvent> told = new CopyOnWriteArrayList<>();
    subscribe(TopologyUpdated.class, event -> {
      told.add(event);
      throw new IllegalStateException("overboard");
    });

    publish(1, 3);
    await("both saw the last", () -> endsWith(versions(witness), 3) && told.size() >= 3);
    await("the report came", () -> !of(ObserverFailed.class, witness).isEmpty());

    List<ObserverFailed> reports = of(ObserverFailed.class, witness);
    assertEquals(1, reports.size());
    assertTrue(reports.get(0).reason().contains("overboard"), reports.toString());
    assertEquals(List.of(event(1), event(2), event(3)), told);
    assertEquals(List.of(1L, 2L, 3L), versions(witness));
  }

  @Test // A11
  void anObserverMayPublishAndEverybodySeesTheOrder() {
    List<List<Long>> seen = observers();
    subscribe(TopologyUpdated.class, event -> {
      if (event.topology().version() < EVENTS) {
        long next = event.topology().version() + 1;
        publish(next, next);
      }
    });

    publish(1, 1);
    await("all saw the last", () -> allEndWith(seen, EVENTS));

    for (List<Long> one : seen) {
      assertEquals(LongStream.rangeClosed(1, EVENTS).boxed().toList(), one);
    }
  }

  @Test // A9, A14
  void tellsASlowObserverHowMuchItMissedAndThenTheStateAsItIs() {
    Thread test = Thread.currentThread();
    CountDownLatch goOn = new CountDownLatch(1);
    List<ClusterEvent> witness = all();
    List<ClusterEvent> seen = new CopyOnWriteArrayList<>();
    subscribe(ClusterEvent.class, event -> {
      if (Thread.currentThread() != test) {
        awaitQuietly(
            goOn); // in virtual time its queue fills because nobody is called before passTime
      }
      seen.add(event);
    });

    publish(1, TOO_MANY);
    await("the witness saw the last", () -> endsWith(versions(witness), TOO_MANY));
    goOn.countDown();
    await("the slow one caught up", () -> endsWith(versions(seen), TOO_MANY));

    List<EventsDropped> notices = of(EventsDropped.class, seen);
    assertEquals(1, notices.size());
    int notice = seen.indexOf(notices.get(0));
    assertEquals(LongStream.range(1, notice).boxed().toList(), versions(seen.subList(0, notice)));
    assertEquals(TOO_MANY + 1, notice + notices.get(0).count(), "told and missed");
    assertEquals(
        List.of(new Startup(self().authority(), StartupMode.MEMBER), event(TOO_MANY)),
        seen.subList(notice + 1, seen.size()));
  }

  @AfterEach
  void closeTheSubscriptions() {
    subscriptions.forEach(EventSubscription::close);
  }

  /** Publishes the changes of some versions, one after the other. */
  private void publish(long first, long last) {
    LongStream.rangeClosed(first, last).forEach(version -> stream().publish(event(version)));
  }

  /** Makes the change of a version: one node comes for each odd one, and goes again with the next. */
  private TopologyUpdated event(long version) {
    Authority other = authority((version + 1) / 2 % 1_000);
    boolean joins = version % 2 == 1;
    ClusterTopology topology = new ClusterTopology(
        joins ? List.of(other) : List.of(), joins ? List.of() : List.of(other), version);
    List<NodeId> members = joins ? List.of(self(), NodeId.at(other)) : List.of(self());
    return new TopologyUpdated(topology, List.of(), members);
  }

  private static Authority authority(long number) {
    return new Authority("10.0.0.1", Math.toIntExact(number) + 1);
  }

  private List<List<Long>> observers() {
    List<List<Long>> seen = new ArrayList<>();
    for (int i = 0; i < OBSERVERS; i++) {
      List<Long> versions = new CopyOnWriteArrayList<>();
      subscribe(TopologyUpdated.class, event -> versions.add(event.topology().version()));
      seen.add(versions);
    }
    return seen;
  }

  private List<ClusterEvent> all() {
    return record(ClusterEvent.class);
  }

  private List<ClusterEvent> record(Class<? extends ClusterEvent> type) {
    List<ClusterEvent> seen = new CopyOnWriteArrayList<>();
    subscribe(type, seen::add);
    return seen;
  }

  private <E extends ClusterEvent> void subscribe(Class<E> type, Consumer<? super E> observer) {
    subscriptions.add(stream().subscribe(type, observer));
  }

  private static List<Long> versions(List<ClusterEvent> events) {
    return of(TopologyUpdated.class, events).stream()
        .map(event -> event.topology().version())
        .toList();
  }

  private static <E extends ClusterEvent> List<E> of(Class<E> type, List<ClusterEvent> events) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static boolean endsWith(List<Long> versions, long last) {
    return !versions.isEmpty() && versions.get(versions.size() - 1) == last;
  }

  private static boolean allEndWith(List<List<Long>> seen, long last) {
    return seen.stream().allMatch(versions -> endsWith(List.copyOf(versions), last));
  }

  private void await(String what, BooleanSupplier condition) {
    assertTrue(
        new Patience(patience()).until(condition, this::passTime),
        () -> "within " + patience() + ": " + what);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
