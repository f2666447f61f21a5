package io.thole.container.listener;

import io.thole.api.pubsub.Message;
import io.thole.api.pubsub.PubSub;
import io.thole.api.pubsub.Topic;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Writes into the journal what it is told on the topic {@code news}, and never ends its subscription. */
@Component(
    service = {},
    immediate = true)
public final class ListenerComponent {
  private final String name;
  private final String does;
  private final Consumer<String> journal;

  /** Subscribes. */
  @Activate
  public ListenerComponent(
      BundleContext bundle,
      @Reference PubSub pubSub,
      @Reference(target = "(fixture=journal)") Consumer<String> journal) {
    this.journal = journal;
    name = bundle.getBundle().getSymbolicName();
    does = bundle.getBundle().getHeaders().get("Fixture-Does");
    pubSub.subscribe(new Topic("news"), this::on);
  }

  private void on(Message message) {
    journal.accept(name + " begins");
    switch (does) {
      case "throw" -> throw new IllegalStateException("the handler's own fault");
      case "hang" -> hang();
      default -> journal.accept(name + " ends");
    }
  }

  /** Does nothing until the test is over, whoever interrupts it: it is the worst that a handler can do. */
  private static void hang() {
    while (Boolean.getBoolean("io.thole.container.hang")) {
      LockSupport.parkNanos(10_000_000);
      Thread.interrupted();
    }
  }
}
