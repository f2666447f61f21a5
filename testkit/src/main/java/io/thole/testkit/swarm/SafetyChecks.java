package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.Isolated;
import io.thole.api.ClusterEvent.MemberFailed;
import io.thole.api.ClusterEvent.MemberRecovered;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.ObserverFailed;
import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.Rejoined;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterEvent.TopologyRejected;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage;
import io.thole.gossip.Update;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What must hold at every moment, whatever goes wrong. Everything is judged by what can be seen from outside: the events of a node,
 * what it says to others, and what its loop holds.
 */
final class SafetyChecks {
  /** How many timers a node may have: those of its parts, and one for each connection of the last 5 s. */
  private static final int MOST_TIMERS = 2_000;

  /** So many accusers make a verdict in every view. */
  private static final int ACCUSERS = 3;

  private static final int MOST_WORKERS = 200;

  private final Agenda agenda;
  private final Trace trace;
  private final Map<NodeId, Witness> witnesses = new HashMap<>();
  private final Map<NodeId, Integer> refutations = new HashMap<>();
  private final Map<Long, String> textOfHash = new HashMap<>();
  private final Map<String, Long> hashOfText = new HashMap<>();
  private final Set<NodeId> dead = new HashSet<>();
  private Optional<Violation> violation = Optional.empty();
  private Optional<Throwable> thrown = Optional.empty();

  SafetyChecks(Agenda agenda, Trace trace) {
    this.agenda = agenda;
    this.trace = trace;
  }

  /** Returns the first violation. */
  Optional<Violation> violation() {
    return violation;
  }

  void violate(String rule, String node, String detail) {
    if (violation.isEmpty()) {
      violation = Optional.of(new Violation(rule, trace.steps(), agenda.nowNanos(), node, detail));
    }
  }

  void began(Life life) {
    witnesses.put(life.id(), new Witness(life.id()));
    refutations.put(life.id(), 0);
  }

  void ended(Life life) {
    dead.add(life.id());
  }

  void linked(NodeId node, NodeId peer) {
    Witness witness = witnesses.get(node);
    if (witness != null) {
      witness.met.add(peer);
    }
  }

  Witness witness(Life life) {
    return Objects.requireNonNull(witnesses.get(life.id()), "it has begun");
  }

  // Events.

  void happened(Life life, ClusterEvent event) {
    Witness witness = witness(life);
    if (witness.stopped || dead.contains(life.id())) {
      violate("silent-after-stop", life.id().toString(), "after its end came " + event);
    } else if (event instanceof PartEvent told) {
      told(witness, told);
    } else if (event instanceof Shutdown || event instanceof ShutdownFailed) {
      witness.stopped = true;
    }
    if (event instanceof PartFailed
        || event instanceof ObserverFailed
        || event instanceof StartupFailed
        || event instanceof ShutdownFailed
        || event instanceof TopologyRejected) {
      violate("no-failure", life.id().toString(), event.toString());
    }
  }

  /** Suspicion is told once, and so is what becomes of it (J5). */
  private void told(Witness witness, PartEvent event) {
    boolean news = true;
    if (event instanceof MemberSuspected suspected) {
      boolean unclear = witness.unclear.remove(suspected.member());
      news = witness.suspected.add(suspected.member()) || unclear;
    } else if (event instanceof MemberRecovered recovered) {
      boolean unclear = witness.unclear.remove(recovered.member());
      news = witness.suspected.remove(recovered.member()) || unclear;
    } else if (event instanceof MemberFailed failed) {
      witness.suspected.remove(failed.member());
    } else if (event instanceof Isolated) {
      news = !witness.isolated;
      witness.isolated = true;
    } else if (event instanceof Rejoined) {
      news = witness.isolated;
      witness.isolated = false;
    }
    if (!news) {
      violate(
          "told-once",
          witness.id.toString(),
          event + " is no news; suspected are " + witness.suspected);
    }
  }

  /**
   * A topology was published.
   *
   * @param connected tells whether the node is connected to another at this moment
   */
  void updated(Life life, TopologyUpdated update, Predicate<NodeId> connected) {
    Witness witness = witness(life);
    versionGrows(witness, update);
    composes(witness, update);
    isKnown(witness, update);
    oneHash(witness, update);
    returns(witness, update, connected);
    witness.version = update.topology().version();
    witness.hash = update.topology().hash();
    witness.members = new TreeSet<>(update.members());
    witness.blocked = update.blocked();
  }

  private void versionGrows(Witness witness, TopologyUpdated update) {
    if (update.topology().version() != witness.version + 1) {
      violate(
          "version-grows",
          witness.id.toString(),
          "version " + update.topology().version() + " after " + witness.version);
    }
    boolean nothing = update.joined().isEmpty()
        && update.left().isEmpty()
        && update.blocked().equals(witness.blocked);
    if (nothing || update.topology().hash() == witness.hash) {
      violate("no-duplicate", witness.id.toString(), "changes nothing: " + update);
    }
  }

  private void composes(Witness witness, TopologyUpdated update) {
    Set<Authority> expected = witness.addresses();
    boolean sound = expected.containsAll(update.left());
    update.left().forEach(expected::remove);
    for (Authority address : update.joined()) {
      sound &= expected.add(address);
    }
    Set<Authority> found = new TreeSet<>();
    for (NodeId member : update.members()) {
      sound &= found.add(member.authority());
    }
    if (!sound || !found.equals(expected)) {
      violate(
          "composes", witness.id.toString(), update + " does not follow from " + witness.members);
    }
    for (NodeId before : witness.members) {
      boolean replaced = update.members().stream()
          .anyMatch(now -> now.authority().equals(before.authority()) && !now.equals(before));
      if (replaced) {
        violate(
            "composes", witness.id.toString(), before + " was replaced in one event: " + update);
      }
    }
  }

  private void isKnown(Witness witness, TopologyUpdated update) {
    if (!update.members().contains(witness.id)) {
      violate("self-in-view", witness.id.toString(), "is not in its own view: " + update);
    }
    for (NodeId member : update.members()) {
      if (!witnesses.containsKey(member)) {
        violate("real-members", witness.id.toString(), member + " never ran: " + update);
      }
    }
  }

  private void oneHash(Witness witness, TopologyUpdated update) {
    long hash = update.view().membersHash();
    String text = update.view().members() + "|" + update.view().blocked();
    String other = textOfHash.putIfAbsent(hash, text);
    Long before = hashOfText.putIfAbsent(text, hash);
    if ((other != null && !other.equals(text)) || (before != null && before != hash)) {
      violate(
          "one-hash",
          witness.id.toString(),
          "hash " + hash + " stands for " + text + " and " + other);
    }
  }

  /**
   * A run of a node that was taken out comes back for two reasons alone: it has been met in person, or it has itself refuted what was
   * said of it, and that was heard here. Its {@link NodeId} stays the same then; the number of its refutations tells the two apart.
   */
  private void returns(Witness witness, TopologyUpdated update, Predicate<NodeId> connected) {
    Set<NodeId> now = Set.copyOf(update.members());
    for (NodeId before : witness.members) {
      if (!now.contains(before)) {
        if (witness.suspected.remove(before)) {
          witness.unclear.add(
              before); // it may have been suspected before it went, or since it is back
        }
        witness.gone.add(before);
        if (update.blocked().contains(before.authority())) {
          witness.claims.remove(
              before); // not by what anyone said of it: it may be met again as it is
        }
        witness.met.remove(before);
        witness.ever.add(before);
      }
    }
    for (NodeId member : update.members()) {
      if (!witness.members.contains(member) && witness.suspected.remove(member)) {
        witness.unclear.add(member); // suspected while its leave was on its way to the gossiper
      }
      if (!witness.members.contains(member) && witness.gone.remove(member)) {
        witness.returned.add(member); // met in person, it is judged anew
        boolean met = witness.met.contains(member) || connected.test(member);
        if (!witness.refuted.remove(member) && !met) {
          violate(
              "no-return",
              witness.id.toString(),
              member + " is back, with refutation " + witness.alive.getOrDefault(member, 0)
                  + "; it was taken out with " + witness.buried.getOrDefault(member, -1));
        }
      }
    }
  }

  // Gossip.

  void sent(Life life, GossipMessage message) {
    Witness witness = witness(life);
    refutes(life.id(), message.refutation());
    for (Update update : message.updates()) {
      if (update.node().equals(life.id())) {
        refutes(life.id(), update.refutation());
      }
      said(witness, update);
      heard(witness, update);
    }
  }

  void received(Life life, NodeId from, GossipMessage message) {
    Witness witness = witness(life);
    if (message.refutation() > witness.buried.getOrDefault(from, -1)) {
      witness.refuted.add(from); // in its own words
    }
    message.updates().forEach(update -> heard(witness, update));
  }

  private void refutes(NodeId node, int refutation) {
    if (refutation < refutations.getOrDefault(node, 0)) {
      violate(
          "refutation-grows",
          node.toString(),
          "says refutation " + refutation + " after " + refutations.get(node));
    }
    refutations.put(node, refutation);
  }

  private void said(Witness witness, Update update) {
    NodeId subject = update.node();
    Integer own = refutations.get(subject);
    if (own == null) {
      violate("real-members", witness.id.toString(), "says " + update + ", which never ran");
    } else if (update.refutation() > own) {
      violate(
          "own-refutation",
          witness.id.toString(),
          "says " + update + "; the subject itself has said " + own);
    }
    Claimed next = new Claimed(update.refutation(), update.claim());
    Claimed before = witness.claims.put(subject, next);
    if (before != null && next.isBefore(before) && !witness.returned.remove(subject)) {
      violate("lattice", witness.id.toString(), "says " + update + " after " + before);
    }
  }

  private static void heard(Witness witness, Update update) {
    switch (update.claim()) {
      case ALIVE, SUSPECT -> {
        witness.alive.merge(update.node(), update.refutation(), Math::max);
        if (update.refutation() > witness.buried.getOrDefault(update.node(), -1)) {
          witness.refuted.add(update.node());
        }
      }
      case DEAD -> {
        boolean shown = witness.members.contains(update.node());
        if (shown || update.accusers().size() >= ACCUSERS) { // else it may be no verdict here
          witness.buried.merge(update.node(), update.refutation(), Math::max);
        }
        if (shown && update.refutation() >= witness.alive.getOrDefault(update.node(), -1)) {
          witness.refuted.remove(update.node()); // else it may be back, and not shown yet
        }
      }
      case LEFT -> {
        witness.buried.put(update.node(), Integer.MAX_VALUE);
        if (witness.members.contains(update.node())) {
          witness.refuted.remove(update.node());
        }
      }
    }
  }

  void thrown(Life life, Throwable thrown) {
    thrown(life.id().toString(), thrown);
  }

  void thrown(String node, Throwable what) {
    StackTraceElement[] stack = what.getStackTrace();
    thrown = thrown.or(() -> Optional.of(what));
    violate("no-exception", node, what + (stack.length > 0 ? " at " + stack[0] : ""));
  }

  Optional<Throwable> thrown() {
    return thrown;
  }

  /** A node has done all that it could at a moment. */
  void settled(Life life) {
    int timers = life.loop().timers();
    int workers = life.loop().openWorkers();
    if (timers > MOST_TIMERS || workers > MOST_WORKERS) {
      violate("bounded", life.id().toString(), timers + " timers, " + workers + " workers");
    }
  }

  /** What a node has said of a member. */
  private record Claimed(int refutation, Update.Claim claim) {
    boolean isBefore(Claimed other) {
      return refutation < other.refutation
          || (refutation == other.refutation && claim.compareTo(other.claim) < 0);
    }
  }

  /** What was seen of one run of a node. */
  static final class Witness {
    final NodeId id;
    final Map<NodeId, Claimed> claims = new HashMap<>();
    final Map<NodeId, Integer> alive = new HashMap<>();
    final Map<NodeId, Integer> buried = new HashMap<>();
    final Set<NodeId> gone = new HashSet<>();
    final Set<NodeId> refuted = new HashSet<>(); // what was heard of their removal
    final Set<NodeId> suspected = new TreeSet<>();
    final Set<NodeId> unclear = new HashSet<>();
    final Set<NodeId> met = new HashSet<>(); // since they were taken out
    final Set<NodeId> returned = new HashSet<>();
    final Set<NodeId> ever = new HashSet<>();
    TreeSet<NodeId> members = new TreeSet<>();
    List<Authority> blocked = List.of();
    long version;
    long hash;
    boolean stopped;
    boolean isolated;

    Witness(NodeId id) {
      this.id = id;
      members.add(id);
    }

    /** Returns the addresses at which it should look for others: those of members, and of those that were lost and did not leave. */
    Set<Authority> lookedFor() {
      Set<Authority> known = addresses();
      ever.stream()
          .filter(node -> buried.getOrDefault(node, 0) != Integer.MAX_VALUE)
          .forEach(node -> known.add(node.authority()));
      return known;
    }

    Set<Authority> addresses() {
      Set<Authority> addresses = new TreeSet<>();
      members.forEach(member -> addresses.add(member.authority()));
      return addresses;
    }
  }
}
