package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.PartitionLost;
import io.thole.api.NodeId;
import io.thole.api.PartitionPolicy;
import io.thole.core.partition.Partition;
import io.thole.core.partition.ReferenceView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@link ReferenceView}, asks whenever members were found unreachable whether this side goes on, and has the node
 * leave where it must not. Confined to the loop.
 */
final class PartitionDriver {
  /** How soon to look again whether everyone can be reached. */
  private static final long LOOK_NANOS = 1_000_000_000;

  private final NodeLoop loop;
  private final SerialEventStream events;
  private final EvidenceLog evidence;
  private final Supplier<PartitionPolicy> policy;
  private final BooleanSupplier whole;
  private final Runnable leave;
  private final ReferenceView reference = new ReferenceView();
  private NodeLoop.Timer timer = () -> {};
  private @Nullable NodeId self; // of the run, while this side goes on

  /**
   * Makes one that is closed.
   *
   * @param policy what to do; may change while the node runs
   * @param whole tells whether everyone in the view can be reached
   * @param leave has the node leave the cluster
   */
  PartitionDriver(
      NodeLoop loop,
      SerialEventStream events,
      EvidenceLog evidence,
      Supplier<PartitionPolicy> policy,
      BooleanSupplier whole,
      Runnable leave) {
    this.loop = loop;
    this.events = events;
    this.evidence = evidence;
    this.policy = policy;
    this.whole = whole;
    this.leave = leave;
  }

  /** Begins a run of a member. A client has no say in which side goes on, and follows whom it reaches: it opens none. */
  void open(NodeId node) {
    self = node;
    reference.begin(node.authority(), loop.nowNanos());
  }

  /** Ends a run. */
  void close() {
    self = null;
    timer.cancel();
    reference.clear();
  }

  /**
   * Takes a topology that has been applied.
   *
   * @param view who is in it
   * @param lost who of those that left was found unreachable
   */
  void onTopology(Set<Authority> view, Set<Authority> lost) {
    NodeId run = self;
    if (run != null) {
      reference.onView(view, lost, loop.nowNanos());
      setTimer();
      lost.forEach(this::note);
      if (reference.lost() > 0) {
        loop.execute(() -> decide(run)); // so that observers are told of the topology first
      }
    }
  }

  private void note(Authority address) {
    evidence.note(
        address,
        "found unreachable; " + count(reference.all()) + " can be reached",
        "partition",
        policy.get().label() + ": "
            + (losing().isEmpty() ? "this side goes on" : "this node leaves"));
  }

  private void decide(NodeId run) {
    Optional<Partition> losing = run.equals(self) ? losing() : Optional.empty();
    losing.ifPresent(partition -> {
      self = null; // told once
      timer.cancel();
      events.emit(
          new PartitionLost(
              List.copyOf(partition.reachable()),
              List.copyOf(partition.unreachable()),
              policy.get().label() + ": " + count(partition)
                  + " can be reached, so another side may go on; this node leaves and may be started again"));
      leave.run();
    });
  }

  private Optional<Partition> losing() {
    return reference.losing(policy.get());
  }

  private static String count(Partition partition) {
    return partition.reachable().size() + " of " + partition.view().size();
  }

  private void setTimer() {
    timer.cancel();
    OptionalLong next = reference.nextNanos();
    next.ifPresent(dueNanos ->
        timer = loop.schedule(Math.max(0, dueNanos - loop.nowNanos()), this::onTime));
  }

  private void onTime() {
    reference.onTime(whole.getAsBoolean(), loop.nowNanos());
    OptionalLong next = reference.nextNanos();
    next.ifPresent(dueNanos ->
        timer = loop.schedule(Math.max(LOOK_NANOS, dueNanos - loop.nowNanos()), this::onTime));
  }
}
