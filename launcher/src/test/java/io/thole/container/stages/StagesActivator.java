package io.thole.container.stages;

import io.thole.api.Account;
import io.thole.api.pubsub.PubSub;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers both, and writes into the journal when they are started and stopped. */
public final class StagesActivator implements BundleActivator {
  /** Makes the activator; the framework does. */
  public StagesActivator() {}

  @Override
  @SuppressWarnings("unchecked") // the registry knows no type arguments
  public void start(BundleContext bundle) {
    Consumer<String> journal = bundle.getService(bundle.getServiceReference(Consumer.class));
    bundle.registerService(Gossiper.class, new Gossip(journal), null);
    bundle.registerService(ClusterPubSub.class, new Topics(journal), null);
  }

  @Override
  public void stop(BundleContext bundle) {}

  /** The gossiper. */
  private record Gossip(Consumer<String> journal) implements Gossiper {
    @Override
    public String name() {
      return "stage";
    }

    @Override
    public boolean givesVerdicts() {
      return false;
    }

    @Override
    public void start(PartContext context) {
      journal.accept("gossip started");
    }

    @Override
    public void stop() {
      journal.accept("gossip stopped");
    }
  }

  /** Publish/subscribe. */
  private record Topics(Consumer<String> journal) implements ClusterPubSub {
    @Override
    public String name() {
      return "stage";
    }

    @Override
    public void start(PartContext context) {
      journal.accept("pubsub started");
    }

    @Override
    public void stop(boolean graceful) {
      journal.accept("pubsub stopped");
    }

    @Override
    public List<Account> accounts() {
      return List.of();
    }

    @Override
    public PubSub pubSub(String owner) {
      throw new IllegalStateException("nobody asks in these tests");
    }
  }
}
