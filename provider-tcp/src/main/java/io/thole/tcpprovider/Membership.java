package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.Escaped;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.Peer;
import io.thole.spi.TopologyPublisher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Who is in the cluster, by the connections that stand and are lost. A peer that is up is a member, if it takes part as one. A
 * connection that is lost is evidence alone: the member has its grace time to come back, unless its address refuses to be
 * connected to, which only a process that is gone does. Where a gossiper says who is gone, none of this makes anyone leave.
 * One that says that it leaves has left, and does not come back.
 *
 * <p>Holds no clock and no thread: it takes what happened and the time, and says what to do. For one thread at a time.
 */
final class Membership {
  /** Two refusals of one address that are further apart show a process that is gone, not one that is busy. */
  static final long REFUSALS_APART_NANOS = 100_000_000;

  /** How many leaves are remembered, so that a connection that still stands does not bring anyone back. */
  static final int MOST_DEPARTED = 1_000;

  private final Authority self;
  private final boolean handedOver;
  private final Map<Authority, SeedDial> seeds = new LinkedHashMap<>();
  private final TreeMap<Authority, NodeId> members = new TreeMap<>();
  private final TreeMap<Authority, Absence> absent = new TreeMap<>();
  private final Map<Authority, NodeId> linked = new HashMap<>();
  private final Map<NodeId, Integer> asked =
      new HashMap<>(); // how many members each may still name
  private final Set<NodeId> asking = new HashSet<>(); // who wants to know, but is not up yet
  private final Set<Authority> met = new HashSet<>(); // named by the first welcome, not tried yet
  private final Map<Authority, Long> departed = new LinkedHashMap<>();
  private MembershipSettings settings;
  private boolean welcomed;
  private boolean judgedElsewhere;
  private final Map<Authority, Long> judged = new LinkedHashMap<>(); // taken out by the gossiper
  private Set<NodeId> shown = Set.of();

  /** What to do. */
  sealed interface Step {
    /** Tell the node that a member came, or is still there. */
    record Joined(NodeId node) implements Step {}

    /** Tell the node that a member went. */
    record Left(NodeId node) implements Step {}

    /** Try to connect. */
    record Dial(Authority address) implements Step {}

    /** Ask a peer who is there. */
    record Ask(NodeId peer) implements Step {}

    /** Tell a peer who is there. */
    record Answer(NodeId peer) implements Step {}

    /** Say something to whoever runs the node. */
    record Note(String line) implements Step {}

    /** A peer has said what it had no reason to say; it had no effect. */
    record Stray(NodeId peer) implements Step {}
  }

  /**
   * Begins.
   *
   * @param self this node, which is neither dialled nor told of
   * @param seeds whom to dial for ever
   * @param running the view that runs already; who is in it stays a member and has the grace time to be met
   * @param settings how long to wait
   * @param jitter spreads the dials of many nodes
   * @param nowNanos the time
   */
  Membership(
      Authority self,
      Collection<Authority> seeds,
      Collection<NodeId> running,
      MembershipSettings settings,
      RandomGenerator jitter,
      long nowNanos) {
    this.self = self;
    this.settings = settings;
    seeds.stream()
        .filter(seed -> !seed.equals(self))
        .forEach(seed -> this.seeds.put(seed, new SeedDial(jitter, nowNanos)));
    onView(running, nowNanos);
    this.handedOver = !members.isEmpty();
    this.welcomed = handedOver;
  }

  /** Returns whom to dial first. */
  List<Step> onStart() {
    return Stream.concat(seeds.keySet().stream(), members.keySet().stream())
        .distinct()
        .<Step>map(Step.Dial::new)
        .toList();
  }

  /** Returns the members, this node left aside. */
  Collection<NodeId> members() {
    return List.copyOf(members.values());
  }

  /** Takes other times, which count for whoever is absent already, too. */
  void configure(MembershipSettings next) {
    settings = next;
  }

  /**
   * Says whether a gossiper decides who is gone. When it does not any more, whoever is absent has its whole grace time from
   * then on: all that is known of it by now is that somebody else had found nothing against it.
   */
  void leaveVerdicts(boolean toTheGossiper, long nowNanos) {
    if (judgedElsewhere && !toTheGossiper) {
      absent.values().forEach(absence -> absence.restart(nowNanos));
    }
    judgedElsewhere = toTheGossiper;
    if (!judgedElsewhere) {
      judged.clear();
    }
  }

  /**
   * Tells whether the node has met whom it can meet at once: nobody is to be met, or it follows a provider that knew the
   * cluster, or a seed has said who is there and each of these is up or has refused. One whose seeds are not there yet waits
   * for them: nodes that start at once find each other.
   */
  boolean met() {
    return seeds.isEmpty() || handedOver || (welcomed && met.isEmpty());
  }

  /** Returns the seeds that have neither been met nor refused. */
  List<Authority> silentSeeds() {
    return seeds.entrySet().stream()
        .filter(seed -> !linked.containsKey(seed.getKey()) && !seed.getValue().refused())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** A connection stands. */
  List<Step> onUp(Peer peer, long nowNanos) {
    NodeId id = peer.id();
    List<Step> steps = new ArrayList<>();
    linked.put(id.authority(), id);
    met.remove(id.authority());
    SeedDial seed = seeds.get(id.authority());
    if (seed != null) {
      seed.up(nowNanos);
    }
    if (!hasDeparted(id) && !isAtMost(judged, id)) {
      steps.addAll(peer.mode() == StartupMode.MEMBER ? join(id) : replaceByClient(id));
    }
    if (asking.remove(id)) {
      steps.add(new Step.Answer(id));
    }
    return steps;
  }

  /** A connection is gone. */
  List<Step> onLost(NodeId peer, boolean announced, long nowNanos) {
    boolean wasUp = linked.remove(peer.authority(), peer);
    SeedDial seed = seeds.get(peer.authority());
    if (seed != null && wasUp) { // else it lets us in and sends us away: it is dialled ever later
      seed.lost(nowNanos);
    }
    if (peer.equals(members.get(peer.authority()))) {
      absent.put(
          peer.authority(),
          new Absence(announced ? Absence.Kind.ANNOUNCED : Absence.Kind.LOST, nowNanos));
    }
    return List.of();
  }

  /** An attempt to connect has failed, of whichever part. */
  List<Step> onRefused(Authority address, boolean nobodyListens, String reason, long nowNanos) {
    List<Step> steps = new ArrayList<>();
    met.remove(address);
    SeedDial seed = seeds.get(address);
    if (seed != null && !linked.containsKey(address) && seed.refuse()) {
      steps.add(new Step.Note(
          "seed " + address + " cannot be reached, and is tried again: " + Escaped.plain(reason)));
    }
    Absence absence = absent.get(address);
    boolean counts = nobodyListens && !judgedElsewhere;
    if (counts && absence != null && absence.refuse(nowNanos)) {
      steps.add(remove(address));
    }
    return steps;
  }

  /** Something can be said to a peer from now on. */
  List<Step> onBegun(NodeId peer) {
    // A seed that goes by another name is no seed by its address: until somebody has answered,
    // anyone
    // is asked.
    if (welcomed && !seeds.containsKey(peer.authority())) {
      return List.of();
    }
    asked.put(peer, TopologyPublisher.LIMIT);
    return List.of(new Step.Ask(peer));
  }

  /** Nothing can be said to a peer any more. */
  List<Step> onEnded(NodeId peer) {
    asked.remove(peer);
    asking.remove(peer);
    return List.of();
  }

  /** A peer wants to know who is there. It is told once it is up, so that two who ask at once are told of each other. */
  List<Step> onJoin(NodeId peer) {
    if (peer.equals(linked.get(peer.authority()))) {
      return List.of(new Step.Answer(peer));
    }
    asking.add(peer);
    return List.of();
  }

  /** A peer says who is there. */
  List<Step> onWelcome(NodeId peer, MembershipMessage.Welcome welcome) {
    int room = asked.getOrDefault(peer, -1) - welcome.members().size();
    if (room < 0) {
      return List.of(new Step.Stray(peer));
    }
    List<Step> steps = new ArrayList<>();
    for (NodeId node : welcome.members()) {
      Authority address = node.authority();
      if (!address.equals(self) && !linked.containsKey(address) && !hasDeparted(node)) {
        if (!welcomed) {
          met.add(address);
        }
        steps.add(new Step.Dial(address));
      }
    }
    if (welcome.last()) {
      asked.remove(peer);
      welcomed = true;
    } else {
      asked.put(peer, room);
    }
    return steps;
  }

  /** A peer says that it leaves. */
  List<Step> onLeave(NodeId peer) {
    remember(departed, peer);
    NodeId member = members.get(peer.authority());
    return member != null && member.matches(peer) ? List.of(remove(peer.authority())) : List.of();
  }

  /** The view has changed: who came into it by somebody else's word has the grace time to be met. */
  List<Step> onView(Collection<NodeId> view, long nowNanos) {
    if (judgedElsewhere) {
      takeVerdicts(view);
    }
    shown = Set.copyOf(view);
    Set<Authority> named = new HashSet<>();
    for (NodeId node : view) {
      Authority address = node.authority();
      named.add(address);
      boolean known = address.equals(self) || members.containsKey(address);
      if (!known && !hasDeparted(node) && !linked.containsKey(address)) {
        members.put(address, node);
        absent.put(address, new Absence(Absence.Kind.UNMET, nowNanos));
      }
    }
    absent.entrySet().stream()
        .filter(entry -> entry.getValue().kind() == Absence.Kind.UNMET)
        .map(Map.Entry::getKey)
        .filter(address -> !named.contains(address))
        .toList()
        .forEach(address -> {
          members.remove(address);
          absent.remove(address);
        });
    return List.of();
  }

  /** Whoever went by the gossiper's word is told of again by it alone, however often that start connects. */
  private void takeVerdicts(Collection<NodeId> view) {
    Set<Authority> there = new HashSet<>();
    for (NodeId node : view) {
      there.add(node.authority());
      judged.remove(node.authority());
      if (node.equals(linked.get(node.authority()))) {
        members.put(node.authority(), node);
      }
    }
    for (NodeId node : shown) {
      if (!there.contains(node.authority()) && members.remove(node.authority(), node)) {
        absent.remove(node.authority());
        remember(judged, node);
      }
    }
  }

  /** Time has passed. */
  List<Step> onTime(long nowNanos) {
    List<Step> steps = new ArrayList<>();
    seeds.forEach((address, seed) -> {
      if (!linked.containsKey(address) && seed.due(nowNanos)) {
        steps.add(new Step.Dial(address));
      }
    });
    new TreeMap<>(absent).forEach((address, absence) -> {
      if (absence.overdue(settings, nowNanos) && judgedElsewhere) {
        absence.restart(nowNanos); // and after it, a look at whether that is still so
      } else if (absence.overdue(settings, nowNanos)) {
        steps.add(remove(address));
      } else if (absence.probe(nowNanos)) {
        steps.add(new Step.Dial(address));
      }
    });
    return steps;
  }

  /** Returns when {@link #onTime} has something to do next, unless something happens before. */
  OptionalLong deadlineNanos(long nowNanos) {
    Stream<Long> dials = seeds.entrySet().stream()
        .filter(seed -> !linked.containsKey(seed.getKey()))
        .map(seed -> seed.getValue().dueNanos());
    Stream<Long> verdicts =
        absent.values().stream().map(absence -> absence.deadlineNanos(settings));
    return Stream.concat(dials, verdicts)
        .mapToLong(deadline -> deadline - nowNanos) // the clock may wrap around: compare distances
        .min()
        .stream()
        .map(distance -> nowNanos + distance)
        .findFirst();
  }

  private List<Step> join(NodeId id) {
    NodeId known = members.get(id.authority());
    if (known == null && members.size() >= TopologyPublisher.LIMIT - 1) {
      return List.of(new Step.Note(id + " is no member: the cluster has as many as it can"));
    }
    if (known != null && known.incarnation() > id.incarnation()) {
      return List.of();
    }
    members.put(id.authority(), id);
    absent.remove(id.authority());
    return List.of(new Step.Joined(id));
  }

  /** Where a member was, a client runs now: the member is gone. */
  private List<Step> replaceByClient(NodeId client) {
    NodeId known = members.get(client.authority());
    return known != null ? List.of(remove(client.authority())) : List.of();
  }

  private Step remove(Authority address) {
    absent.remove(address);
    NodeId node = members.remove(address);
    if (node == null) {
      throw new AssertionError("no member: " + address);
    }
    return new Step.Left(node);
  }

  /** Tells of a member that went whether it was found unreachable; else it said so, or is there as a client now. */
  boolean lost(NodeId node) {
    return !hasDeparted(node) && !linked.containsKey(node.authority());
  }

  private boolean hasDeparted(NodeId id) {
    return isAtMost(departed, id);
  }

  private static boolean isAtMost(Map<Authority, Long> known, NodeId id) {
    Long incarnation = known.get(id.authority());
    return incarnation != null && id.incarnation() <= incarnation;
  }

  private static void remember(Map<Authority, Long> known, NodeId gone) {
    known.merge(gone.authority(), gone.incarnation(), Math::max);
    if (known.size() > MOST_DEPARTED) {
      known.remove(known.keySet().iterator().next());
    }
  }
}
