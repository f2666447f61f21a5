package io.thole.gossip;

import static io.thole.gossip.Local.earlier;

import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Body;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.ProbeRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who answers: probes a random member in each period, as SWIM does, and those that this node watches on the ring once they have
 * been silent for one. A probe goes to the target first, then through others, and only then is the target found silent; not while
 * this node hears nobody at all. For one thread.
 *
 * @see <a href="https://www.cs.cornell.edu/projects/Quicksilver/public_pdfs/SWIM.pdf">SWIM, 3.1</a>
 */
final class Prober {
  /** Probes for others that may be under way at once. */
  private static final int MOST_RELAYS = 1_024;

  /** Probes that go on, at once, while nobody is heard, or are begun on somebody's word; others end, or are not, and mean nothing. */
  private static final int MOST_PROBES = 16;

  /** How many times longer than usual a watched one is waited for, at most. */
  private static final int MOST_PATIENCE = 3;

  /** How long one that had announced that its connection would go may be away: as long as a link waits for it. */
  private static final long PAUSE_NANOS = 30_000_000_000L;

  /** Whether this node cannot send, and has begun a probe meanwhile. */
  private enum Stall {
    NONE,
    IDLE,
    PROBED
  }

  /** Is told who was found silent. */
  @FunctionalInterface
  interface Finding {
    /** A member has not answered, though others were heard. */
    void onSilent(NodeId target, long nowNanos);
  }

  private final Local local;
  private final Spread spread;
  private final Map<NodeId, Suspicion> suspicions;
  private final Ring ring;
  private final List<Probe> probes = new ArrayList<>();
  private final List<Relay> relays = new ArrayList<>();
  private final Map<NodeId, Long> paused = new HashMap<>(); // and until when that excuses them
  private final Map<NodeId, Long> refused = new HashMap<>(); // once so far, and when
  private int sequence;
  private long probeNanos;
  private double loss; // of direct probes to members that do answer
  private Stall stall = Stall.NONE;

  Prober(Local local, Spread spread, Map<NodeId, Suspicion> suspicions, long nowNanos) {
    this.local = local;
    this.spread = spread;
    this.suspicions = suspicions;
    GossipSettings settings = local.settings;
    this.probeNanos = nowNanos + local.random.nextLong(settings.probePeriodNanos());
    this.ring = new Ring(
        local.self,
        local.member ? settings.ringSize() : 0,
        settings.probePeriodNanos(),
        probeNanos,
        local.random.split());
  }

  // Who is watched.

  /** A member can be watched: it came, or is not suspected any more. */
  void offer(NodeId node, long nowNanos) {
    ring.offer(node, nowNanos);
  }

  /** A member is suspected: it is watched no more. Returns whether it was. */
  boolean drop(NodeId node) {
    return ring.drop(node);
  }

  /** A member has gone. */
  void forget(NodeId node) {
    refused.remove(node);
    paused.remove(node);
    ring.drop(node);
  }

  /** Something came from a node. */
  void onHeard(NodeId node, long nowNanos) {
    ring.heard(node, nowNanos);
  }

  /** A member has announced that its connection goes: its silence means nothing for a while. */
  void onPaused(NodeId node, long nowNanos) {
    paused.put(node, nowNanos + PAUSE_NANOS);
  }

  /** A member can be reached again. */
  void onUp(NodeId node) {
    refused.remove(node);
    paused.remove(node);
  }

  /** A member's address has refused a connection; two that are no single hiccup show that no process listens there any more. */
  boolean onRefused(NodeId node, long nowNanos) {
    if (isPaused(node, nowNanos)) {
      return false;
    }
    Long beforeNanos = refused.putIfAbsent(node, nowNanos);
    boolean gone = beforeNanos != null && nowNanos - beforeNanos > 0;
    if (gone) {
      refused.remove(node);
    }
    return gone;
  }

  private boolean isPaused(NodeId node, long nowNanos) {
    Long untilNanos = paused.isEmpty() ? null : paused.get(node);
    return untilNanos != null && nowNanos - untilNanos < 0;
  }

  /** A member has shown that it is alive: any probe of it is answered. */
  void onAlive(NodeId node) {
    probes.removeIf(probe -> probe.target.equals(node));
  }

  /** Returns whom this node watches or probes. */
  List<NodeId> watched() {
    List<NodeId> watched = new ArrayList<>(ring.size() + probes.size());
    for (int i = 0; i < ring.size(); i++) {
      watched.add(ring.node(i));
    }
    probes.forEach(probe -> watched.add(probe.target));
    return watched;
  }

  /** Returns which part of the direct probes is lost, of those that were answered in the end: 0 to 1. */
  double loss() {
    return loss;
  }

  // What comes in.

  void onPing(NodeId from, int asked) {
    spread.send(from, new Ack(asked));
  }

  void onAck(NodeId from, int acked, long nowNanos) {
    if (!answered(acked, nowNanos)) {
      for (int i = 0; i < relays.size(); i++) {
        Relay relay = relays.get(i);
        if (relay.sequence() == acked && relay.target().equals(from)) {
          relays.remove(i);
          spread.send(relay.asker(), new Ack(relay.askerSequence()));
          return;
        }
      }
    }
  }

  private boolean answered(int acked, long nowNanos) {
    for (int i = 0; i < probes.size(); i++) {
      Probe probe = probes.get(i);
      if (probe.sequence == acked) {
        boolean late = !local.settings.certified() && nowNanos - probe.failNanos >= 0;
        if (!late) { // in the papers' engines a late answer is none
          probes.remove(i);
          local.health.improve();
          loss += ((probe.indirect ? 1 : 0) - loss) / 16;
          ring.heard(probe.target, nowNanos);
        }
        return true;
      }
    }
    return false;
  }

  void onNack(int nacked) {
    for (int i = 0; i < probes.size(); i++) {
      if (probes.get(i).sequence == nacked) {
        probes.get(i).nacksMissing--;
      }
    }
  }

  /** Another node cannot reach somebody, and asks this one to try. */
  void onRequest(NodeId asker, ProbeRequest request, long nowNanos) {
    boolean self = request.target().authority().equals(local.self.authority());
    if (relays.size() < MOST_RELAYS && !self) {
      GossipSettings settings = local.settings;
      long wait = ring.size() > 0 ? settings.ringTimeoutNanos() : settings.probeTimeoutNanos();
      Relay relay = new Relay(
          ++sequence, request.target(), asker, request.sequence(), nowNanos + wait * 4 / 5);
      relays.add(relay);
      spread.send(request.target(), new Ping(relay.sequence()));
    }
  }

  /**
   * This node cannot send for a while, or can again. An engine of the papers sends from the same thread that waits for answers, so
   * it stalls with what it sends: it begins no second probe, and judges none. This one does not.
   */
  void onStalled(boolean stalled) {
    stall = stalled && !local.settings.certified() ? Stall.IDLE : Stall.NONE;
  }

  boolean isStalled() {
    return stall != Stall.NONE;
  }

  // Time.

  /** Begins the probes that are due, and finds who has not answered. */
  void onTime(long nowNanos, Finding finding) {
    if (nowNanos - probeNanos >= 0 && stall != Stall.PROBED) {
      probeRandom(nowNanos);
    }
    ring.fill(local.members, nowNanos);
    for (NodeId next = ring.due(nowNanos); next != null; next = ring.due(nowNanos)) {
      probe(next, nowNanos);
    }
    if (stall == Stall.NONE) {
      judge(nowNanos, finding);
    }
    giveUpRelays(nowNanos);
  }

  /** Returns the earlier of a deadline and the moment when something is due. */
  long deadlineNanos(long otherNanos) {
    long next = ring.deadlineNanos(otherNanos);
    if (stall != Stall.PROBED) {
      next = earlier(next, probeNanos);
    }
    for (int i = 0; stall == Stall.NONE && i < probes.size(); i++) {
      next = earlier(next, probes.get(i).dueNanos());
    }
    for (int i = 0; i < relays.size(); i++) {
      next = earlier(next, relays.get(i).nackNanos());
    }
    return next;
  }

  /** This node stood still for so long: probes have so much longer. */
  void shift(long nanos) {
    probes.forEach(probe -> probe.shift(nanos));
    refused.clear();
  }

  /**
   * Probes a member now, on somebody else's word, unless a probe of it is under way, or so many that more would serve nobody but who
   * says it; in its turn it is probed anyway.
   *
   * @return whether it does
   */
  boolean probeIfFew(NodeId target, long nowNanos) {
    boolean few = probes.size() < MOST_PROBES && !isProbed(target);
    if (few) {
      probe(target, nowNanos);
    }
    return few;
  }

  private boolean isProbed(NodeId target) {
    for (int i = 0; i < probes.size(); i++) {
      if (probes.get(i).target.equals(target)) {
        return true;
      }
    }
    return false;
  }

  /** Probes a member now, unless a probe of it is under way. */
  void probe(NodeId target, long nowNanos) {
    if (isProbed(target)) {
      return;
    }
    Probe probe = new Probe(++sequence, target, nowNanos);
    long timeout = patienceNanos();
    probe.indirectNanos = nowNanos + timeout;
    probe.failNanos = nowNanos + timeout * 5 / 2;
    start(probe);
  }

  private void probeRandom(long nowNanos) {
    GossipSettings settings = local.settings;
    probeNanos = nowNanos + settings.probePeriodNanos() * local.health.multiplier();
    stall = stall == Stall.NONE ? Stall.NONE : Stall.PROBED;
    NodeId target =
        local.members.size() == 0 ? local.self : local.members.node(local.members.next());
    if (!target.equals(local.self) && !ring.watches(target)) { // else it is probed anyway
      Probe probe = new Probe(++sequence, target, nowNanos);
      long timeout = settings.probeTimeoutNanos() * local.health.multiplier();
      probe.indirectNanos = nowNanos + timeout;
      probe.failNanos = nowNanos + Math.max(2 * timeout, probeNanos - nowNanos);
      start(probe);
    }
  }

  private void start(Probe probe) {
    probes.add(probe);
    spread.send(probe.target, new Ping(probe.sequence));
  }

  private void judge(long nowNanos, Finding finding) {
    for (int i = probes.size() - 1; i >= 0; i--) {
      Probe probe = probes.get(i);
      if (nowNanos - probe.dueNanos() < 0) {
        continue;
      }
      if (local.members.find(probe.target) == MemberTable.NONE) {
        probes.remove(i);
      } else if (!probe.indirect) {
        probe.indirect = true;
        askOthers(probe);
      } else {
        probes.remove(i);
        fail(probe, nowNanos, finding);
      }
    }
  }

  private void fail(Probe probe, long nowNanos, Finding finding) {
    if (isPaused(probe.target, nowNanos)) {
      return;
    }
    if (!local.settings.certified()) {
      local.health.worsen(Math.max(1, probe.nacksMissing));
    } else if (!local.hears(probe.sentNanos)) {
      // It may be this node that fails: others are asked until somebody is heard.
      local.health.worsen(1);
      if (probes.size() < MOST_PROBES) {
        probe.failNanos = nowNanos + patienceNanos();
        probes.add(probe);
        askOthers(probe);
      }
      return;
    }
    finding.onSilent(probe.target, nowNanos);
  }

  private void askOthers(Probe probe) {
    MemberTable members = local.members;
    Body request = new ProbeRequest(probe.sequence, probe.target);
    int wanted = Math.min(local.settings.indirectProbes(), members.size() - 1);
    Set<NodeId> asked = new HashSet<>();
    for (int tries = 0; asked.size() < wanted && tries < 4 * wanted; tries++) {
      NodeId other = members.node(local.random.nextInt(members.size()));
      boolean sound = tries >= 2 * wanted || !suspicions.containsKey(other);
      if (sound && !other.equals(probe.target) && asked.add(other)) {
        spread.send(other, request);
      }
    }
    probe.nacksMissing = asked.size();
    if (local.settings.certified()) {
      spread.send(probe.target, new Ping(probe.sequence)); // the first may have been lost
    }
  }

  private void giveUpRelays(long nowNanos) {
    for (int i = relays.size() - 1; i >= 0; i--) {
      Relay relay = relays.get(i);
      if (nowNanos - relay.nackNanos() >= 0) {
        relays.remove(i);
        if (local.settings.localHealth()) {
          spread.send(relay.asker(), new Nack(relay.askerSequence()));
        }
      }
    }
  }

  /** Returns how long one that is watched may take: not ever longer, since who hears nobody accuses nobody anyway. */
  private long patienceNanos() {
    return local.settings.ringTimeoutNanos() * Math.min(MOST_PATIENCE, local.health.multiplier());
  }
}
