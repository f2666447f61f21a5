package io.thole.launcher.dropin;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleRequirement;

/** Gets for a bundle what it lacks, from the distribution's repository. Confined to the thread of {@link BundleWorks}. */
public final class Requirements {
  private static final Logger LOG = System.getLogger(Requirements.class.getName());

  private final BundleContext context;
  private final Repository repository;
  private final Deque<Bundle> idle =
      new ArrayDeque<>(); // installed from there, and not started yet

  public Requirements(BundleContext context, Repository repository) {
    this.context = context;
    this.repository = repository;
  }

  /**
   * Installs what the bundle lacks, and what that lacks in turn; then starts all of it, since none of it resolves before
   * the last is there.
   *
   * @return what nobody has, in words; blank if nothing is missing
   */
  public String supply(Bundle bundle) {
    Deque<Bundle> open = new ArrayDeque<>(List.of(bundle));
    while (!open.isEmpty()) {
      Bundle next = open.remove();
      for (BundleRequirement requirement : Wiring.missing(context, next)) {
        repository.exporter(requirement).flatMap(jar -> installed(jar, next)).ifPresent(found -> {
          open.add(found);
          idle.push(found);
        });
      }
    }
    idle.removeIf(Requirements::started);
    return Wiring.missing(context, bundle).stream()
        .map(Wiring::text)
        .collect(Collectors.joining(", "));
  }

  private Optional<Bundle> installed(Path jar, Bundle wantedBy) {
    String location = "reference:" + jar.toUri();
    if (context.getBundle(location) != null) {
      return Optional.empty();
    }
    try {
      Bundle supplied = context.installBundle(location);
      LOG.log(
          Level.INFO,
          "installed " + supplied.getSymbolicName() + " " + supplied.getVersion()
              + " from the repository, for " + wantedBy.getSymbolicName());
      return Optional.of(supplied);
    } catch (BundleException e) {
      LOG.log(Level.WARNING, "the repository's " + jar.getFileName() + " cannot be installed", e);
      return Optional.empty();
    }
  }

  private static boolean started(Bundle supplied) {
    try {
      if (!Wiring.fragment(supplied)) {
        supplied.start(Bundle.START_ACTIVATION_POLICY);
      }
      return true;
    } catch (BundleException e) {
      LOG.log(Level.DEBUG, supplied.getSymbolicName() + " waits; doctor says what it lacks", e);
      return false;
    }
  }
}
