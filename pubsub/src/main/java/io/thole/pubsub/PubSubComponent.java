package io.thole.pubsub;

import io.thole.api.Account;
import io.thole.api.ConfigurationException;
import io.thole.api.Escaped;
import io.thole.api.pubsub.MessageCodec;
import io.thole.api.pubsub.PubSub;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.PartContext;
import io.thole.spi.SerialWorker;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Offers a {@link PubSubBroker} to the core; and, while that runs, {@link PubSub} to applications: one for each bundle, whose
 * subscriptions end with it. Were it there before, everyone who subscribes as soon as it comes would be refused.
 */
@Component(service = ClusterPubSub.class, configurationPid = PubSubSettings.PID)
@Designate(ocd = PubSubComponent.Settings.class)
public final class PubSubComponent implements ClusterPubSub {
  private static final System.Logger LOG = System.getLogger(PubSubComponent.class.getName());

  private final PubSubBroker broker = new PubSubBroker();
  private final BundleContext bundles;
  private volatile Map<String, Object> configured;
  private volatile Offer offer = new Offer();

  /** What can be configured. */
  @ObjectClassDefinition(
      name = "Thole publish/subscribe",
      description = "How messages are delivered. Changes apply at once.")
  @interface Settings {
    /** Returns how long an outcome may take. */
    @AttributeDefinition(
        description = "How long to wait for the outcome of a message, in milliseconds.",
        min = "100",
        max = "600000")
    long deliveryTimeoutMillis() default 5_000;

    /** Returns the topics, or texts of several with commas between them. */
    @AttributeDefinition(
        description = "The topics of which each publish and each delivery is logged.",
        required = false)
    String[] trace();
  }

  /**
   * Makes the component. The settings are not looked at before the start, where their faults can be reported.
   *
   * @param bundles where services are registered
   * @param settings what is configured
   */
  @Activate
  public PubSubComponent(BundleContext bundles, Map<String, Object> settings) {
    this.bundles = bundles;
    this.configured = settings;
  }

  @Modified
  void modified(Map<String, Object> settings) {
    configured = settings;
    try {
      broker.configure(PubSubSettings.of(settings));
    } catch (ConfigurationException refused) {
      LOG.log(Level.WARNING, refused.getMessage() + "; publish/subscribe goes on as it was");
    }
  }

  /**
   * Uses a codec from now on.
   *
   * @param codec whose
   * @param properties its rank, if it has one
   */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindCodec(MessageCodec<?> codec, Map<String, Object> properties) {
    Object rank = properties.get(Constants.SERVICE_RANKING);
    try {
      broker.add(codec, rank instanceof Integer number ? number : 0);
    } catch (RuntimeException refused) { // it is asked what it is, and may say or throw anything
      LOG.log(Level.WARNING, "a MessageCodec is not used: " + Escaped.plain(refused.toString()));
    }
  }

  void unbindCodec(MessageCodec<?> codec) {
    broker.remove(codec);
  }

  @Override
  public String name() {
    return broker.name();
  }

  @Override
  public void start(PartContext context) {
    broker.configure(PubSubSettings.of(configured));
    broker.start(context);
    Offer made = new Offer();
    offer = made;
    SerialWorker worker = context.worker("service", 1);
    worker.offer(
        made::register); // whoever it is told may take long to begin, and must not hold up the node
  }

  @Override
  public void stop(boolean graceful) {
    broker.stop(graceful);
    offer.withdraw();
  }

  @Override
  public PubSub pubSub(String owner) {
    return broker.pubSub(owner);
  }

  @Override
  public List<Account> accounts() {
    return broker.accounts();
  }

  /** The service of one run: registered at most once, and not after it was withdrawn. Any thread. */
  private final class Offer implements ServiceFactory<PubSub> {
    private final AtomicReference<Runnable> withdrawal = new AtomicReference<>(() -> {});
    private volatile boolean withdrawn;

    void register() {
      if (withdrawn) {
        return;
      }
      ServiceRegistration<PubSub> registration = bundles.registerService(PubSub.class, this, null);
      withdrawal.set(registration::unregister);
      if (withdrawn) {
        withdraw();
      }
    }

    void withdraw() {
      withdrawn = true;
      withdrawal.getAndSet(() -> {}).run();
    }

    @Override
    public PubSub getService(Bundle bundle, ServiceRegistration<PubSub> registration) {
      return broker.pubSub("bundle " + bundle.getSymbolicName());
    }

    @Override
    public void ungetService(
        Bundle bundle, ServiceRegistration<PubSub> registration, PubSub service) {
      ((OwnedPubSub) service).close();
    }
  }
}
