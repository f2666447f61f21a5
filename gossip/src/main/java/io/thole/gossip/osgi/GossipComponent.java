package io.thole.gossip.osgi;

import io.thole.api.Agreement;
import io.thole.api.ConfigurationException;
import io.thole.gossip.GossipKeys;
import io.thole.gossip.GossipSettings;
import io.thole.gossip.run.GossipDriver;
import io.thole.spi.Gossiper;
import io.thole.spi.PartContext;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.metatype.annotations.Designate;

/** Offers the gossiper, with the settings that ConfigAdmin holds when it starts; any other outranks it. */
@Component(service = Gossiper.class, configurationPid = GossipKeys.PID)
@ServiceRanking(Integer.MIN_VALUE)
@Designate(ocd = GossipConfiguration.class)
public final class GossipComponent implements Gossiper {
  private static final System.Logger LOG = System.getLogger(GossipComponent.class.getName());

  private final GossipDriver driver = new GossipDriver(this::settings);
  private volatile Map<String, Object> values;

  /**
   * Makes the component. The settings are not looked at before the start, where their faults can be reported.
   *
   * @param values what is configured
   */
  @Activate
  public GossipComponent(Map<String, Object> values) {
    this.values = values;
  }

  @Modified
  void modified(Map<String, Object> changed) {
    values = changed;
    try {
      settings();
    } catch (ConfigurationException refused) {
      LOG.log(Level.WARNING, refused.getMessage() + "; gossip goes on as it was");
    }
  }

  @Override
  public String name() {
    return driver.name();
  }

  @Override
  public boolean givesVerdicts() {
    return driver.givesVerdicts();
  }

  @Override
  public Agreement agreement() {
    return driver.agreement();
  }

  @Override
  public void start(PartContext context) {
    driver.start(context);
  }

  @Override
  public void leave() {
    driver.leave();
  }

  @Override
  public void stop() {
    driver.stop();
  }

  private GossipSettings settings() {
    return GossipKeys.read(values);
  }
}
