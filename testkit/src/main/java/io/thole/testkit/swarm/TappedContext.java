package io.thole.testkit.swarm;

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
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a part is given, with something between it and its channel. */
final class TappedContext implements PartContext {
  private final PartContext context;
  private final UnaryOperator<ChannelHandler> inward;
  private final UnaryOperator<Channel> outward;

  TappedContext(
      PartContext context, UnaryOperator<ChannelHandler> inward, UnaryOperator<Channel> outward) {
    this.context = context;
    this.inward = inward;
    this.outward = outward;
  }

  @Override
  public Channel open(String name, ChannelHandler handler) {
    return outward.apply(context.open(name, inward.apply(handler)));
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
  public TopologyPublisher topology() {
    return context.topology();
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
}
