package io.thole.launcher.dropin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Answers what a bundle lacks, without resolving anything: a trial start would tell it in the framework's own words only. */
public final class Wiring {
  private Wiring() {}

  /** Returns what the bundle cannot do without and no installed bundle offers. */
  public static List<BundleRequirement> missing(BundleContext context, Bundle bundle) {
    List<BundleRequirement> missing = new ArrayList<>();
    for (BundleRequirement requirement :
        bundle.adapt(BundleRevision.class).getDeclaredRequirements(null)) {
      if (mandatory(requirement) && !offered(context, requirement)) {
        missing.add(requirement);
      }
    }
    return missing;
  }

  /** Returns whether the bundle extends another, and so is never started. */
  public static boolean fragment(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  /** Returns a requirement as a person would say it. */
  public static String text(BundleRequirement requirement) {
    String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    return requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE)
        ? "package " + packageText(filter)
        : requirement.getNamespace() + " " + filter;
  }

  private static String packageText(String filter) {
    String name = filter.replaceFirst(".*\\(osgi\\.wiring\\.package=([^)]*)\\).*", "$1");
    return filter.contains("version") ? name + " " + filter : name;
  }

  private static boolean mandatory(BundleRequirement requirement) {
    Map<String, String> directives = requirement.getDirectives();
    return !"optional".equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
        && !"dynamic".equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
        && directives
            .getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE)
            .equals(Constants.EFFECTIVE_RESOLVE);
  }

  private static boolean offered(BundleContext context, BundleRequirement requirement) {
    for (Bundle bundle : context.getBundles()) {
      BundleRevision revision = bundle.adapt(BundleRevision.class);
      if (revision != null) {
        for (BundleCapability capability :
            revision.getDeclaredCapabilities(requirement.getNamespace())) {
          if (requirement.matches(capability)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
