package io.thole.staticprovider;

import io.thole.api.ClusterSettings;
import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Offers a {@link StaticClusterProvider} with the members that ConfigAdmin holds, and tells it of each change. */
@Component(service = ClusterProvider.class, configurationPid = StaticClusterProvider.PID)
@Designate(ocd = StaticProviderComponent.Settings.class)
public final class StaticProviderComponent implements ClusterProvider {
  private final StaticClusterProvider provider;

  /** What can be configured. */
  @ObjectClassDefinition(
      name = "Thole static provider",
      description = "The cluster as a list that somebody wrote down. Changes apply at once.")
  @interface Settings {
    /** Returns the members, or texts of several with commas between them. */
    @AttributeDefinition(
        name = "Members",
        description =
            "Everyone who is in the cluster, each HOST:PORT; whether this node is named makes no difference",
        required = false)
    String[] members();
  }

  /**
   * Makes the component. The list is not looked at before the provider starts, where its faults can be reported.
   *
   * @param settings what is configured
   */
  @Activate
  public StaticProviderComponent(Map<String, Object> settings) {
    provider = new StaticClusterProvider(members(settings));
  }

  @Modified
  void modified(Map<String, Object> settings) {
    provider.members(members(settings));
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public void startMember(PartContext context) {
    provider.startMember(context);
  }

  @Override
  public void startClient(PartContext context) {
    provider.startClient(context);
  }

  @Override
  public void shutdown(boolean graceful) {
    provider.shutdown(graceful);
  }

  private static List<String> members(Map<String, Object> settings) {
    return ClusterSettings.elements(settings.getOrDefault(StaticClusterProvider.KEY, List.of()));
  }
}
