package io.thole.shell;

import io.thole.api.ClusterEvent;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A stream that tells its observers at once, on the thread that publishes. */
final class FixtureEvents implements EventStream {
  private final List<Consumer<ClusterEvent>> observers = new CopyOnWriteArrayList<>();

  void tell(ClusterEvent event) {
    observers.forEach(observer -> observer.accept(event));
  }

  int observers() {
    return observers.size();
  }

  @Override
  public void publish(ClusterEvent.TopologyUpdated event) {
    tell(event);
  }

  @Override
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> observer) {
    Consumer<ClusterEvent> told = event -> {
      if (type.isInstance(event)) {
        observer.accept(type.cast(event));
      }
    };
    observers.add(told);
    return () -> observers.remove(told);
  }
}
