package io.thole.tcpprovider;

import io.thole.spi.ClusterProvider;
import io.thole.spi.PartContext;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Offers a {@link TcpClusterProvider} with the times that ConfigAdmin holds, and tells it of each change. It ranks above a
 * list that somebody wrote down, so that a node swaps to it when its bundle comes.
 */
@Component(service = ClusterProvider.class, configurationPid = MembershipSettings.PID)
@ServiceRanking(100)
@Designate(ocd = TcpClusterProviderComponent.Settings.class)
public final class TcpClusterProviderComponent implements ClusterProvider {
  private final TcpClusterProvider provider = new TcpClusterProvider(this::settings);
  private volatile Map<String, Object> values;

  /** What can be configured. */
  @ObjectClassDefinition(
      name = "Thole TCP membership",
      description = "The cluster as whoever can be connected to. Changes apply at once.")
  @interface Settings {
    /** Returns how long a member that is lost has to come back. */
    @AttributeDefinition(
        name = "Grace (ms)",
        description =
            "How long a member whose connection is lost has to come back, 0 to 600000; 0 is at once",
        required = false)
    int graceMillis() default 5_000;

    /** Returns the same, of one that had announced it. */
    @AttributeDefinition(
        name = "Grace when announced (ms)",
        description =
            "The same, for a member that had said that its connection would be lost, 0 to 600000",
        required = false)
    int announcedGraceMillis() default 30_000;

    /** Returns how long a start waits for the seeds. */
    @AttributeDefinition(
        name = "Join (ms)",
        description = "How long a start waits for the seeds, 0 to 600000; 0 is not at all",
        required = false)
    int joinMillis() default 3_000;
  }

  /**
   * Makes the component. The settings are not looked at before the provider starts, where their faults can be reported.
   *
   * @param values what is configured
   */
  @Activate
  public TcpClusterProviderComponent(Map<String, Object> values) {
    this.values = values;
  }

  @Modified
  void modified(Map<String, Object> values) {
    this.values = values;
    provider.refresh();
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

  private MembershipSettings settings() {
    return MembershipSettings.of(values);
  }
}
