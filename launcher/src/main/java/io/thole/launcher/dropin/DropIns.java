package io.thole.launcher.dropin;

import io.thole.launcher.dropin.DropInJar.RefusedException;
import io.thole.launcher.exit.Printable;
import io.thole.launcher.folder.FileMark;
import io.thole.launcher.folder.FolderChange;
import io.thole.launcher.folder.FolderWatch;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * The drop-in folder: a jar copied here is installed and started, replaced is updated in place, removed is uninstalled.
 * What cannot be taken is moved to {@code rejected/} with a file that says why; what ran goes on. Confined to the thread
 * of {@link BundleWorks}, except for {@link #waiting}.
 */
public final class DropIns {
  private static final Logger LOG = System.getLogger(DropIns.class.getName());
  private static final String LOCATION = "drop-in:";

  private final Path folder;
  private final Rejected rejected;
  private final BundleContext context;
  private final Requirements requirements;
  private final int startLevel;
  private final FolderWatch watch;
  private final Map<String, Bundle> installed = new TreeMap<>();
  private final Map<String, String> reasons = new ConcurrentSkipListMap<>(); // others read it
  private final AtomicBoolean bundlesChanged = new AtomicBoolean();

  public DropIns(
      Path bundles,
      Path refused,
      BundleContext context,
      Requirements requirements,
      int startLevel) {
    this.folder = bundles;
    this.rejected = new Rejected(refused);
    this.context = context;
    this.requirements = requirements;
    this.startLevel = startLevel;
    this.watch = new FolderWatch(name -> DropInJar.whole(folder.resolve(name)), "a whole jar file");
    context.addBundleListener(event -> {
      if ((event.getType()
              & (BundleEvent.INSTALLED
                  | BundleEvent.UPDATED
                  | BundleEvent.UNINSTALLED
                  | BundleEvent.RESOLVED))
          != 0) {
        bundlesChanged.set(true);
      }
    });
  }

  /** Returns why an installed drop-in is not running, by the name of its file. From any thread. */
  public Map<String, String> waiting() {
    return Map.copyOf(reasons);
  }

  /** Looks at the folder and does what follows; then tries again to start what waits, if any bundle has changed. */
  public void look(long nowNanos) {
    Map<String, FileMark> seen;
    try {
      seen = FileMark.all(folder);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the drop-in folder cannot be looked at", e);
      return;
    }
    seen.remove(folder.relativize(rejected.folder()).toString());
    watch.look(seen, nowNanos).forEach(this::follow);
    if (bundlesChanged.getAndSet(false)) {
      List.copyOf(reasons.keySet()).forEach(this::start);
    }
  }

  private void follow(FolderChange change) {
    String name = change.name();
    try {
      if (change instanceof FolderChange.Settled) {
        take(name);
      } else if (change instanceof FolderChange.Gone) {
        uninstall(name);
      } else if (change instanceof FolderChange.Refused refused) {
        rejected.take(folder.resolve(name), refused.reason());
      } else {
        throw new AssertionError(change);
      }
    } catch (RefusedException e) {
      watch.refused(name);
      rejected.take(folder.resolve(name), String.valueOf(e.getMessage()));
    } catch (BundleException | IOException e) {
      watch.refused(name);
      rejected.take(folder.resolve(name), "the framework refuses it: " + e.getMessage());
    }
  }

  private void take(String name) throws RefusedException, BundleException, IOException {
    DropInJar jar = DropInJar.read(folder.resolve(name));
    refuseTwin(name, jar);
    refuseStrangersFragment(jar);
    Bundle bundle = installed.get(name);
    if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
      install(name);
    } else {
      update(name, bundle);
    }
    rejected.forget(name);
    start(name);
  }

  private void refuseTwin(String name, DropInJar jar) throws RefusedException {
    for (Bundle bundle : context.getBundles()) {
      if (jar.symbolicName().equals(bundle.getSymbolicName())
          && jar.version().equals(bundle.getVersion())
          && !bundle.getLocation().equals(LOCATION + name)) {
        throw new RefusedException(
            jar.symbolicName() + " " + jar.version() + " is installed already, from "
                + bundle.getLocation() + "; allowed: another version, or take that one out first");
      }
    }
  }

  private void refuseStrangersFragment(DropInJar jar) throws RefusedException {
    String host = jar.fragmentHost().orElse("");
    for (Bundle bundle : context.getBundles()) {
      if (host.equals(bundle.getSymbolicName()) && !bundle.getLocation().startsWith(LOCATION)) {
        throw new RefusedException(
            "it is a fragment of " + host + "; allowed: one of another drop-in");
      }
    }
  }

  private void install(String name) throws BundleException, IOException {
    try (InputStream content = Files.newInputStream(folder.resolve(name))) {
      Bundle bundle = context.installBundle(LOCATION + name, content);
      bundle.adapt(BundleStartLevel.class).setStartLevel(startLevel);
      installed.put(name, bundle);
      LOG.log(
          Level.INFO,
          "drop-in " + name + " installed: " + bundle.getSymbolicName() + " "
              + bundle.getVersion());
      if (Wiring.fragment(bundle)) {
        BundleWorks.refresh(context, List.of(bundle)); // its host takes it up
      }
    }
  }

  private void update(String name, Bundle bundle) throws BundleException, IOException {
    stop(bundle);
    try (InputStream content = Files.newInputStream(folder.resolve(name))) {
      bundle.update(content);
      LOG.log(
          Level.INFO,
          "drop-in " + name + " updated: " + bundle.getSymbolicName() + " " + bundle.getVersion());
    } catch (BundleException | IOException e) {
      start(name); // the old content
      throw e;
    }
    BundleWorks.refresh(context, List.of(bundle));
  }

  private void uninstall(String name) throws BundleException {
    reasons.remove(name);
    Bundle bundle = installed.remove(name);
    if (bundle != null && bundle.getState() != Bundle.UNINSTALLED) {
      stop(bundle);
      bundle.uninstall();
      BundleWorks.refresh(context, List.of(bundle));
      LOG.log(
          Level.INFO,
          "drop-in " + name + " removed: " + bundle.getSymbolicName() + " " + bundle.getVersion());
    }
  }

  private static void stop(Bundle bundle) {
    try {
      bundle.stop(Bundle.STOP_TRANSIENT);
    } catch (BundleException e) {
      LOG.log(Level.WARNING, bundle.getSymbolicName() + " did not stop properly", e);
    }
  }

  private void start(String name) {
    Bundle bundle = installed.get(name);
    if (bundle == null || Wiring.fragment(bundle)) {
      reasons.remove(name);
      return;
    }
    String missing = requirements.supply(bundle);
    if (!missing.isEmpty()) {
      postpone(name, "it lacks " + missing);
      return;
    }
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
      reasons.remove(name);
    } catch (BundleException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      postpone(
          name,
          "it does not start: "
              + (e.getType() == BundleException.RESOLVE_ERROR ? e.getMessage() : cause));
    }
  }

  private void postpone(String name, String reason) {
    String line = Printable.line(reason);
    if (!line.equals(reasons.put(name, line))) {
      LOG.log(Level.WARNING, "drop-in " + name + " waits: " + line);
    }
  }
}
