package io.thole.container.watcher;

import io.thole.api.ClusterEvent;
import io.thole.api.EventStream;
import io.thole.api.EventText;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Writes every event into the journal, and never ends its subscription. */
@Component(
    service = {},
    immediate = true)
public final class WatcherComponent {
  private final String name;
  private final boolean throwing;
  private final Consumer<String> journal;

  /** Subscribes. */
  @Activate
  public WatcherComponent(
      BundleContext bundle,
      @Reference EventStream events,
      @Reference(target = "(fixture=journal)") Consumer<String> journal) {
    this.journal = journal;
    name = bundle.getBundle().getSymbolicName();
    throwing = Boolean.parseBoolean(bundle.getBundle().getHeaders().get("Fixture-Throws"));
    events.subscribe(ClusterEvent.class, this::on);
  }

  private void on(ClusterEvent event) {
    journal.accept(name + " " + EventText.of(event));
    if (throwing) {
      throw new IllegalStateException("the observer's own fault");
    }
  }
}
