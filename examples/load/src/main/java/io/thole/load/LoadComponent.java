package io.thole.load;

import io.thole.api.Cluster;
import io.thole.api.NotStartedException;
import io.thole.api.grain.Grains;
import io.thole.api.pubsub.PubSub;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Publishes, calls and subscribes as it is configured, and goes on when the services that it uses are replaced. Without a
 * journal it is idle: what nobody can check it does not do.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = LoadSettings.PID)
@Designate(ocd = LoadComponent.Settings.class)
public final class LoadComponent {
  private static final Logger LOG = System.getLogger(LoadComponent.class.getName());

  private final JournalComponent journals;
  private final AtomicReference<@Nullable Cluster> cluster = new AtomicReference<>();
  private final AtomicReference<@Nullable PubSub> pubSub = new AtomicReference<>();
  private final AtomicReference<@Nullable Grains> grains = new AtomicReference<>();
  private final Listener listener;
  private LoadSettings settings = LoadSettings.IDLE;
  private Pulse publishing;
  private Pulse calling;

  /** What can be configured. */
  @ObjectClassDefinition(
      name = "Thole load",
      description =
          "Publishes and calls at a steady rate, and keeps a journal. Changes apply at once.")
  @interface Settings {
    /** Returns the file, in the home unless it is absolute. */
    @AttributeDefinition(
        name = "Journal",
        description = "A file that grows; without it all is idle")
    String journal() default "";

    /** Returns the topic. */
    @AttributeDefinition(name = "Topic", description = "Where it publishes and subscribes")
    String topic() default "load";

    /** Returns the rate. */
    @AttributeDefinition(name = "Publishes per second", description = "0 to 100000; 0 is none")
    long publishPerSecond() default 0;

    /** Returns the size. */
    @AttributeDefinition(
        name = "Bytes",
        description = "The size of a message or request, 0 to 1048576")
    int bytes() default 100;

    /** Returns the number of messages. */
    @AttributeDefinition(
        name = "Count",
        description = "After how many publishes to stop; 0 is never")
    long count() default 0;

    /** Tells whether to subscribe. */
    @AttributeDefinition(name = "Subscribe", description = "Whether it handles messages")
    boolean subscribe() default false;

    /** Returns the rate. */
    @AttributeDefinition(name = "Calls per second", description = "0 to 100000; 0 is none")
    long callsPerSecond() default 0;

    /** Returns the kind. */
    @AttributeDefinition(
        name = "Kind",
        description = "What is called; only load keeps a journal of it")
    String kind() default "load";

    /** Returns the number of grains. */
    @AttributeDefinition(
        name = "Keys",
        description = "How many grains are called in turn, 1 to 100000")
    long keys() default 10;
  }

  /** Begins as it is configured; what is refused is said, and then it is idle. */
  @Activate
  public LoadComponent(@Reference JournalComponent journals, Map<String, Object> configuration) {
    this.journals = journals;
    listener = new Listener(journals, this::node);
    publishing = Pulse.start("thole-load-publish", 0, skipped -> false);
    calling = Pulse.start("thole-load-call", 0, skipped -> false);
    modified(configuration);
  }

  /** Takes a change; what is refused is said, and then all goes on as it was. */
  @Modified
  void modified(Map<String, Object> configuration) {
    try {
      apply(LoadSettings.of(configuration));
    } catch (IllegalArgumentException e) {
      LOG.log(Level.WARNING, LoadSettings.PID + ": " + e.getMessage());
    }
  }

  @Deactivate
  void deactivate() {
    LoadSettings last = settings;
    apply(LoadSettings.IDLE);
    journals.current().ifPresent(journal -> {
      journal.awaitSettled(JournalComponent.SETTLE_LIMIT);
      Cluster present = cluster.get();
      if (present != null) {
        Set<String> scopes = Set.of("topic " + last.topic(), "kind " + last.kind());
        present.accounts().stream()
            .filter(account -> scopes.contains(account.scope()))
            .forEach(journal::counted);
      }
    });
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCluster(Cluster service) {
    cluster.set(service);
  }

  // A successor is bound before its predecessor goes: only what is still there is taken away.
  void unbindCluster(Cluster service) {
    cluster.compareAndSet(service, null);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindPubSub(PubSub service) {
    journals.noted("publish/subscribe came");
    listener.arrived(service); // first, so that it hears what is published here
    pubSub.set(service);
  }

  void unbindPubSub(PubSub service) {
    pubSub.compareAndSet(service, null);
    listener.left(service);
    journals.noted("publish/subscribe went");
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindGrains(Grains service) {
    journals.noted("grains came");
    grains.set(service);
  }

  void unbindGrains(Grains service) {
    grains.compareAndSet(service, null);
    journals.noted("grains went");
  }

  private void apply(LoadSettings next) {
    LoadSettings last = settings;
    settings = next;
    listener.listen(next.subscribe() ? Optional.of(next.topic()) : Optional.empty());
    if (!next.publishesAs(last)) {
      publishing.close();
      publishing = Pulse.start(
          "thole-load-publish",
          next.publishPerSecond(),
          new Publisher(next, journals, pubSub::get, this::node));
    }
    if (!next.callsAs(last)) {
      calling.close();
      calling = Pulse.start(
          "thole-load-call",
          next.callsPerSecond(),
          new Caller(next, journals, grains::get, this::node));
    }
  }

  private String node() {
    Cluster present = cluster.get();
    try {
      return present == null ? "" : present.self().toString();
    } catch (NotStartedException e) {
      return "";
    }
  }
}
