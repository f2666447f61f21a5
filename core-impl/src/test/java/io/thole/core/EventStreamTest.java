package io.thole.core;

import static io.thole.core.ManualNode.all;
import static io.thole.core.ManualNode.at;
import static io.thole.core.ManualNode.update;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.EventsDropped;
import io.thole.api.ClusterEvent.ObserverFailed;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final NodeId B = NodeId.at(at("b:1"));
  private static final NodeId C = NodeId.at(at("c:1"));
  private static final Startup STARTUP = new Startup(ManualNode.SELF, StartupMode.MEMBER);

  private final ManualNode node = ManualNode.waitingForNothing();
  private final List<ClusterEvent> heard = new ArrayList<>();

  @BeforeEach
  void started() {
    node.start();
    node.told();
  }

  @Test
  void tellsOfTheWholeLifeWithAddressAndMode() { // A6
    node.publish(update(1, all("b:1"), List.of(), B));
    node.shutdown();

    assertEquals(
        List.of(
            update(1, all("b:1"), List.of(), B), new Shutdown(ManualNode.SELF, StartupMode.MEMBER)),
        node.told());
  }

  @Test
  void reportsAnObserverThatThrowsOnceAndKeepsIt() { // A9
    node.events.subscribe(
        TopologyUpdated.class,
        event -> {
          heard.add(event);
          throw new IllegalStateException("no");
        },
        "the test of bundle b");
    TopologyUpdated first = update(1, all("b:1"), List.of(), B);
    TopologyUpdated second = update(2, List.of(), all("b:1"));

    node.publish(first);
    node.publish(second);

    assertEquals(List.of(first, second), heard);
    assertEquals(
        List.of(
            first, new ObserverFailed("the test of bundle b", "IllegalStateException: no"), second),
        node.told());
    assertEquals(List.of(ManualNode.SELF), node.members());
  }

  @Test
  void goesOnWithoutAnObserverThatIsSlow() { // A9
    node.events.subscribe(ClusterEvent.class, heard::add, "slow");
    node.loop.run();
    node.loop.hold("observer slow", true);

    node.publish(update(1, all("b:1"), List.of(), B));

    assertEquals(List.of(STARTUP), heard);
    assertEquals(List.of(update(1, all("b:1"), List.of(), B)), node.told());
    assertEquals(List.of(ManualNode.SELF, at("b:1")), node.members());
  }

  @Test
  void tellsASlowObserverHowMuchItMissedAndThenTheState() { // A9
    node.events.subscribe(ClusterEvent.class, heard::add, "slow");
    node.loop.run();
    heard.clear();
    node.loop.hold("observer slow", true);

    for (int version = 1; version <= EventStream.QUEUE + 10; version++) {
      node.publish(
          version % 2 == 1
              ? update(version, all("b:1"), List.of(), B)
              : update(version, List.of(), all("b:1")));
    }
    node.loop.hold("observer slow", false);
    node.loop.run();

    assertEquals(EventStream.QUEUE + 3, heard.size());
    assertEquals(
        List.of(new EventsDropped(10), STARTUP, update(4106, List.of(), all("b:1"))),
        heard.subList(EventStream.QUEUE, heard.size()));
    assertEquals(10, node.events.dropped());
  }

  @Test
  void comesToRestWhenAFullObserverCloses() { // A10
    EventSubscription subscription =
        node.events.subscribe(TopologyUpdated.class, heard::add, "closing");
    node.loop.run();

    node.events.publish(update(1, all("b:1"), List.of(), B));
    subscription.close(); // its place is taken away on the loop later than the event comes
    assertTimeoutPreemptively(Duration.ofSeconds(20), node.loop::run);

    assertEquals(List.of(), heard);
    assertEquals(1, node.events.observers());
  }

  @Test
  void tellsWhatAnObserverPublishesAfterTheEventThatItIsTold() { // A11
    node.events.subscribe(TopologyUpdated.class, event -> {
      if (event.topology().version() == 1) {
        node.events.publish(update(2, all("c:1"), List.of(), B, C));
        node.events.publish(update(3, List.of(), all("c:1"), B));
      }
    });
    node.loop.run();

    node.publish(update(1, all("b:1"), List.of(), B));

    assertEquals(
        List.of(
            update(1, all("b:1"), List.of(), B),
            update(2, all("c:1"), List.of(), B, C),
            update(3, List.of(), all("c:1"), B)),
        node.told());
  }

  @Test
  void tellsALateObserverTheStateFirstAndThenWhatIsNewer() { // A14
    node.publish(update(1, all("b:1"), List.of(), B));
    node.publish(update(2, all("c:1"), List.of(), B, C));

    node.events.subscribe(ClusterEvent.class, heard::add);
    node.publish(update(3, List.of(), all("b:1"), C));

    assertEquals(
        List.of(
            STARTUP, update(2, all("c:1"), List.of(), B, C), update(3, List.of(), all("b:1"), C)),
        heard);
  }

  @Test
  void tellsALateObserverNothingOfARunThatIsOver() { // A14
    node.publish(update(1, all("b:1"), List.of(), B));
    node.shutdown();

    node.events.subscribe(ClusterEvent.class, heard::add);
    node.loop.run();

    assertEquals(List.of(new Shutdown(ManualNode.SELF, StartupMode.MEMBER)), heard);
  }

  @Test
  void callsNobodyWhoHasClosed() { // A10
    EventSubscription subscription = node.events.subscribe(TopologyUpdated.class, heard::add);
    node.loop.run();

    subscription.close();
    subscription.close();
    node.publish(update(1, all("b:1"), List.of(), B));

    assertEquals(List.of(), heard);
  }
}
