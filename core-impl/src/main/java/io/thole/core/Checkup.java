package io.thole.core;

import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.Diagnosis;
import io.thole.api.PartKind;
import io.thole.api.TopologyStatus;
import java.util.ArrayList;
import java.util.List;

/** What is missing or odd about a node, and what would mend it. */
final class Checkup {
  private Checkup() {}

  static List<Diagnosis> of(
      ClusterState state,
      ClusterSettings settings,
      PartRoster roster,
      PartDriver parts,
      TopologyStatus topology,
      long rejected) {
    List<Diagnosis> checks = new ArrayList<>();
    List<String> missing =
        roster.missing(settings.startWhen()).stream().map(PartKind::label).toList();
    boolean running = state == ClusterState.RUNNING;
    checks.add(new Diagnosis("node", running, state.name(), running ? "" : startRemedy(state)));
    checks.add(new Diagnosis(
        "parts",
        missing.isEmpty(),
        missing.isEmpty()
            ? "all that the start waits for are present"
            : "missing: " + String.join(", ", missing),
        missing.isEmpty() ? "" : "copy a bundle that provides it into the node's bundles/ folder"));
    if (running) {
      checks.add(new Diagnosis(
          "topology",
          !topology.stale(),
          topology.stale()
              ? "stale: nobody tells this node about the cluster"
              : "version " + topology.view().version() + " from " + topology.source(),
          topology.stale()
              ? "copy a provider into the node's bundles/ folder, or see: providers"
              : ""));
      checks.add(new Diagnosis(
          "transport",
          true,
          parts.running(PartKind.TRANSPORT).isPresent()
              ? "bound"
              : "none: the other members are known, and cannot be reached",
          ""));
    }
    for (PartKind kind : PartKind.values()) {
      for (Part part : roster.of(kind)) {
        roster
            .failure(part)
            .ifPresent(reason -> checks.add(new Diagnosis(
                part.toString(),
                false,
                "failed to start: " + reason,
                kind == PartKind.PROVIDER
                    ? "mend the cause, then: swap " + part.name()
                    : "mend the cause; it is tried again by itself")));
      }
    }
    if (rejected > 0) {
      checks.add(new Diagnosis(
          "rejected",
          false,
          rejected + " topologies made no sense",
          "see TopologyRejected in: events"));
    }
    return checks;
  }

  private static String startRemedy(ClusterState state) {
    return switch (state) {
      case WAITING -> "see the next check";
      case STOPPED -> "see the last StartupFailed or Shutdown in: events";
      case STARTING, STOPPING -> "wait: each part has a time limit";
      case RUNNING -> "";
    };
  }
}
