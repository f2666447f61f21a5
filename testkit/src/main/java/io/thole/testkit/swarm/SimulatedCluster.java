package io.thole.testkit.swarm;

import io.thole.testkit.ManualNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The nodes of a simulation at a moment of it. Valid within the action that it was given to. */
public final class SimulatedCluster {
  private final List<SwarmNode> nodes;
  private final long nowNanos;

  SimulatedCluster(List<SwarmNode> nodes, long nowNanos) {
    this.nodes = nodes;
    this.nowNanos = nowNanos;
  }

  /** Returns how many places for nodes there are. */
  public int size() {
    return nodes.size();
  }

  /** Returns how much virtual time has passed. */
  public Duration now() {
    return Duration.ofNanos(nowNanos);
  }

  /**
   * Returns the node at a place, if its process runs; one that stands still does not.
   *
   * @param place its number, from 0
   */
  public Optional<ManualNode> node(int place) {
    return nodes.get(place).awake().map(Life::node);
  }

  /** Returns every node whose process runs, in the order of their places. */
  public List<ManualNode> running() {
    return nodes.stream()
        .flatMap(node -> node.awake().filter(Life::running).stream())
        .map(Life::node)
        .toList();
  }

  /** Has the process at a place die, without a word. */
  public void crash(int place) {
    nodes.get(place).crash();
  }

  /** Starts a process at a place, unless one runs. */
  public void start(int place) {
    nodes.get(place).start();
  }

  /** Has a process stand still. */
  public void pause(int place, Duration duration) {
    nodes.get(place).pause(duration.toNanos());
  }
}
