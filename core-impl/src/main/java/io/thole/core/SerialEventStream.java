package io.thole.core;

import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.EventsDropped;
import io.thole.api.ClusterEvent.ObserverFailed;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The event stream: one order, made on the loop; the core is told first, on the loop, and every observer on a worker of its
 * own. {@link #publish} and {@link #subscribe} may be called from any thread; everything else is confined to the loop.
 */
public final class SerialEventStream implements EventStream {
  private final NodeLoop loop;
  private final Workers workers;
  private final List<Observer<?>> observers = new ArrayList<>();
  private final CurrentState current = new CurrentState();
  private CoreSubscriber core = CoreSubscriber.NONE;
  private long published;
  private long dropped;

  /**
   * Makes a stream without observers.
   *
   * @param loop on which the order is made
   * @param workers on which observers are called
   */
  public SerialEventStream(NodeLoop loop, Workers workers) {
    this.loop = loop;
    this.workers = workers;
  }

  @Override
  public void publish(TopologyUpdated event) {
    loop.execute(() -> {
      if (core.admits(event)) {
        emit(event);
      }
    });
  }

  @Override
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> observer) {
    return subscribe(type, observer, observer.getClass().getName());
  }

  /**
   * Does what the other one does, for an observer whose owner is known.
   *
   * @param <E> the type
   * @param type the type of event
   * @param observer what is called
   * @param owner who it belongs to, for people: its class and bundle
   */
  public <E extends ClusterEvent> EventSubscription subscribe(
      Class<E> type, Consumer<? super E> observer, String owner) {
    Observer<E> place =
        new Observer<>(type, observer, owner, workers.open("observer " + owner, QUEUE));
    loop.execute(() -> {
      observers.add(place);
      current.events().forEach(place::tell);
    });
    return place;
  }

  /**
   * Puts the core before all observers.
   *
   * @throws ClusterException if there is one: two would stamp each other's versions
   */
  void attach(CoreSubscriber subscriber) {
    if (core != CoreSubscriber.NONE) {
      throw new ClusterException("the event stream has a core already");
    }
    core = subscriber;
  }

  /** Takes a core away; from now on what anyone publishes is ignored. */
  void detach(CoreSubscriber subscriber) {
    if (core == subscriber) {
      core = CoreSubscriber.NONE;
    }
  }

  /** Has late observers told nothing of a start that came to nothing. */
  void forgetTopology() {
    current.forgetTopology();
  }

  /** Tells the core, and then everyone. */
  void emit(ClusterEvent event) {
    published++;
    current.note(event);
    core.apply(event);
    for (Observer<?> observer : observers) {
      observer.tell(event);
    }
  }

  /**
   * Runs something once every observer was told all that went before. An observer that hangs, or ends meanwhile, prevents
   * it: whoever waits has a limit.
   *
   * @param told runs on the loop
   */
  public void whenTold(Runnable told) {
    int[] busy = {observers.size() + 1};
    Runnable one = () -> {
      if (--busy[0] == 0) {
        told.run();
      }
    };
    observers.forEach(observer -> observer.worker.whenIdle(() -> loop.execute(one)));
    one.run();
  }

  long published() {
    return published;
  }

  long dropped() {
    return dropped;
  }

  int observers() {
    return observers.size();
  }

  /** An observer's place: on the loop it takes events and hands them to its worker. */
  private final class Observer<E extends ClusterEvent> implements EventSubscription {
    private final Class<E> type;
    private final Consumer<? super E> observer;
    private final String owner;
    private final Worker worker;
    private long missed;
    private boolean failureTold;

    Observer(Class<E> type, Consumer<? super E> observer, String owner, Worker worker) {
      this.type = type;
      this.observer = observer;
      this.owner = owner;
      this.worker = worker;
    }

    void tell(ClusterEvent event) {
      if (!type.isInstance(event)) {
        return;
      }
      if (missed > 0 || !worker.offer(() -> call(event))) {
        miss();
      }
    }

    private void miss() {
      missed++;
      dropped++;
      if (missed == 1) {
        worker.whenIdle(() -> loop.execute(this::catchUp));
      }
    }

    private void catchUp() {
      if (!observers.contains(this)) {
        return;
      }
      ClusterEvent notice = new EventsDropped(missed);
      missed = 0;
      if (type.isInstance(notice)) {
        tell(notice);
      }
      current.events().forEach(this::tell);
    }

    private void call(ClusterEvent event) {
      try {
        observer.accept(type.cast(event));
      } catch (Throwable thrown) { // an observer may throw anything, and must harm nobody
        loop.execute(() -> failed(Failure.reason(thrown)));
      }
    }

    private void failed(String reason) {
      if (!failureTold) {
        failureTold = true;
        emit(new ObserverFailed(owner, reason));
      }
    }

    @Override
    public void close() {
      worker.close();
      loop.execute(() -> observers.remove(this));
    }
  }
}
