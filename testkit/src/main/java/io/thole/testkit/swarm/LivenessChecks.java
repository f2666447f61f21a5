package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must come to hold once the faults have ended, and hold from then on: the nodes that run see each other, and nobody else. Nodes
 * of which none has a way to know of any of the others, having them neither as seeds nor in memory, need not meet.
 */
final class LivenessChecks {
  private final List<SwarmNode> nodes;
  private final SafetyChecks safety;

  LivenessChecks(List<SwarmNode> nodes, SafetyChecks safety) {
    this.nodes = nodes;
    this.safety = safety;
  }

  /** Returns what does not hold yet, in one line. */
  Optional<Violation> unsettled(long step, long nowNanos) {
    for (List<Life> cluster : clusters()) {
      if (cluster.size() == 1 && safety.witness(cluster.get(0)).isolated) {
        continue; // who hears nobody, and knows it, takes out nobody
      }
      Set<NodeId> expected = new TreeSet<>();
      cluster.forEach(life -> expected.add(life.id()));
      long hash = cluster.get(0).node().view().membersHash();
      for (Life life : cluster) {
        ClusterView view = life.node().view();
        if (!expected.equals(new TreeSet<>(view.members()))) {
          return Optional.of(new Violation(
              "agreement",
              step,
              nowNanos,
              life.id().toString(),
              "sees " + view.members() + ", running are " + expected));
        }
        if (view.membersHash() != hash) {
          return Optional.of(new Violation(
              "agreement",
              step,
              nowNanos,
              life.id().toString(),
              "has another members hash: " + view));
        }
        SafetyChecks.Witness witness = safety.witness(life);
        Set<NodeId> suspects = new TreeSet<>(witness.suspected);
        suspects.retainAll(expected);
        if (!suspects.isEmpty()) {
          return Optional.of(new Violation(
              "no-healthy-suspect", step, nowNanos, life.id().toString(), "suspects " + suspects));
        }
        if (witness.isolated && cluster.size() > 1) {
          return Optional.of(new Violation(
              "not-isolated",
              step,
              nowNanos,
              life.id().toString(),
              "holds itself isolated among " + expected));
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the running nodes, those together that can know of each other. */
  List<List<Life>> clusters() {
    TreeMap<Authority, Life> running = new TreeMap<>();
    nodes.forEach(node ->
        node.life().filter(Life::running).ifPresent(life -> running.put(node.address(), life)));
    List<List<Life>> clusters = new ArrayList<>();
    Set<Authority> seen = new HashSet<>();
    for (Authority address : running.keySet()) {
      List<Life> cluster = new ArrayList<>();
      collect(address, running, seen, cluster);
      if (!cluster.isEmpty()) {
        clusters.add(cluster);
      }
    }
    return clusters;
  }

  private void collect(
      Authority address, Map<Authority, Life> running, Set<Authority> seen, List<Life> cluster) {
    Life life = running.get(address);
    if (life == null || !seen.add(address)) {
      return;
    }
    cluster.add(life);
    lookedFor(life).forEach(other -> collect(other, running, seen, cluster));
    running.forEach((other, its) -> {
      if (lookedFor(its).contains(address)) {
        collect(other, running, seen, cluster);
      }
    });
  }

  private Collection<Authority> lookedFor(Life life) {
    Set<Authority> known = safety.witness(life).lookedFor();
    known.addAll(nodes.get(life.place()).seeds());
    return known;
  }
}
