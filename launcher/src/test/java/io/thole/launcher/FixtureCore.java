package io.thole.launcher;

import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.condition.Condition;

/**
 * Stands for the core in tests of the launcher alone: what it registers is what the configuration {@code fixture} says.
 * Runs as a bundle, so it knows no class of the launcher.
 */
public final class FixtureCore implements BundleActivator {
  private static final System.Logger LOG = System.getLogger("fixture");

  @Override
  public void start(BundleContext context) {
    context.registerService(
        ManagedService.class,
        values -> configured(context, values),
        FrameworkUtil.asDictionary(Map.of("service.pid", "fixture")));
  }

  private static void configured(BundleContext context, Dictionary<String, ?> values) {
    if (values == null) {
      LOG.log(System.Logger.Level.INFO, "not configured");
      return;
    }
    Map<String, Object> all = new HashMap<>(FrameworkUtil.asMap(values));
    LOG.log(System.Logger.Level.INFO, "configured value=" + all.get("value"));
    if (all.get("outcome") != null && context.getServiceReference("java.lang.Runnable") == null) {
      context.registerService(Runnable.class, () -> {}, null); // once
      Map<String, Object> properties = new HashMap<>(all);
      properties.keySet().removeIf(key -> key.startsWith("service."));
      properties.put("osgi.condition.id", "io.thole." + all.get("outcome"));
      properties.putAll(Map.of("address", "127.0.0.1:26050", "mode", "MEMBER", "members", 1));
      context.registerService(
          Condition.class, Condition.INSTANCE, FrameworkUtil.asDictionary(properties));
    }
  }

  @Override
  public void stop(BundleContext context) {
    System.out.println("what a stranger prints");
    LOG.log(System.Logger.Level.INFO, "stopped");
  }
}
