package io.thole.grains.osgi;

import io.thole.api.Account;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.Grains;
import io.thole.grains.run.GrainHost;
import io.thole.spi.ClusterGrains;
import io.thole.spi.PartContext;
import io.thole.spi.SerialWorker;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;

/**
 * Offers a {@link GrainHost} to the core, which any other outranks; and, while that runs, {@link Grains} to applications. Were it
 * there before, everyone who calls as soon as it comes would be refused.
 */
@Component(service = ClusterGrains.class)
@ServiceRanking(Integer.MIN_VALUE)
public final class GrainsComponent implements ClusterGrains {
  private final GrainHost host = new GrainHost();
  private final BundleContext bundles;
  private volatile Offer offer = new Offer();

  /**
   * Makes the component.
   *
   * @param bundles where services are registered
   */
  @Activate
  public GrainsComponent(BundleContext bundles) {
    this.bundles = bundles;
  }

  @Override
  public String name() {
    return host.name();
  }

  @Override
  public void start(PartContext context) {
    host.start(context);
    Offer made = new Offer();
    offer = made;
    SerialWorker worker = context.worker("service", 1);
    worker.offer(
        made::register); // whoever it is told may take long to begin, and must not hold up the node
  }

  @Override
  public void drain(Runnable drained) {
    host.drain(drained);
    offer.withdraw(); // who would come now would be refused
  }

  @Override
  public void stop() {
    host.stop();
    offer.withdraw();
  }

  @Override
  public void remove(GrainKind kind, Runnable gone) {
    host.remove(kind, gone);
  }

  @Override
  public Grains grains() {
    return host.grains();
  }

  @Override
  public int activations() {
    return host.activations();
  }

  @Override
  public List<Account> accounts() {
    return host.accounts();
  }

  /** The service of one run: registered at most once, and not after it was withdrawn. Any thread. */
  private final class Offer {
    private final AtomicReference<Runnable> withdrawal = new AtomicReference<>(() -> {});
    private volatile boolean withdrawn;

    void register() {
      if (withdrawn) {
        return;
      }
      ServiceRegistration<Grains> registration =
          bundles.registerService(Grains.class, host.grains(), null);
      withdrawal.set(registration::unregister);
      if (withdrawn) {
        withdraw();
      }
    }

    void withdraw() {
      withdrawn = true;
      withdrawal.getAndSet(() -> {}).run();
    }
  }
}
