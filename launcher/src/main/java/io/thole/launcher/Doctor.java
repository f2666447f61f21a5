package io.thole.launcher;

import io.thole.launcher.conf.ConfFolder;
import io.thole.launcher.conf.ConfigurationFeed;
import io.thole.launcher.dropin.DropIns;
import io.thole.launcher.dropin.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/** What the launcher contributes to the command {@code doctor}: drop-ins and configuration files. */
final class Doctor implements Supplier<List<Map<String, String>>> {
  private final BundleContext context;
  private final DropIns dropIns;
  private final Rejected rejected;
  private final ConfFolder conf;
  private final ConfigurationFeed feed;

  Doctor(
      BundleContext context,
      DropIns dropIns,
      Rejected rejected,
      ConfFolder conf,
      ConfigurationFeed feed) {
    this.context = context;
    this.dropIns = dropIns;
    this.rejected = rejected;
    this.conf = conf;
    this.feed = feed;
  }

  /** Returns one row for each thing that is odd, and one for each kind of which nothing is. */
  @Override
  public List<Map<String, String>> get() {
    List<Map<String, String>> rows = new ArrayList<>();
    dropIns
        .waiting()
        .forEach((name, why) -> rows.add(row(
            "drop-in " + name,
            false,
            why,
            "drop in a bundle that provides it, or take this one out")));
    rejected
        .reasons()
        .forEach((name, why) -> rows.add(row(
            "drop-in " + name,
            false,
            "rejected: " + why,
            "mend it, copy it to bundles/ again and delete it from rejected/")));
    if (rows.isEmpty()) {
      rows.add(row("drop-ins", true, "none is waiting or rejected", ""));
    }
    conf.troubles()
        .forEach((name, why) -> rows.add(
            row("conf " + name, false, why, "mend the file; the node takes it up by itself")));
    feed.overridden()
        .forEach((key, why) -> rows.add(row(
            "conf " + key, false, why, "take it out of the file, or start without the option")));
    Conditions.refused(context)
        .forEach(refused -> rows.add(row(
            "conf " + refused.pid() + ":" + refused.key(),
            false,
            feed.refusal(refused.pid(), refused.key(), refused.value(), refused.allowed()),
            "mend the value; the node takes it up by itself")));
    if (rows.stream().noneMatch(row -> String.valueOf(row.get("check")).startsWith("conf"))) {
      rows.add(row("conf", true, "every file is in force", ""));
    }
    return rows;
  }

  private static Map<String, String> row(String check, boolean ok, String detail, String remedy) {
    return Map.of("check", check, "ok", String.valueOf(ok), "detail", detail, "remedy", remedy);
  }
}
