package io.thole.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** Adds to {@code doctor} the bundles that do not run, and the components of Thole's bundles that wait for something. */
@Component(property = "io.thole.doctor=bundles")
public final class BundleDoctorComponent implements Supplier<List<Map<String, String>>> {
  private static final Pattern NAME = Pattern.compile("\\(([a-z.]+)=([^)]*)\\)");
  private static final String OURS = "io.thole.";

  private final BundleContext context;
  private final ServiceComponentRuntime components;

  /** Makes one; Declarative Services do. */
  @Activate
  public BundleDoctorComponent(
      BundleContext context, @Reference ServiceComponentRuntime components) {
    this.context = context;
    this.components = components;
  }

  @Override
  public List<Map<String, String>> get() {
    List<Map<String, String>> rows = new ArrayList<>();
    List<Bundle> idle = Arrays.stream(context.getBundles()).filter(this::idle).toList();
    idle.forEach(bundle ->
        rows.add(row("bundle " + bundle.getSymbolicName(), detail(bundle), remedy(bundle))));
    if (idle.isEmpty()) {
      rows.add(row("bundles", context.getBundles().length + " are active", ""));
    }
    rows.addAll(waiting());
    return rows;
  }

  private boolean idle(Bundle bundle) {
    return (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0
        && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null;
  }

  private String detail(Bundle bundle) {
    if (bundle.getState() == Bundle.RESOLVED) {
      return "it is installed and complete, but not started";
    }
    if (twin(bundle)) {
      return "another one of its name runs, and there can be only one";
    }
    List<String> missing = missing(bundle);
    return missing.isEmpty()
        ? "a bundle that it needs lacks something itself"
        : "it lacks " + String.join(", ", missing);
  }

  private String remedy(Bundle bundle) {
    if (twin(bundle)) {
      return "take one of the two out";
    }
    return bundle.getState() == Bundle.RESOLVED
        ? "felix:start " + bundle.getBundleId()
        : "copy a bundle that provides it into bundles/ of the node's home";
  }

  private boolean twin(Bundle bundle) {
    return bundle.getState() == Bundle.INSTALLED
        && bundle.getHeaders("").get(Constants.BUNDLE_SYMBOLICNAME).contains("singleton:=true")
        && Arrays.stream(context.getBundles())
            .anyMatch(other -> !other.equals(bundle)
                && other.getSymbolicName().equals(bundle.getSymbolicName())
                && other.getState() != Bundle.INSTALLED);
  }

  private List<String> missing(Bundle bundle) {
    FrameworkWiring wiring =
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    return bundle.adapt(BundleRevision.class).getDeclaredRequirements(null).stream()
        .filter(BundleDoctorComponent::mandatory)
        .filter(requirement -> wiring.findProviders(requirement).isEmpty())
        .map(BundleDoctorComponent::text)
        .toList();
  }

  private static boolean mandatory(BundleRequirement requirement) {
    Map<String, String> directives = requirement.getDirectives();
    return directives
            .getOrDefault(Constants.RESOLUTION_DIRECTIVE, Constants.RESOLUTION_MANDATORY)
            .equals(Constants.RESOLUTION_MANDATORY)
        && directives
            .getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE)
            .equals(Constants.EFFECTIVE_RESOLVE);
  }

  // A package reads better than its filter: (&(osgi.wiring.package=a.b)(version>=1.0.0)).
  private static String text(BundleRequirement requirement) {
    String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
    Matcher name = NAME.matcher(filter);
    boolean plain = name.find() && name.group(1).equals(requirement.getNamespace());
    return plain
        ? requirement.getNamespace().replaceFirst(".*\\.", "") + " " + name.group(2)
        : requirement.getNamespace() + " " + filter;
  }

  private List<Map<String, String>> waiting() {
    return components.getComponentDescriptionDTOs().stream()
        .filter(component -> component.bundle.symbolicName.startsWith(OURS))
        .flatMap(component -> components.getComponentConfigurationDTOs(component).stream())
        .flatMap(BundleDoctorComponent::waiting)
        .toList();
  }

  private static Stream<Map<String, String>> waiting(ComponentConfigurationDTO component) {
    String check = "component " + component.description.name;
    return switch (component.state) {
      case ComponentConfigurationDTO.UNSATISFIED_REFERENCE ->
        Stream.of(row(
            check,
            "it waits for "
                + Arrays.stream(component.unsatisfiedReferences)
                    .map(reference -> reference.target == null
                        ? reference.name
                        : reference.name + " " + reference.target)
                    .collect(Collectors.joining(", ")),
            "install the bundle that provides it"));
      case ComponentConfigurationDTO.FAILED_ACTIVATION ->
        Stream.of(row(
            check,
            "it failed: "
                + String.valueOf(component.failure).lines().findFirst().orElse(""),
            "see log/"));
      default -> Stream.empty();
    };
  }

  private static Map<String, String> row(String check, String detail, String remedy) {
    return Map.of(
        "check", check,
        "ok", String.valueOf(remedy.isEmpty()),
        "detail", detail,
        "remedy", remedy);
  }
}
