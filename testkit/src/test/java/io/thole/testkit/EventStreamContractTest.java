package io.thole.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.EventsDropped;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterSettings;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract finds each lie that a stream may tell; {@link ManualEventStreamTest} and its neighbour are honest. */
class EventStreamContractTest {
  /** A lie, and the test that must find it. */
  private record Lie(Class<?> contract, String found) {}

  static List<Lie> lies() {
    return List.of(
        new Lie(TellsTwice.class, "tellsEveryObserverEachChangeOnceAndInOrder"),
        new Lie(Reorders.class, "tellsEveryObserverEachChangeOnceAndInOrder"),
        new Lie(SwallowsWhatMakesNoSense.class, "passesOverWhatIsOldAndRejectsWhatMakesNoSense"),
        new Lie(ForgetsTheState.class, "tellsALateObserverTheStateFirstAndThenOnlyWhatIsNewer"),
        new Lie(IgnoresTheType.class, "tellsAnObserverOnlyWhatItAskedFor"),
        new Lie(NeverCloses.class, "tellsAnObserverNothingOnceItIsClosed"),
        new Lie(NeverCloses.class, "anObserverMayCloseItselfAndIsToldNothingMore"),
        new Lie(HidesFailures.class, "reportsAnObserverThatThrowsOnceAndGoesOnWithAll"),
        new Lie(HidesGaps.class, "tellsASlowObserverHowMuchItMissedAndThenTheStateAsItIs"));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void findsALie(Lie lie) {
    Verdict verdict = Verdict.of(lie.contract(), List.of(lie.found()));

    assertTrue(verdict.failures().containsKey(lie.found()), verdict.toString());
  }

  /** The stream of a real node, on which each observer is spoiled. */
  abstract static class OfSpoiled extends EventStreamContract implements EventStream {
    final ManualNode node = ManualNode.create(ClusterSettings.DEFAULTS.with("startWhen", ""));
    private final UnaryOperator<Consumer<ClusterEvent>> spoil;

    OfSpoiled(UnaryOperator<Consumer<ClusterEvent>> spoil) {
      this.spoil = spoil;
    }

    @BeforeEach
    void startTheNode() {
      node.start();
    }

    @Override
    protected EventStream stream() {
      return this;
    }

    @Override
    protected NodeId self() {
      return node.self();
    }

    @Override
    protected void passTime() {
      node.run();
    }

    @Override
    protected Duration patience() {
      return Duration.ofMillis(100);
    }

    @Override
    public void publish(TopologyUpdated event) {
      node.stream().publish(event);
    }

    @Override
    public <E extends ClusterEvent> EventSubscription subscribe(
        Class<E> type, Consumer<? super E> observer) {
      Consumer<ClusterEvent> honest = event -> {
        if (type.isInstance(event)) {
          observer.accept(type.cast(event));
        }
      };
      return node.stream().subscribe(ClusterEvent.class, spoil.apply(honest));
    }
  }

  static class TellsTwice extends OfSpoiled {
    TellsTwice() {
      super(observer -> observer.andThen(observer));
    }
  }

  static class Reorders extends OfSpoiled {
    Reorders() {
      super(observer -> {
        Deque<ClusterEvent> held = new ArrayDeque<>();
        return event -> {
          held.push(event);
          if (held.size() == 2) {
            held.forEach(observer);
            held.clear();
          }
        };
      });
    }
  }

  /** Keeps one kind of event to itself. */
  abstract static class Hides extends OfSpoiled {
    Hides(Class<? extends ClusterEvent> hidden) {
      super(observer -> event -> {
        if (!hidden.isInstance(event)) {
          observer.accept(event);
        }
      });
    }
  }

  static class SwallowsWhatMakesNoSense extends Hides {
    SwallowsWhatMakesNoSense() {
      super(TopologyRejected.class);
    }
  }

  static class ForgetsTheState extends Hides {
    ForgetsTheState() {
      super(Startup.class);
    }
  }

  static class HidesGaps extends Hides {
    HidesGaps() {
      super(EventsDropped.class);
    }
  }

  static class IgnoresTheType extends OfSpoiled {
    IgnoresTheType() {
      super(observer -> observer);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <E extends ClusterEvent> EventSubscription subscribe(
        Class<E> type, Consumer<? super E> observer) {
      return node.stream().subscribe(ClusterEvent.class, (Consumer<ClusterEvent>) observer);
    }
  }

  static class NeverCloses extends OfSpoiled {
    NeverCloses() {
      super(observer -> observer);
    }

    @Override
    public <E extends ClusterEvent> EventSubscription subscribe(
        Class<E> type, Consumer<? super E> observer) {
      super.subscribe(type, observer);
      return () -> {};
    }
  }

  static class HidesFailures extends OfSpoiled {
    HidesFailures() {
      super(observer -> event -> {
        try {
          observer.accept(event);
        } catch (IllegalStateException hidden) {
          assertTrue(hidden.getMessage() != null);
        }
      });
    }
  }
}
