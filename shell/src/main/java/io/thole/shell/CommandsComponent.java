package io.thole.shell;

import io.thole.api.Cluster;
import io.thole.api.ClusterEvent;
import io.thole.api.EventStream;
import io.thole.api.EventSubscription;
import io.thole.api.grain.Grains;
import io.thole.api.pubsub.PubSub;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Offers the commands to Gogo, as long as this bundle runs: with a node or without, so that a person can always ask. Each
 * is a service of Gogo's {@code Function}, which is handed its words as they were typed, where a method would have them
 * converted to what its parameters look like.
 */
@Component(service = CommandsComponent.class, immediate = true)
public final class CommandsComponent {
  private final AtomicReference<@Nullable Cluster> cluster = new AtomicReference<>();
  private final AtomicReference<@Nullable PubSub> pubSub = new AtomicReference<>();
  private final AtomicReference<@Nullable Grains> grains = new AtomicReference<>();
  private final AtomicReference<@Nullable Listening> listening = new AtomicReference<>();
  private final List<Supplier<List<Map<String, String>>>> checks = new CopyOnWriteArrayList<>();
  private final EventHistory history = new EventHistory(InstantSource.system());
  private final Aside aside = new Aside();
  private final Printed printed = new Printed(aside);
  private final Services services = new Services(
      () -> Optional.ofNullable(cluster.get()),
      () -> Optional.ofNullable(pubSub.get()),
      () -> Optional.ofNullable(grains.get()),
      () -> List.copyOf(checks));
  private final Commands commands = Commands.of(services, history, printed);
  private final List<ServiceRegistration<Function>> registrations = new ArrayList<>();

  private record Listening(EventStream events, EventSubscription subscription) {}

  /** Makes one; Declarative Services do. */
  public CommandsComponent() {}

  /** Returns the commands. */
  Commands commands() {
    return commands;
  }

  /** Returns what completes them. */
  Completion completion() {
    return new Completion(commands, services);
  }

  /** Returns where messages are shown. */
  Aside aside() {
    return aside;
  }

  @Activate
  void activate(BundleContext context) {
    commands
        .all()
        .forEach(command -> registrations.add(context.registerService(
            Function.class, (session, words) -> run(command, words), properties(command))));
  }

  @Deactivate
  void deactivate() {
    registrations.forEach(ServiceRegistration::unregister);
    registrations.clear();
  }

  // A Gogo function returns something; these have printed it. Gogo gives each part of a pipe a
  // System.out of its own.
  private static @Nullable Object run(Command command, List<Object> words) {
    command.run(words, System.out);
    return null;
  }

  private static Dictionary<String, Object> properties(Command command) {
    return FrameworkUtil.asDictionary(Map.of(
        CommandProcessor.COMMAND_SCOPE,
        "thole",
        CommandProcessor.COMMAND_FUNCTION,
        command.usage().name()));
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCluster(Cluster found) {
    cluster.set(found);
  }

  void unbindCluster(Cluster gone) {
    cluster.compareAndSet(gone, null);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEvents(EventStream events) {
    end(listening.getAndSet(
        null)); // the new stream tells the state again; nobody is to read it twice
    listening.set(new Listening(events, events.subscribe(ClusterEvent.class, history::add)));
  }

  void unbindEvents(EventStream gone) {
    Listening current = listening.get();
    if (current != null
        && current.events().equals(gone)
        && listening.compareAndSet(current, null)) {
      end(current);
    }
  }

  private static void end(@Nullable Listening ended) {
    if (ended != null) {
      ended.subscription().close();
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPubSub(PubSub found) {
    pubSub.set(found);
    printed.use(found);
  }

  void unbindPubSub(PubSub gone) {
    pubSub.compareAndSet(gone, null);
    printed.lose(gone);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindGrains(Grains found) {
    grains.set(found);
  }

  void unbindGrains(Grains gone) {
    grains.compareAndSet(gone, null);
  }

  @Reference(
      service = Supplier.class,
      target = "(io.thole.doctor=*)",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindCheck(Supplier<List<Map<String, String>>> check) {
    checks.add(check);
  }

  void unbindCheck(Supplier<List<Map<String, String>>> check) {
    checks.remove(check);
  }
}
