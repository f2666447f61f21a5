package io.thole.container.stranger;

import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** Offers a provider whose name, ranking and members its bundle's manifest tells. */
public final class ListedProviderActivator implements BundleActivator {
  /** Makes the activator; the framework does. */
  public ListedProviderActivator() {}

  @Override
  @SuppressWarnings("unchecked") // the registry knows no type arguments
  public void start(BundleContext bundle) {
    Dictionary<String, String> headers = bundle.getBundle().getHeaders();
    Consumer<String> journal = bundle.getService(bundle.getServiceReference(Consumer.class));
    bundle.registerService(
        ClusterProvider.class,
        new Listed(
            bundle.getBundle().getSymbolicName(),
            List.of(headers.get("Fixture-Members").split(",")),
            journal),
        FrameworkUtil.asDictionary(
            Map.of("service.ranking", Integer.valueOf(headers.get("Fixture-Ranking")))));
  }

  @Override
  public void stop(BundleContext bundle) {}

  /** The provider; it writes into the journal what is done with it. */
  private record Listed(String name, List<String> members, Consumer<String> journal)
      implements ClusterProvider {
    @Override
    public void startMember(PartContext context) {
      journal.accept(name + " started");
      context.topology().viewOf(members);
    }

    @Override
    public void startClient(PartContext context) {
      startMember(context);
    }

    @Override
    public void shutdown(boolean graceful) {
      journal.accept(name + " shutdown(" + graceful + ")");
    }
  }
}
