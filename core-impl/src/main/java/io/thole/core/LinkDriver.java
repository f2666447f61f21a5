package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.BlockEntry;
import io.thole.api.ClusterEvent.Expelled;
import io.thole.api.ClusterEvent.PeerRefused;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.core.link.LinkTable;
import io.thole.core.link.LinkTable.Step;
import io.thole.spi.Introduction;
import io.thole.spi.Peer;
import io.thole.spi.Peers.PeerObserver;
import io.thole.spi.Transport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the {@link LinkTable} decides, keeps what connections show, and tells the parts that watch them. Confined
 * to the loop, but for {@link #bind}.
 */
final class LinkDriver implements Links.Observer {
  private static final String BY = "link";

  /** How many refused addresses are remembered, so that each is told once. */
  private static final int MOST_TOLD = 1_000;

  private final NodeLoop loop;
  private final Links links;
  private final SerialEventStream events;
  private final MemberList members;
  private final NodeTopologyPublisher publisher;
  private final EvidenceLog evidence;
  private final Runnable show;
  private final Runnable leave;
  private final LinkTable table = new LinkTable();
  private final List<PeerObserver> watchers = new ArrayList<>();
  private final Set<Authority> turnedAway = new HashSet<>();
  private NodeLoop.Timer timer = () -> {};
  private NodeTopologyPublisher.@Nullable Source facts;
  private boolean expelled;

  /**
   * Makes a driver of links that are closed.
   *
   * @param show shows the node's state
   * @param leave has the node leave the cluster
   */
  LinkDriver(
      NodeLoop loop,
      Links links,
      SerialEventStream events,
      MemberList members,
      NodeTopologyPublisher publisher,
      EvidenceLog evidence,
      Runnable show,
      Runnable leave) {
    this.loop = loop;
    this.links = links;
    this.events = events;
    this.members = members;
    this.publisher = publisher;
    this.evidence = evidence;
    this.show = show;
    this.leave = leave;
  }

  /** Begins a run. */
  void open(StartupMode mode, List<String> kinds) {
    facts = publisher.source(BY);
    links.open(mode, kinds, this);
  }

  /** Ends a run. */
  void close() {
    timer.cancel();
    if (facts != null) {
      facts.close();
    }
    watchers.clear();
    turnedAway.clear();
    expelled = false;
    table.clear();
    links.close();
  }

  Links links() {
    return links;
  }

  /**
   * Binds a transport: to the address that the node has, if it has one already. On the transport's worker.
   *
   * @param own the node's id, once it has one
   * @return the address that was bound
   */
  Authority bind(
      Transport transport, ClusterSettings settings, long incarnation, Optional<NodeId> own) {
    Introduction self = new Introduction(settings.cluster(), incarnation, settings.advertise());
    links.attach(transport);
    try {
      Authority bound = transport.bind(address(settings, own), self, links.handler());
      Authority known = settings.advertise().orElse(bound);
      if (own.filter(id -> !id.authority().equals(known)).isPresent()) {
        transport.unbind(false);
        throw new ClusterException("it listens at " + bound + ", but this node is " + own.get());
      }
      loop.execute(this::onTransport);
      return bound;
    } catch (RuntimeException thrown) {
      links.detach();
      throw thrown;
    }
  }

  private static BindAddress address(ClusterSettings settings, Optional<NodeId> own) {
    return own.filter(id -> settings.bind().anyPort() && settings.advertise().isEmpty())
        .map(id -> new BindAddress(settings.bind().host(), id.authority().port()))
        .orElse(settings.bind());
  }

  /** The transport is gone; links wait for the next one. */
  void unbound() {
    links.detach();
    table.linked().forEach(peer -> onLost(peer.id(), true, "the transport was taken out"));
  }

  private void onTransport() {
    carryOut(table.onTransport(loop.nowNanos()));
  }

  /** The view has changed. */
  void onView() {
    members
        .self()
        .ifPresent(self -> carryOut(table.onMembers(members.view(), self, loop.nowNanos())));
    table.linked().forEach(this::learn);
  }

  /** Tells which run of a member this is, where the view does not say so: whichever of the two came first. */
  private void learn(Peer peer) {
    boolean news = members
        .at(peer.id().authority())
        .filter(id -> id.incarnation() < peer.id().incarnation())
        .isPresent();
    if (news && facts != null && peer.mode() == StartupMode.MEMBER) {
      facts.joined(List.of(peer.id()));
    }
  }

  /** The block list has changed: who is linked and refused from now on is told so. */
  void onBlocked(List<BlockEntry> entries) {
    turnedAway.clear();
    links.admit(peer -> refusal(entries, peer));
    table
        .linked()
        .forEach(peer -> refusal(entries, peer.id()).ifPresent(reason -> {
          links.refuse(peer.id(), reason);
          onTurnedAway(peer.id(), reason);
        }));
  }

  private static Optional<String> refusal(List<BlockEntry> entries, NodeId peer) {
    return entries.stream()
        .filter(entry -> entry.subject().matches(peer))
        .findFirst()
        .map(entry -> "blocked by " + entry.source() + ": " + entry.reason());
  }

  /** Has an observer told of connections: first of those that stand. */
  void watch(PeerObserver observer) {
    watchers.add(observer);
    table.linked().forEach(observer::onUp);
  }

  void unwatch(PeerObserver observer) {
    watchers.remove(observer);
  }

  List<Peer> linked() {
    return table.linked();
  }

  Optional<Peer> linked(NodeId id) {
    return table.linked(id);
  }

  @Override
  public void onUp(Peer peer) {
    evidence.note(peer.id().authority(), "connected as " + peer.id(), BY, "it can be reached");
    carryOut(table.onUp(peer));
    learn(peer);
    show.run();
    List.copyOf(watchers).forEach(watcher -> watcher.onUp(peer));
  }

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {
    evidence.note(
        peer.authority(),
        "connection lost" + (announced ? ", as announced: " : ": ") + reason,
        BY,
        "evidence, not a verdict: it is dialled again");
    carryOut(table.onLost(peer, loop.nowNanos()));
    show.run();
    List.copyOf(watchers).forEach(watcher -> watcher.onLost(peer, announced, reason));
  }

  @Override
  public void onLeaving(NodeId peer) {
    note(peer.authority(), "says that it leaves", "its own word; a provider decides");
    List.copyOf(watchers).forEach(watcher -> watcher.onLeaving(peer));
  }

  @Override
  public void onRefused(Authority address, boolean nobodyListens, String reason) {
    note(address, "not reached: " + reason, "it is dialled again, ever later");
    table.onRefused(address, loop.nowNanos());
    carryOut(List.of());
    List.copyOf(watchers).forEach(watcher -> watcher.onRefused(address, nobodyListens, reason));
  }

  @Override
  public void onTurnedAway(NodeId peer, String reason) {
    note(peer.authority(), "turned away: " + reason, "unblock it to let it in");
    if (turnedAway.size() < MOST_TOLD && turnedAway.add(peer.authority())) {
      events.emit(new PeerRefused(peer.authority(), reason));
    }
  }

  @Override
  public void onExpelled(NodeId by, String reason) {
    boolean member = members.view().contains(by.authority());
    note(
        by.authority(),
        "refuses this node: " + reason,
        member ? "this node leaves" : "it is no member; this node stays");
    if (!member) {
      String refusal = "it refuses this node: " + reason;
      List.copyOf(watchers).forEach(watcher -> watcher.onRefused(by.authority(), false, refusal));
    } else if (!expelled) { // while it leaves it still dials
      expelled = true;
      events.emit(new Expelled(by.authority(), reason));
      leave.run();
    }
  }

  /** Notes what has no event of its own; it is shown at once, where it is news. */
  private void note(Authority about, String line, String rule) {
    if (evidence.note(about, line, BY, rule)) {
      show.run();
    }
  }

  private void carryOut(List<Step> steps) {
    for (Step step : steps) {
      if (step instanceof Step.Dial dial) {
        links.dial(dial.address());
      } else if (step instanceof Step.End end) {
        evidence.note(
            end.peer().authority(), "link ended: " + end.reason(), BY, "open work is lost");
        links.end(end.peer());
      } else {
        throw new AssertionError("no such step: " + step);
      }
    }
    timer.cancel();
    OptionalLong next = table.nextNanos();
    timer = next.isPresent()
        ? loop.schedule(next.getAsLong() - loop.nowNanos(), this::onTime)
        : () -> {};
  }

  private void onTime() {
    carryOut(table.onTime(loop.nowNanos()));
  }
}
