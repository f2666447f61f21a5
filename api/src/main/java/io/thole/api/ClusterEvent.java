package io.thole.api;

import java.util.List;

/**
 * Something that happened to this node or its cluster. Everything that anyone is told goes through the
 * {@link EventStream} as one of these.
 */
public sealed interface ClusterEvent {

  /**
   * The node runs: every part that it waited for has started. Exactly one for each successful start.
   *
   * @param address the node's address
   * @param mode member or client
   */
  record Startup(Authority address, StartupMode mode) implements ClusterEvent {}

  /**
   * The node could not start; whatever had started was stopped again. Exactly one for each failed start.
   *
   * @param address the address that it was to bind
   * @param mode member or client
   * @param reason what failed, in one line
   */
  record StartupFailed(BindAddress address, StartupMode mode, String reason)
      implements ClusterEvent {}

  /**
   * The cluster changed. {@code joined} and {@code left} repeat those of the topology; {@code members} is the full view,
   * for those who arrive late.
   *
   * @param topology the change, its version and its hash
   * @param joined the addresses that came
   * @param left the addresses that went
   * @param blocked the addresses that are refused from now on
   * @param members everyone who is in the cluster after this change
   */
  record TopologyUpdated(
      ClusterTopology topology,
      List<Authority> joined,
      List<Authority> left,
      List<Authority> blocked,
      List<NodeId> members)
      implements ClusterEvent {
    /**
     * Copies and sorts the lists.
     *
     * @throws IllegalArgumentException if {@code joined} or {@code left} differ from those of the topology
     */
    public TopologyUpdated {
      joined = Sorted.copy(joined);
      left = Sorted.copy(left);
      blocked = Sorted.copy(blocked);
      members = Sorted.copy(members);
      if (!joined.equals(topology.joined()) || !left.equals(topology.left())) {
        throw new IllegalArgumentException(
            "joined " + joined + " and left " + left + " differ from those of " + topology);
      }
    }

    /**
     * Makes the event of one change.
     *
     * @param topology the change
     * @param blocked the addresses that are refused
     * @param members everyone who is in the cluster after it
     */
    public TopologyUpdated(
        ClusterTopology topology, List<Authority> blocked, List<NodeId> members) {
      this(topology, topology.joined(), topology.left(), blocked, members);
    }

    /** Returns the view after this change. */
    public ClusterView view() {
      return new ClusterView(topology.version(), members, blocked);
    }
  }

  /**
   * A topology made no sense and changed nothing.
   *
   * @param source who said it
   * @param reason what is wrong with it, with the value
   */
  record TopologyRejected(String source, String reason) implements ClusterEvent {}

  /**
   * Nobody tells this node about the cluster any more; it keeps its last view until a provider returns.
   *
   * @param source the provider that went
   * @param reason why, in one line
   */
  record TopologyStale(String source, String reason) implements ClusterEvent {}

  /**
   * One provider took over from another.
   *
   * @param report the figures of the hand-over
   */
  record ProviderSwapped(SwapReport report) implements ClusterEvent {}

  /**
   * A hand-over did not happen; the provider that ran runs on.
   *
   * @param from the provider that ran, or {@code none}
   * @param to the provider that should have taken over
   * @param reason what failed, in one line
   */
  record ProviderSwapFailed(String from, String to, String reason) implements ClusterEvent {}

  /**
   * A part of the node failed while the node itself runs on.
   *
   * @param part which one
   * @param reason what failed, in one line
   */
  record PartFailed(String part, String reason) implements ClusterEvent {}

  /**
   * A node was refused: it is on the block list. Told once for each time that it is put there.
   *
   * @param peer its address
   * @param reason why
   */
  record PeerRefused(Authority peer, String reason) implements ClusterEvent {}

  /**
   * A member of the cluster refuses this node, which therefore leaves. The process stays.
   *
   * @param by who refuses it
   * @param reason what it says
   */
  record Expelled(Authority by, String reason) implements ClusterEvent {}

  /**
   * So much of the cluster was found unreachable that by this node's {@code partition} policy another side may go on, and
   * this one must not: it leaves. The process stays, and can start the node again once the others can be reached.
   *
   * @param reachable who is on this side, this node among them
   * @param unreachable who is not
   * @param reason the policy and the count, in one line
   */
  record PartitionLost(List<Authority> reachable, List<Authority> unreachable, String reason)
      implements ClusterEvent {
    /** Copies and sorts the lists. */
    public PartitionLost {
      reachable = Sorted.copy(reachable);
      unreachable = Sorted.copy(unreachable);
    }
  }

  /** What a part of the node tells of itself. */
  sealed interface PartEvent extends ClusterEvent {}

  /**
   * A member is suspected to be gone, by this node or by others. Told once; it has time to refute.
   *
   * @param member who
   * @param evidence who accuses it and of what, in one line
   */
  record MemberSuspected(NodeId member, String evidence) implements PartEvent {}

  /**
   * A member that was suspected is not any more.
   *
   * @param member who
   * @param evidence what cleared it, in one line
   */
  record MemberRecovered(NodeId member, String evidence) implements PartEvent {}

  /**
   * A member was found dead: the verdict after which it leaves the view, final for as long as it does not refute it itself.
   *
   * @param member who
   * @param evidence on whose word, and by which rule, in one line
   */
  record MemberFailed(NodeId member, String evidence) implements PartEvent {}

  /**
   * This node hears none of the members, and therefore accuses nobody.
   *
   * @param evidence since when, in one line
   */
  record Isolated(String evidence) implements PartEvent {}

  /**
   * This node hears members again after it was isolated.
   *
   * @param evidence how it knows, in one line
   */
  record Rejoined(String evidence) implements PartEvent {}

  /**
   * A handler was subscribed on this node.
   *
   * @param topic the topic
   * @param subscriber the handler and its owner, for people
   */
  record Subscribed(String topic, String subscriber) implements PartEvent {}

  /**
   * A subscription on this node ended.
   *
   * @param topic the topic
   * @param subscriber the handler and its owner, for people
   * @param reason why, in one line
   */
  record Unsubscribed(String topic, String subscriber, String reason) implements PartEvent {}

  /**
   * A handler threw. Told once for each subscription, which stays.
   *
   * @param topic the topic
   * @param subscriber the handler and its owner, for people
   * @param reason what it threw, in one line
   */
  record SubscriberFailed(String topic, String subscriber, String reason) implements PartEvent {}

  /**
   * A handler does not keep up: messages for it are dropped, or wait for more than a second. Told at most once in 10 s.
   *
   * @param topic the topic
   * @param subscriber the handler and its owner, for people
   * @param backlog how many messages wait for it
   */
  record SubscriberSlow(String topic, String subscriber, long backlog) implements PartEvent {}

  /**
   * The node was asked to start and still waits, after 10 s, for parts that are not there. Told once for each start; it
   * goes on waiting.
   *
   * @param parts the kinds of part that are missing
   */
  record PartMissing(List<String> parts) implements ClusterEvent {
    /** Copies the list. */
    public PartMissing {
      parts = List.copyOf(parts);
    }
  }

  /**
   * An observer threw. It is told once for each observer, which stays subscribed.
   *
   * @param observer the observer and the bundle that it belongs to
   * @param reason what it threw, in one line
   */
  record ObserverFailed(String observer, String reason) implements ClusterEvent {}

  /**
   * This observer was too slow and missed events; the state as it is now follows. Only that observer sees it.
   *
   * @param count how many it missed
   */
  record EventsDropped(long count) implements ClusterEvent {}

  /**
   * The node has stopped. The last event of its run.
   *
   * @param address the address that it had
   * @param mode member or client
   */
  record Shutdown(Authority address, StartupMode mode) implements ClusterEvent {}

  /**
   * The node has stopped, and parts of it failed to. The last event of its run, in place of {@link Shutdown}.
   *
   * @param address the address that it had
   * @param mode member or client
   * @param reasons what failed, a line each
   */
  record ShutdownFailed(Authority address, StartupMode mode, List<String> reasons)
      implements ClusterEvent {
    /** Copies the list. */
    public ShutdownFailed {
      reasons = List.copyOf(reasons);
    }
  }
}
