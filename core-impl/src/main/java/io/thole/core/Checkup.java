package io.thole.core;

import io.thole.api.ClusterState;
import io.thole.api.Diagnosis;
import io.thole.api.PartKind;
import io.thole.api.TopologyStatus;
import io.thole.api.grain.GrainKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is missing or odd about a node, and what would mend it: a reading of what the node shows. */
public final class Checkup {
  private Checkup() {}

  /**
   * Looks at a node.
   *
   * @param status what it shows
   * @return each check, also those that pass
   */
  public static List<Diagnosis> of(NodeStatus status) {
    List<Diagnosis> checks = new ArrayList<>();
    checks.add(node(status.state()));
    checks.add(parts(status.missing()));
    if (status.state() == ClusterState.RUNNING) {
      checks.add(topology(status.topology()));
      checks.add(transport(status.reachesOthers()));
      grains(status).ifPresent(checks::add);
    }
    status
        .failed()
        .forEach(part -> checks.add(new Diagnosis(
            part.part(), false, "failed to start: " + part.reason(), remedy(part.part()))));
    long rejected = status.metrics().topologiesRejected();
    if (rejected > 0) {
      checks.add(new Diagnosis(
          "rejected",
          false,
          rejected + " topologies made no sense since the start",
          "see TopologyRejected in: events"));
    }
    return checks;
  }

  private static Diagnosis node(ClusterState state) {
    String remedy = switch (state) {
      case WAITING -> "see the next check";
      case STOPPED -> "see the last StartupFailed or Shutdown in: events";
      case STARTING, STOPPING -> "wait: each part has a time limit";
      case RUNNING -> "";
    };
    return new Diagnosis("node", state == ClusterState.RUNNING, state.name(), remedy);
  }

  private static Diagnosis parts(List<PartKind> missing) {
    String names = missing.stream().map(PartKind::label).collect(Collectors.joining(", "));
    return missing.isEmpty()
        ? new Diagnosis("parts", true, "all that the start waits for are present", "")
        : new Diagnosis(
            "parts",
            false,
            "missing: " + names,
            "copy a bundle that provides it into the node's bundles/ folder");
  }

  private static Diagnosis topology(TopologyStatus topology) {
    return topology.stale()
        ? new Diagnosis(
            "topology",
            false,
            "stale: nobody tells this node about the cluster",
            "copy a provider into the node's bundles/ folder, or see: providers")
        : new Diagnosis(
            "topology",
            true,
            "version " + topology.view().version() + " from " + topology.source(),
            "");
  }

  private static Diagnosis transport(boolean present) {
    return new Diagnosis(
        "transport",
        true,
        present ? "bound" : "none: the other members are known, and cannot be reached",
        "");
  }

  /** Kinds are no fault, and no grains are none; kinds whose grains nobody hosts have those wait who call them. */
  private static Optional<Diagnosis> grains(NodeStatus status) {
    List<String> kinds =
        status.kinds().stream().filter(kind -> !kind.equals(GrainKind.TOPIC)).toList();
    return kinds.isEmpty() || status.grains().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Diagnosis(
                "grains",
                false,
                "nobody hosts the grains of kinds " + kinds,
                "copy a bundle that provides grains, as io.thole.grains, into the node's bundles/ folder"));
  }

  private static String remedy(String part) {
    String provider = PartKind.PROVIDER.label() + " ";
    return part.startsWith(provider)
        ? "mend the cause, then: swap " + part.substring(provider.length())
        : "mend the cause; it is tried again by itself";
  }
}
