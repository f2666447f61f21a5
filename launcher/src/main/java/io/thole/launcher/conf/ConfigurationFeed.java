package io.thole.launcher.conf;

import io.thole.launcher.exit.Printable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Keeps ConfigAdmin equal to assembly defaults, {@code conf/} and options, in this order of precedence. Confined to one
 * thread at a time; what is in force may be read from any.
 */
public final class ConfigurationFeed {
  private static final Logger LOG = System.getLogger(ConfigurationFeed.class.getName());

  private final BundleContext context;
  private final List<Setting> defaults;
  private final ConfFolder folder;
  private final List<Setting> options;
  private volatile ConfigurationLayers inForce = ConfigurationLayers.of(List.of());

  public ConfigurationFeed(
      BundleContext context, List<Setting> defaults, ConfFolder folder, List<Setting> options) {
    this.context = context;
    this.defaults = defaults;
    this.folder = folder;
    this.options = options;
  }

  /** Puts into ConfigAdmin what differs from the last time. Where there is no ConfigAdmin, the next call tries again. */
  public void apply() {
    ServiceReference<ConfigurationAdmin> reference =
        context.getServiceReference(ConfigurationAdmin.class);
    ConfigurationAdmin admin = reference == null ? null : context.getService(reference);
    if (admin == null) {
      LOG.log(Level.WARNING, "there is no ConfigurationAdmin; configuration waits for it");
      return;
    }
    ConfigurationLayers wanted =
        ConfigurationLayers.of(List.of(defaults, folder.settings(), options));
    Set<String> pids = new TreeSet<>(wanted.byPid().keySet());
    pids.addAll(inForce.byPid().keySet());
    for (String pid : pids) {
      if (!wanted.sameIn(inForce, pid)) {
        put(admin, pid, wanted.values(pid));
      }
    }
    inForce = wanted;
    context.ungetService(reference);
  }

  /** Returns the keys in files that count for nothing because an option says otherwise, each with why. From any thread. */
  public Map<String, String> overridden() {
    Map<String, String> overridden = new TreeMap<>();
    for (Setting setting : folder.settings()) {
      setting(setting.pid(), setting.key())
          .filter(winner -> options.contains(winner))
          .ifPresent(winner -> overridden.put(
              setting.pid() + ":" + setting.key(),
              setting.origin().text() + " is overridden by " + winner.origin().text()));
    }
    return overridden;
  }

  /** Returns the line that says that a value is refused: where it comes from, the value, and what is allowed. */
  public String refusal(String pid, String key, String value, String allowed) {
    String line =
        pid + ":" + key + "=" + Printable.quoted(value) + " is refused; allowed: " + allowed;
    return setting(pid, key)
        .map(setting -> setting.origin().text() + ": " + line)
        .orElse(line + "; it is the default, change it with --set " + pid + ":" + key + "=VALUE");
  }

  /** Returns the setting in force for a key, from any thread. */
  public Optional<Setting> setting(String pid, String key) {
    return inForce.setting(pid, key);
  }

  private static void put(
      ConfigurationAdmin admin, String pid, Optional<Map<String, Object>> values) {
    try {
      if (values.isPresent()) {
        configuration(admin, pid).update(FrameworkUtil.asDictionary(values.get()));
      } else {
        configuration(admin, pid).delete();
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      LOG.log(Level.WARNING, "configuration " + pid + " cannot be stored", e);
    }
  }

  private static Configuration configuration(ConfigurationAdmin admin, String pid)
      throws IOException {
    int tilde = pid.indexOf('~'); // "?": any bundle may have it, wherever it was installed from
    return tilde < 0
        ? admin.getConfiguration(pid, "?")
        : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
  }
}
