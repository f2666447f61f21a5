package io.thole.testkit;

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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the core gives to a provider, with a record of what the provider tells, and when. Any thread. */
final class WatchedContext implements PartContext, TopologyPublisher {
  private final PartContext context;
  private final Queue<Fact> toldInStart = new ConcurrentLinkedQueue<>();
  private final Queue<Fact> toldLate = new ConcurrentLinkedQueue<>();
  private volatile Phase phase = Phase.STARTING;

  private enum Phase {
    STARTING,
    RUNNING,
    OVER
  }

  private enum Change {
    VIEW,
    JOINED,
    LEFT
  }

  /** Something that a provider told; its addresses are as it spelled them. */
  private record Fact(Change change, List<String> addresses) {}

  WatchedContext(PartContext context) {
    this.context = context;
  }

  /** The start returned. */
  void started() {
    phase = Phase.RUNNING;
  }

  /** The provider was shut down, or its start failed: it has nothing to say any more. */
  void ended() {
    phase = Phase.OVER;
  }

  /** Returns what was told after the end, for people. */
  List<String> late() {
    return toldLate.stream().map(Fact::toString).toList();
  }

  /** Returns who is in the cluster by what was told until the start returned. */
  Set<Authority> membersToldInStart() {
    Set<Authority> members = new TreeSet<>();
    for (Fact fact : toldInStart) {
      List<Authority> addresses =
          fact.addresses().stream().map(Authority::parse).toList();
      if (fact.change() == Change.VIEW) {
        members.clear();
      }
      if (fact.change() == Change.LEFT) {
        members.removeAll(addresses);
      } else {
        members.addAll(addresses);
      }
    }
    return members;
  }

  private void note(Change change, Collection<String> addresses) {
    Fact fact = new Fact(change, List.copyOf(addresses));
    switch (phase) {
      case STARTING -> toldInStart.add(fact);
      case RUNNING -> {}
      case OVER -> toldLate.add(fact);
    }
  }

  private static List<String> addresses(Collection<NodeId> nodes) {
    return nodes.stream().map(node -> node.authority().toString()).toList();
  }

  @Override
  public void view(Collection<NodeId> members) {
    note(Change.VIEW, addresses(members));
    context.topology().view(members);
  }

  @Override
  public void viewOf(Collection<String> addresses) {
    note(Change.VIEW, addresses);
    context.topology().viewOf(addresses);
  }

  @Override
  public void joined(Collection<NodeId> nodes) {
    note(Change.JOINED, addresses(nodes));
    context.topology().joined(nodes);
  }

  @Override
  public void left(Collection<NodeId> nodes) {
    note(Change.LEFT, addresses(nodes));
    context.topology().left(nodes);
  }

  @Override
  public void lost(Collection<NodeId> nodes) {
    note(Change.LEFT, addresses(nodes));
    context.topology().lost(nodes);
  }

  @Override
  public TopologyPublisher topology() {
    return this;
  }

  @Override
  public NodeId self() {
    return context.self();
  }

  @Override
  public StartupMode mode() {
    return context.mode();
  }

  @Override
  public String clusterName() {
    return context.clusterName();
  }

  @Override
  public ClusterView view() {
    return context.view();
  }

  @Override
  public EventStream events() {
    return context.events();
  }

  @Override
  public List<Authority> seeds() {
    return context.seeds();
  }

  @Override
  public List<String> kinds() {
    return context.kinds();
  }

  @Override
  public Optional<GrainKind> kind(String name) {
    return context.kind(name);
  }

  @Override
  public boolean wasStopped(long nowNanos) {
    return context.wasStopped(nowNanos);
  }

  @Override
  public boolean verdicts() {
    return context.verdicts();
  }

  @Override
  public long nowNanos() {
    return context.nowNanos();
  }

  @Override
  public void execute(Runnable task) {
    context.execute(task);
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    context.schedule(delay, task);
  }

  @Override
  public SerialWorker worker(String name, int capacity) {
    return context.worker(name, capacity);
  }

  @Override
  public Peers peers() {
    return context.peers();
  }

  @Override
  public void tell(ClusterEvent.PartEvent event) {
    context.tell(event);
  }

  @Override
  public Channel open(String name, ChannelHandler handler) {
    return context.open(name, handler);
  }
}
