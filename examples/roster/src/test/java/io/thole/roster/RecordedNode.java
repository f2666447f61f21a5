package io.thole.roster;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterView;
import io.thole.api.EventStream;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.api.grain.GrainKind;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.PartContext;
import io.thole.spi.Peers;
import io.thole.spi.SerialWorker;
import io.thole.spi.TopologyPublisher;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A node that writes down what it is told, and runs the tasks of its part when it is asked to. */
final class RecordedNode implements PartContext, TopologyPublisher {
  final List<List<String>> views = new ArrayList<>();
  final List<Duration> delays = new ArrayList<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  /** Lets the time pass for which the part wanted to wait. */
  void passTime() {
    tasks.remove().run();
  }

  @Override
  public void viewOf(Collection<String> addresses) {
    views.add(List.copyOf(addresses));
  }

  @Override
  public void execute(Runnable task) {
    throw new AssertionError("a roster hands in nothing");
  }

  @Override
  public TopologyPublisher topology() {
    return this;
  }

  @Override
  public NodeId self() {
    return new NodeId(new Authority("127.0.0.1", 26_050), 1);
  }

  @Override
  public StartupMode mode() {
    return StartupMode.MEMBER;
  }

  @Override
  public String clusterName() {
    return "thole";
  }

  @Override
  public ClusterView view() {
    return ClusterView.EMPTY;
  }

  @Override
  public List<Authority> seeds() {
    return List.of();
  }

  @Override
  public List<String> kinds() {
    return List.of();
  }

  @Override
  public Optional<GrainKind> kind(String name) {
    return Optional.empty();
  }

  @Override
  public boolean wasStopped(long nowNanos) {
    return false;
  }

  @Override
  public boolean verdicts() {
    return false;
  }

  @Override
  public long nowNanos() {
    return 0;
  }

  @Override
  public EventStream events() {
    throw new AssertionError("a roster watches no events");
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    delays.add(delay);
    tasks.add(task);
  }

  @Override
  public SerialWorker worker(String name, int capacity) {
    throw new UnsupportedOperationException("this provider has one worker");
  }

  @Override
  public Peers peers() {
    throw new UnsupportedOperationException("this provider meets nobody");
  }

  @Override
  public void tell(ClusterEvent.PartEvent event) {
    throw new UnsupportedOperationException("this provider tells nothing of itself");
  }

  @Override
  public Channel open(String name, ChannelHandler handler) {
    throw new AssertionError("a roster talks to nobody");
  }

  @Override
  public void view(Collection<NodeId> members) {
    throw new AssertionError("a list is told as it is spelled");
  }

  @Override
  public void joined(Collection<NodeId> nodes) {
    throw new AssertionError("a list is told as a whole");
  }

  @Override
  public void left(Collection<NodeId> nodes) {
    throw new AssertionError("a list is told as a whole");
  }

  @Override
  public void lost(Collection<NodeId> nodes) {
    throw new AssertionError("a list is told as a whole");
  }
}
