package io.thole.core.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.core.gossip.GossipMessage.Ack;
import io.thole.core.gossip.GossipMessage.Agreed;
import io.thole.core.gossip.GossipMessage.Body;
import io.thole.core.gossip.GossipMessage.Buckets;
import io.thole.core.gossip.GossipMessage.Digest;
import io.thole.core.gossip.GossipMessage.Nack;
import io.thole.core.gossip.GossipMessage.Ping;
import io.thole.core.gossip.GossipMessage.ProbeRequest;
import io.thole.core.gossip.GossipMessage.Rumors;
import io.thole.core.gossip.Update.Accuser;
import io.thole.core.gossip.Update.Claim;
import io.thole.spi.TopologyPublisher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of gossip on one node: who is a member, who is suspected, who is gone. Takes messages, what is told of
 * connections, and the time; returns what should happen. Time is monotonic, in nanoseconds. For one thread.
 *
 * <p>SWIM carries it: random probes, indirect ones, suspicion before a verdict, and updates that spread like rumours. Lifeguard's
 * local health, decaying suspicion and early word to the suspect come on top, and then what is Thole's own: watchers on a ring, no
 * accusation by who hears nobody, verdicts that name their accusers, and digests that find what rumours have missed. Each can be
 * left out by {@link GossipSettings}.
 *
 * <p>A member is known as (node, refutation): of two statements the one with the larger refutation counts, and only the member
 * itself raises it. A removal holds for that refutation and all before. So whoever was taken for dead, by a partition or a long
 * pause, comes back by refuting, and by nobody else's word.
 *
 * @see <a href="https://www.cs.cornell.edu/projects/Quicksilver/public_pdfs/SWIM.pdf">SWIM</a>
 * @see <a href="https://arxiv.org/abs/1707.00788">Lifeguard</a>
 */
public final class GossipEngine {
  /** A step that comes so much late was not late by chance: this node stood still. */
  private static final long LATE_NANOS = 250_000_000;

  /** How often somebody who was removed, or should be there, is looked for: for ever, so that partitions heal. */
  private static final long ABSENT_NANOS = 4_000_000_000L;

  /** So much waiting gossip makes longer messages, so that it does not wait. */
  private static final int BACKLOG = 50;

  private static final int BACKLOG_BYTES = 16_000;

  /** How many times longer than usual a watched one is waited for, at most. */
  private static final int MOST_PATIENCE = 3;

  /**
   * The shortest suspicion, in periods: with half a period until somebody is accused, a process may stand still for nearly two
   * in the smallest cluster, too.
   */
  private static final double LEAST_SUSPICION = 1.4;

  /** One member in so many of those that are told something may be one that was declared dead lately. */
  private static final int DEAD_SHARE = 8;

  /** What rides on a probe or its answer. */
  private static final int RIDING_BYTES = 400;

  /** How long one that had announced that its connection would go may be away: as long as its transport may take to come back. */
  private static final long PAUSE_NANOS = 30_000_000_000L;

  /** Probes for others that may be under way at once. */
  private static final int MOST_RELAYS = 1_024;

  /** How many members a leave is told to directly; the rest hear it from these. */
  private static final int FAREWELLS = 32;

  /** What is told of a connection. */
  public enum Link {
    /** A connection stands. */
    UP,
    /** It is gone, unannounced. */
    LOST,
    /** It is gone; the peer had said so: no evidence. */
    PAUSED,
    /** The address refused a connection, as an address does where no process listens. */
    REFUSED
  }

  /** Whether this node cannot send, and has begun a probe meanwhile. */
  private enum Stall {
    NONE,
    IDLE,
    PROBED
  }

  private final NodeId self;
  private final boolean member;
  private final long ownHash;
  private final GossipSettings settings;
  private final SplittableRandom random;
  private final MemberTable members;
  private final Ring ring;
  private final Map<NodeId, Suspicion> suspicions = new LinkedHashMap<>();
  private final io.thole.core.gossip.Rumors rumors = new io.thole.core.gossip.Rumors();
  private final Tombstones tombstones = new Tombstones();
  private final LocalHealth health;
  private final Hearing hearing;
  private final Publication publication;
  private final Agreement agreement = new Agreement();
  private final List<Probe> probes = new ArrayList<>();
  private final List<Relay> relays = new ArrayList<>();
  private final Map<NodeId, Long> refused = new HashMap<>();
  private final Map<NodeId, Long> paused = new HashMap<>(); // and until when that excuses them
  private final TreeSet<Authority> configured = new TreeSet<>();
  private final Map<Authority, Update> withheld = new LinkedHashMap<>(); // who was taken out
  private final Outbox out = new Outbox();
  private int refutation;
  private int sequence;
  private long hashSinceNanos;
  private long digestNanos;
  private long probeNanos;
  private long gossipNanos;
  private long absentNanos;
  private double loss;
  private Stall stall = Stall.NONE;
  private boolean over;

  /**
   * Makes an engine that knows itself alone.
   *
   * @param self this node
   * @param member whether this node is a member; a client watches, accuses nobody and is not announced
   * @param settings how it behaves
   * @param seed decides whatever is left to chance
   * @param nowNanos the time
   */
  public GossipEngine(
      NodeId self, boolean member, GossipSettings settings, long seed, long nowNanos) {
    this.self = self;
    this.member = member;
    this.ownHash = member ? NodeHash.of(self) : 0;
    this.settings = settings;
    this.random = new SplittableRandom(seed);
    this.members = new MemberTable(random.split());
    this.ring = new Ring(
        self, member ? settings.ringSize() : 0, settings.probePeriodNanos(), random.split());
    this.health = new LocalHealth(settings.localHealth());
    this.hearing = new Hearing(nowNanos);
    this.publication = new Publication(settings.quietNanos(), settings.stormNanos());
    this.probeNanos = nowNanos + random.nextLong(settings.probePeriodNanos());
    this.gossipNanos = nowNanos + random.nextLong(settings.gossipPeriodNanos());
    this.absentNanos = nowNanos + random.nextLong(ABSENT_NANOS);
    this.hashSinceNanos = nowNanos;
    this.digestNanos = nowNanos - settings.probePeriodNanos();
    agreement.onPublished(publishedHash(), self, member, members, 0);
  }

  // What comes in.

  /** Takes members as given, without an announcement: the view that a node starts with, what a provider proposes. */
  public GossipOutcome onProposed(Collection<NodeId> nodes, long nowNanos) {
    for (NodeId node : nodes) {
      Update before = withheld.remove(node.authority());
      Update stone = tombstones.last(node);
      int slot = members.find(node.authority());
      if (slot != MemberTable.NONE && members.node(slot).incarnation() < node.incarnation()) {
        replace(slot, node, nowNanos);
      }
      if (mayAdd(node) && (stone == null || stone.node().equals(node))) {
        int least = before != null && before.node().equals(node) ? before.refutation() : 0;
        propose(node, least, stone, nowNanos);
      }
    }
    return agreed();
  }

  /** Whoever is proposed has been met: that counts for more than what was said before, which it is asked to refute. */
  private void propose(NodeId node, int least, @Nullable Update stone, long nowNanos) {
    tombstones.back(node);
    add(node, Math.max(least, stone == null ? 0 : stone.refutation()), nowNanos);
    publication.known(node.authority());
    if (stone != null) {
      out.send(node, message(new Rumors(), List.of(stone)));
    }
  }

  /**
   * Somebody who decides has taken members out: the provider's word, the block list. Nobody's word but a proposal brings anyone
   * back to their addresses.
   */
  public GossipOutcome onWithdrawn(Collection<NodeId> nodes, long nowNanos) {
    for (NodeId node : nodes) {
      int slot = members.find(node.authority());
      int known = 0;
      if (slot != MemberTable.NONE && members.node(slot).matches(node)) {
        known = members.refutation(slot);
        remove(slot, nowNanos);
        publication.known(node.authority());
      }
      if (slot == MemberTable.NONE || members.find(node.authority()) == MemberTable.NONE) {
        withhold(new Update(Claim.LEFT, node, known, List.of()));
      }
    }
    return agreed();
  }

  private void withhold(Update update) {
    withheld.remove(update.node().authority());
    withheld.put(update.node().authority(), update);
    if (withheld.size() > TopologyPublisher.LIMIT) {
      withheld.remove(withheld.keySet().iterator().next());
    }
  }

  private GossipOutcome agreed() {
    if (!publication.isWaiting()) {
      published();
    }
    return out.take();
  }

  /** Says which addresses should be in the cluster though nobody is known to be there: they are tried for ever. */
  public void onConfigured(Collection<Authority> addresses) {
    configured.clear();
    configured.addAll(addresses);
    configured.remove(self.authority());
  }

  /** Takes a message. */
  public GossipOutcome onMessage(NodeId from, GossipMessage message, long nowNanos) {
    if (over || from.authority().equals(self.authority())) {
      return GossipOutcome.NOTHING;
    }
    beat(nowNanos);
    hear(from, nowNanos);
    refutedBy(from, message.refutation(), nowNanos);
    List<Update> updates = message.updates();
    if (message.body() instanceof Buckets buckets) {
      onBuckets(from, buckets, updates, nowNanos);
    } else {
      for (int i = 0; i < updates.size(); i++) {
        apply(updates.get(i), true, nowNanos);
      }
      onBody(from, message.body(), nowNanos);
    }
    compare(from, message, nowNanos);
    return out.take();
  }

  /** Takes what is told of a connection; with {@link Link#UP} a node is met, and what each knows is exchanged. */
  public GossipOutcome onLink(NodeId peer, Link link, long nowNanos) {
    if (over) {
      return GossipOutcome.NOTHING;
    }
    beat(nowNanos);
    switch (link) {
      case UP -> {
        refused.remove(peer);
        paused.remove(peer);
        hear(peer, nowNanos);
        if (members.find(peer) == MemberTable.NONE) {
          digest(peer, nowNanos);
        }
      }
      case LOST -> {
        if (member && members.find(peer) != MemberTable.NONE) {
          accuse(peer, false, nowNanos);
        }
      }
      case PAUSED -> {
        if (members.find(peer) != MemberTable.NONE) {
          paused.put(peer, nowNanos + PAUSE_NANOS);
        }
      }
      case REFUSED -> onRefused(peer, nowNanos);
    }
    return out.take();
  }

  /** Something else than gossip came from a node: it is alive. */
  public void onHeard(NodeId peer, long nowNanos) {
    hear(peer, nowNanos);
  }

  /** A node says that it leaves. */
  public GossipOutcome onLeaving(NodeId peer, long nowNanos) {
    if (!over) {
      beat(nowNanos);
      apply(new Update(Claim.LEFT, peer, known(peer), List.of()), true, nowNanos);
    }
    return out.take();
  }

  /** This node leaves: returns what is to be said; after that it says nothing. */
  public GossipOutcome leave(long nowNanos) {
    if (member && !over) {
      rumors.add(new Update(Claim.LEFT, self, refutation, List.of()));
      GossipMessage farewell = message(new Rumors(), rumors.take(BACKLOG_BYTES, 1, 1));
      int farewells = Math.min(FAREWELLS, members.size());
      for (int i = 0; i < farewells; i++) {
        out.send(members.node(members.next()), farewell);
      }
    }
    over = true;
    return out.take();
  }

  /**
   * This node cannot send for a while, or can again. An engine of the papers sends from the same thread that waits for answers, so
   * it stalls with what it sends: it begins no second probe, and judges none. This one does not.
   */
  public void onStalled(boolean stalled) {
    stall = stalled && !settings.certified() ? Stall.IDLE : Stall.NONE;
  }

  /** Does what is due. Whoever drives takes what has arrived before. */
  public GossipOutcome tick(long nowNanos) {
    if (over) {
      return GossipOutcome.NOTHING;
    }
    beat(nowNanos);
    long lateNanos = nowNanos - nextDeadlineNanos();
    if (settings.certified() && lateNanos > LATE_NANOS) {
      shift(lateNanos);
    }
    if (nowNanos - probeNanos >= 0 && stall != Stall.PROBED) {
      probeRandom(nowNanos);
    }
    watch(nowNanos);
    if (stall == Stall.NONE) {
      judgeProbes(nowNanos);
    }
    judgeRelays(nowNanos);
    judgeSuspicions(nowNanos);
    if (gossips() && nowNanos - gossipNanos >= 0 && stall == Stall.NONE) {
      gossip(nowNanos);
    }
    if (nowNanos - absentNanos >= 0) {
      lookForTheAbsent(nowNanos);
    }
    if (publication.isWaiting() && nowNanos - publication.dueNanos() >= 0) {
      publish();
    }
    noteIsolation(nowNanos);
    return out.take();
  }

  /** Returns when {@link #tick} has something to do next, unless something happens before. */
  public long nextDeadlineNanos() {
    if (over) {
      return Long.MAX_VALUE;
    }
    long next = ring.deadlineNanos(absentNanos);
    if (stall != Stall.PROBED) {
      next = earlier(next, probeNanos);
    }
    for (int i = 0; stall == Stall.NONE && i < probes.size(); i++) {
      next = earlier(next, probes.get(i).dueNanos());
    }
    for (int i = 0; i < relays.size(); i++) {
      next = earlier(next, relays.get(i).nackNanos());
    }
    if (!suspicions.isEmpty()) {
      for (Suspicion suspicion : suspicions.values()) {
        next = earlier(next, suspicion.deadlineNanos());
        if (settings.certified()) {
          next = earlier(next, suspicion.lookNanos());
        }
      }
    }
    if (gossips() && stall == Stall.NONE) {
      next = earlier(next, gossipNanos);
    }
    return publication.isWaiting() ? earlier(next, publication.dueNanos()) : next;
  }

  // What is shown.

  /** Returns the members that this node knows, itself among them if it is one, in no order. */
  public List<NodeId> members() {
    List<NodeId> all = new ArrayList<>(size());
    for (int slot = 0; slot < members.size(); slot++) {
      all.add(members.node(slot));
    }
    if (member) {
      all.add(self);
    }
    return all;
  }

  /** Returns how many members this node knows, itself among them if it is one. */
  public int size() {
    return members.size() + (member ? 1 : 0);
  }

  /** Returns the member at an address. */
  public Optional<NodeId> memberAt(Authority address) {
    int slot = members.find(address);
    return slot == MemberTable.NONE ? Optional.empty() : Optional.of(members.node(slot));
  }

  /** Tells whether a member is suspected here. */
  public boolean suspects(NodeId node) {
    return suspicions.containsKey(node);
  }

  /** Returns a hash of who is a member, whatever the order. */
  public long viewHash() {
    return members.hash() + ownHash;
  }

  /** Returns how many members are known to have the same published view as this node, itself among them. */
  public int agreeing() {
    return agreement.count();
  }

  /** Tells whether this node hears nobody. */
  public boolean isolated() {
    return hearing.isolated();
  }

  /** Returns how often this node has refuted what was said of it. */
  public int refutation() {
    return refutation;
  }

  /** Returns whom this node watches on the ring: who of them sends something need not be probed. */
  public List<NodeId> watched() {
    List<NodeId> watched = new ArrayList<>(ring.size());
    for (int i = 0; i < ring.size(); i++) {
      watched.add(ring.node(i));
    }
    return watched;
  }

  // Messages.

  private void onBody(NodeId from, Body body, long nowNanos) {
    if (body instanceof Ping ping) {
      answer(from, new Ack(ping.sequence()));
    } else if (body instanceof Ack ack) {
      onAck(from, ack.sequence(), nowNanos);
    } else if (body instanceof Nack nack) {
      onNack(nack.sequence());
    } else if (body instanceof ProbeRequest request) {
      relay(from, request, nowNanos);
    } else if (body instanceof Digest digest) {
      onDigest(from, digest);
    } else if (body instanceof Agreed agreed) {
      if (agreement.onAgreed(agreed, sendLimit())) {
        out.send(from, message(agreement.tell(0), List.of()));
      }
    } else if (!(body instanceof Rumors)) {
      throw new AssertionError("no such body: " + body);
    }
  }

  private void hear(NodeId from, long nowNanos) {
    if (hearing.heard(nowNanos) && settings.certified()) {
      endSilence(nowNanos);
    }
    ring.heard(from, nowNanos);
  }

  /** What was suspected before a silence of this node's own is looked at again before it counts. */
  private void endSilence(long nowNanos) {
    long againNanos = nowNanos + leastSuspicionNanos();
    suspicions.values().forEach(suspicion -> suspicion.notBefore(againNanos));
    if (hearing.isolated()) {
      hearing.isolated(false);
      out.note(GossipNote.Kind.REJOINED, self, "others are heard again");
      for (int i = 0; i < Math.min(2, members.size()); i++) {
        digest(members.node(random.nextInt(members.size())), nowNanos);
      }
    }
  }

  /** Whoever sends something says how often it has refuted; that is its own word. */
  private void refutedBy(NodeId from, int theirs, long nowNanos) {
    int slot = members.find(from);
    if (slot != MemberTable.NONE) {
      if (theirs > members.refutation(slot)) {
        applyAlive(new Update(Claim.ALIVE, from, theirs, List.of()), true, nowNanos);
      }
      return;
    }
    Update over = tombstones.over(from);
    if (over != null && over.node().equals(from)) {
      if (theirs > over.refutation()) {
        applyAlive(new Update(Claim.ALIVE, from, theirs, List.of()), true, nowNanos);
      } else {
        out.send(from, message(new Rumors(), List.of(over)));
      }
    }
  }

  private void answer(NodeId to, Body body) {
    out.send(to, message(body, riding(to)));
  }

  private GossipMessage message(Body body, List<Update> updates) {
    return new GossipMessage(refutation, viewHash(), body, updates);
  }

  /** What rides on a message to a node: first what it is accused of, so that it can refute (Lifeguard's buddy system). */
  private List<Update> riding(NodeId to) {
    Suspicion own = settings.localHealth() && !suspicions.isEmpty() ? suspicions.get(to) : null;
    List<Update> taken = rumors.take(RIDING_BYTES, 1, sendLimit());
    if (own == null) {
      return taken;
    }
    List<Update> all = new ArrayList<>(taken.size() + 1);
    all.add(own.update());
    all.addAll(taken);
    return all;
  }

  // Probes.

  private void probeRandom(long nowNanos) {
    probeNanos = nowNanos + settings.probePeriodNanos() * health.multiplier();
    stall = stall == Stall.NONE ? Stall.NONE : Stall.PROBED;
    if (members.size() > 0) {
      NodeId target = members.node(members.next());
      Probe probe = new Probe(++sequence, target, false, nowNanos);
      long timeout = settings.probeTimeoutNanos() * health.multiplier();
      probe.indirectNanos = nowNanos + timeout;
      probe.failNanos = nowNanos + Math.max(2 * timeout, probeNanos - nowNanos);
      start(probe);
    }
  }

  private void watch(long nowNanos) {
    ring.fill(members, nowNanos);
    for (NodeId next = ring.due(nowNanos); next != null; next = ring.due(nowNanos)) {
      probeNow(next, nowNanos);
    }
  }

  private void probeNow(NodeId target, long nowNanos) {
    for (int i = 0; i < probes.size(); i++) {
      if (probes.get(i).target.equals(target)) {
        return;
      }
    }
    Probe probe = new Probe(++sequence, target, true, nowNanos);
    long timeout = ringTimeoutNanos();
    probe.indirectNanos = nowNanos + timeout;
    probe.failNanos = nowNanos + timeout * 5 / 2;
    start(probe);
  }

  /** Returns how long one that is watched may take: not ever longer, since who hears nobody accuses nobody anyway. */
  private long ringTimeoutNanos() {
    return settings.ringTimeoutNanos() * Math.min(MOST_PATIENCE, health.multiplier());
  }

  private void start(Probe probe) {
    probes.add(probe);
    answer(probe.target, new Ping(probe.sequence));
  }

  private void judgeProbes(long nowNanos) {
    for (int i = probes.size() - 1; i >= 0; i--) {
      Probe probe = probes.get(i);
      if (nowNanos - probe.dueNanos() < 0) {
        continue;
      }
      if (members.find(probe.target) == MemberTable.NONE) {
        probes.remove(i);
      } else if (!probe.indirect) {
        probe.indirect = true;
        askOthers(probe);
      } else {
        probes.remove(i);
        fail(probe, nowNanos);
      }
    }
  }

  private void askOthers(Probe probe) {
    Body request = new ProbeRequest(probe.sequence, probe.target);
    int candidates = members.size() - 1;
    int wanted = Math.min(settings.indirectProbes(), candidates);
    Set<NodeId> asked = new HashSet<>();
    for (int tries = 0; asked.size() < wanted && tries < 4 * wanted; tries++) {
      NodeId other = members.node(random.nextInt(members.size()));
      boolean sound = tries >= 2 * wanted || !suspicions.containsKey(other);
      if (sound && !other.equals(probe.target) && asked.add(other)) {
        answer(other, request);
      }
    }
    probe.nacksMissing = asked.size();
    if (settings.certified()) {
      answer(probe.target, new Ping(probe.sequence)); // the first may have been lost
    }
  }

  private void onAck(NodeId from, int acked, long nowNanos) {
    for (int i = 0; i < probes.size(); i++) {
      Probe probe = probes.get(i);
      if (probe.sequence == acked) {
        if (!settings.certified() && nowNanos - probe.failNanos >= 0) {
          return; // in the papers' engines a late answer is none
        }
        probes.remove(i);
        health.improve();
        loss += ((probe.indirect ? 1 : 0) - loss) / 16;
        ring.heard(probe.target, nowNanos);
        return;
      }
    }
    for (int i = 0; i < relays.size(); i++) {
      Relay relay = relays.get(i);
      if (relay.sequence() == acked && relay.target().equals(from)) {
        relays.remove(i);
        answer(relay.asker(), new Ack(relay.askerSequence()));
        return;
      }
    }
  }

  private void onNack(int nacked) {
    for (int i = 0; i < probes.size(); i++) {
      if (probes.get(i).sequence == nacked) {
        probes.get(i).nacksMissing--;
      }
    }
  }

  private void relay(NodeId asker, ProbeRequest request, long nowNanos) {
    if (relays.size() < MOST_RELAYS && !request.target().authority().equals(self.authority())) {
      long wait = ring.size() > 0 ? settings.ringTimeoutNanos() : settings.probeTimeoutNanos();
      Relay relay = new Relay(
          ++sequence, request.target(), asker, request.sequence(), nowNanos + wait * 4 / 5);
      relays.add(relay);
      answer(request.target(), new Ping(relay.sequence()));
    }
  }

  private void judgeRelays(long nowNanos) {
    for (int i = relays.size() - 1; i >= 0; i--) {
      Relay relay = relays.get(i);
      if (nowNanos - relay.nackNanos() >= 0) {
        relays.remove(i);
        if (settings.localHealth()) {
          answer(relay.asker(), new Nack(relay.askerSequence()));
        }
      }
    }
  }

  /** A probe has failed: an accusation, unless it may be this node that fails. */
  private void fail(Probe probe, long nowNanos) {
    if (isPaused(probe.target, nowNanos)) {
      return;
    }
    if (!settings.certified()) {
      health.worsen(Math.max(1, probe.nacksMissing));
    } else if (!hears(probe.sentNanos)) {
      // It may be this node that fails: others are asked until somebody is heard.
      health.worsen(1);
      probe.failNanos = nowNanos + ringTimeoutNanos();
      probes.add(probe);
      askOthers(probe);
      return;
    }
    if (member) {
      accuse(probe.target, false, nowNanos);
    }
  }

  /** Tells whether others were heard since a moment, or there is nobody left who could be. */
  private boolean hears(long sinceNanos) {
    return hearing.since(sinceNanos)
        || members.size() == 1
        || members.size() == members.suspected();
  }

  /** Tells whether a member had announced that it would be away, and still may be: its port is closed, and it hears nothing. */
  private boolean isPaused(NodeId node, long nowNanos) {
    Long untilNanos = paused.isEmpty() ? null : paused.get(node);
    return untilNanos != null && nowNanos - untilNanos < 0;
  }

  /** Two refusals that are not one hiccup show that no process listens there any more. */
  private void onRefused(NodeId peer, long nowNanos) {
    if (!member || members.find(peer) == MemberTable.NONE || isPaused(peer, nowNanos)) {
      return;
    }
    Long before = refused.putIfAbsent(peer, nowNanos);
    if (before != null && nowNanos > before) {
      refused.remove(peer);
      accuse(peer, true, nowNanos);
    }
  }

  // Statements.

  private void accuse(NodeId node, boolean gone, long nowNanos) {
    applySuspect(
        new Update(Claim.SUSPECT, node, known(node), List.of(new Accuser(self, gone))), nowNanos);
  }

  /** Returns the refutation that is known of a member; 0 for anyone else. */
  private int known(NodeId node) {
    int slot = members.find(node);
    return slot == MemberTable.NONE ? 0 : members.refutation(slot);
  }

  private void apply(Update update, boolean tell, long nowNanos) {
    if (update.node().authority().equals(self.authority())) {
      applyToSelf(update);
      return;
    }
    switch (update.claim()) {
      case ALIVE -> applyAlive(update, tell, nowNanos);
      case SUSPECT -> applySuspect(update, nowNanos);
      case DEAD -> applyDead(update, nowNanos);
      case LEFT -> applyLeft(update, nowNanos);
    }
  }

  /** Whatever is said against this node is refuted, by what is larger. */
  private void applyToSelf(Update update) {
    if (!member || !update.node().equals(self)) {
      return;
    }
    boolean accused = update.claim() != Claim.ALIVE && update.refutation() >= refutation;
    if (accused || update.refutation() > refutation) {
      refutation = Math.max(refutation, update.refutation()) + 1;
      health.worsen(1);
      rumors.add(alive());
      out.note(GossipNote.Kind.REFUTED, self, update.claim() + " said by " + accusers(update));
    }
  }

  private Update alive() {
    return new Update(Claim.ALIVE, self, refutation, List.of());
  }

  private void applyAlive(Update update, boolean tell, long nowNanos) {
    NodeId node = update.node();
    int slot = members.find(node.authority());
    if (slot == MemberTable.NONE) {
      join(update, tell, nowNanos);
    } else if (members.node(slot).incarnation() < node.incarnation()) {
      if (!withheld.containsKey(node.authority()) && tombstones.over(node) == null) {
        replace(slot, node, nowNanos);
      }
      join(update, tell, nowNanos);
    } else if (members.node(slot).incarnation() == node.incarnation()
        && update.refutation() > members.refutation(slot)) {
      members.refute(slot, update.refutation());
      recover(slot, nowNanos);
      if (tell) {
        rumors.add(update);
      }
    }
  }

  /** Another start has come at an address: the old one is gone for good. */
  private void replace(int slot, NodeId next, long nowNanos) {
    NodeId old = members.node(slot);
    tombstones.add(new Update(Claim.LEFT, old, members.refutation(slot), List.of()), nowNanos);
    remove(slot, nowNanos);
    out.note(GossipNote.Kind.LEFT, old, "another start of it has come: " + next);
  }

  private void join(Update update, boolean tell, long nowNanos) {
    NodeId node = update.node();
    Update over = tombstones.over(node);
    boolean buried = over != null
        && (over.node().incarnation() > node.incarnation()
            || over.refutation() >= update.refutation());
    if (buried || !mayAdd(node) || !tombstones.mayReturn(node, nowNanos)) {
      return;
    }
    tombstones.back(node);
    add(node, update.refutation(), nowNanos);
    if (tell) {
      rumors.add(update);
    }
  }

  private boolean mayAdd(NodeId node) {
    return node.incarnation() != NodeId.UNKNOWN
        && !node.authority().equals(self.authority())
        && !withheld.containsKey(node.authority())
        && size() < TopologyPublisher.LIMIT
        && members.find(node.authority()) == MemberTable.NONE;
  }

  private void applySuspect(Update update, long nowNanos) {
    NodeId node = update.node();
    int slot = members.find(node);
    if (slot == MemberTable.NONE || update.refutation() < members.refutation(slot)) {
      return;
    }
    members.refute(slot, update.refutation());
    Suspicion suspicion = suspicions.get(node);
    boolean begins = suspicion == null || suspicion.refutation() < update.refutation();
    if (begins) {
      boolean told = suspicion != null;
      suspicion = new Suspicion(node, update.refutation(), nowNanos);
      suspicion.lookAt(nowNanos + settings.probePeriodNanos());
      suspicions.put(node, suspicion);
      members.suspect(slot, true);
      if (ring.drop(node) && !update.accusedBy(self)) {
        probeNow(node, nowNanos); // whoever watches it says what it sees for itself
      }
      if (!told) {
        out.note(GossipNote.Kind.SUSPECTED, node, "by " + accusers(update));
      }
    }
    boolean news = accuseAll(suspicion, update.accusers());
    if (begins || news) {
      suspicion.expireAt(expiryNanos(suspicion));
      rumors.add(suspicion.update());
      if (settings.certified() && gone(suspicion.accusers(), node) >= neededGone(node)) {
        bury(suspicion, nowNanos);
      }
    }
  }

  private boolean accuseAll(Suspicion suspicion, List<Accuser> accusers) {
    boolean news = false;
    for (int i = 0; i < accusers.size(); i++) {
      boolean room = settings.certified() || suspicion.accusers().size() <= settings.accusers();
      boolean independent =
          settings.suspicionGrowth() > 1 || suspicion.accusers().isEmpty();
      news |= room && independent && suspicion.accuse(accusers.get(i));
    }
    return news;
  }

  private void applyDead(Update update, long nowNanos) {
    NodeId node = update.node();
    int slot = members.find(node);
    if (slot == MemberTable.NONE || update.refutation() < members.refutation(slot)) {
      return;
    }
    if (!settings.certified()
        || valid(update.accusers(), node) >= needed(node)
        || gone(update.accusers(), node) >= neededGone(node)) {
      die(slot, update, nowNanos);
    } else {
      applySuspect(
          new Update(Claim.SUSPECT, node, update.refutation(), update.accusers()), nowNanos);
    }
  }

  private void applyLeft(Update update, long nowNanos) {
    int slot = members.find(update.node());
    if (slot != MemberTable.NONE && update.refutation() >= members.refutation(slot)) {
      tombstones.add(update, nowNanos);
      NodeId node = members.node(slot);
      remove(slot, nowNanos);
      rumors.add(update);
      out.note(GossipNote.Kind.LEFT, node, "it said so");
    }
  }

  // Suspicions and verdicts.

  private void recover(int slot, long nowNanos) {
    NodeId node = members.node(slot);
    if (suspicions.remove(node) != null) {
      members.suspect(slot, false);
      ring.offer(node, nowNanos);
      out.note(GossipNote.Kind.RECOVERED, node, "it has refuted");
    }
  }

  private void judgeSuspicions(long nowNanos) {
    if (suspicions.isEmpty()) {
      return;
    }
    for (Suspicion suspicion : List.copyOf(suspicions.values())) {
      if (suspicions.get(suspicion.node()) != suspicion) {
        continue;
      }
      if (settings.certified() && nowNanos - suspicion.lookNanos() >= 0) {
        look(suspicion, nowNanos);
      }
      if (nowNanos - suspicion.deadlineNanos() < 0) {
        continue;
      }
      if (!settings.certified()) {
        bury(suspicion, nowNanos);
      } else if (!hears(nowNanos - Hearing.GAP_NANOS)) {
        suspicion.expireAt(nowNanos + settings.gossipPeriodNanos());
      } else if (valid(suspicion.accusers(), suspicion.node()) < needed(suspicion.node())) {
        // Nobody dies on too few words: others look for themselves.
        suspicion.expireAt(nowNanos + settings.probePeriodNanos());
      } else {
        bury(suspicion, nowNanos);
      }
    }
  }

  /** Where too few accuse, and those who watch may be gone as well, as many look for themselves as it takes. */
  private void look(Suspicion suspicion, long nowNanos) {
    suspicion.lookAt(nowNanos + settings.probePeriodNanos());
    suspicion.expireAt(expiryNanos(suspicion)); // fewer may be left who could accuse
    int sound = Math.max(1, members.size() - members.suspected());
    int needed = needed(suspicion.node());
    boolean enough = valid(suspicion.accusers(), suspicion.node()) >= needed;
    boolean own = suspicion.update().accusedBy(self);
    if (!enough && own) {
      rumors.add(suspicion.update()); // those who accuse as well may not have heard of it
    } else if (!enough && random.nextInt(sound) < 2 * needed) {
      probeNow(suspicion.node(), nowNanos);
    }
  }

  private void bury(Suspicion suspicion, long nowNanos) {
    if (member) {
      die(
          members.find(suspicion.node()),
          new Update(Claim.DEAD, suspicion.node(), suspicion.refutation(), suspicion.accusers()),
          nowNanos);
    }
  }

  private void die(int slot, Update verdict, long nowNanos) {
    NodeId node = members.node(slot);
    tombstones.add(verdict, nowNanos);
    remove(slot, nowNanos);
    rumors.add(verdict);
    out.note(GossipNote.Kind.DIED, node, "accused by " + accusers(verdict));
  }

  private static String accusers(Update update) {
    StringBuilder text = new StringBuilder();
    for (Accuser accuser : update.accusers()) {
      text.append(text.length() == 0 ? "" : ", ")
          .append(accuser.node().authority())
          .append(accuser.gone() ? " (its port is closed)" : "");
    }
    return text.length() == 0 ? "nobody in particular" : text.toString();
  }

  /** Returns how many accusers count: members that are not suspected themselves. */
  private int valid(List<Accuser> accusers, NodeId suspect) {
    int count = 0;
    for (int i = 0; i < accusers.size(); i++) {
      count += counts(accusers.get(i).node(), suspect) ? 1 : 0;
    }
    return count;
  }

  private int gone(List<Accuser> accusers, NodeId suspect) {
    int count = 0;
    for (int i = 0; i < accusers.size(); i++) {
      Accuser accuser = accusers.get(i);
      count += accuser.gone() && counts(accuser.node(), suspect) ? 1 : 0;
    }
    return count;
  }

  private boolean counts(NodeId accuser, NodeId suspect) {
    if (accuser.equals(self)) {
      return true;
    }
    int slot = members.find(accuser);
    return slot != MemberTable.NONE && !members.isSuspect(slot) && !accuser.equals(suspect);
  }

  /** Returns how many accusers a verdict needs: fewer where fewer are left who could accuse. */
  private int needed(NodeId suspect) {
    int slot = members.find(suspect);
    int sound = members.size() - members.suspected();
    if (slot != MemberTable.NONE && !members.isSuspect(slot)) {
      sound--;
    }
    return Math.max(1, Math.min(settings.accusers(), sound));
  }

  /** A closed port is what two need to have seen; one where there is nobody else. */
  private int neededGone(NodeId suspect) {
    return Math.min(2, needed(suspect));
  }

  private long leastSuspicionNanos() {
    double least = settings.certified() ? LEAST_SUSPICION : 1;
    return (long) (settings.suspicionFactor()
        * Math.max(least, Math.log10(Math.max(1, size())))
        * settings.probePeriodNanos()
        * (settings.certified() ? 1 + 2 * loss : 1));
  }

  /** Lifeguard's decay: the more independent accusers, the sooner. */
  private long expiryNanos(Suspicion suspicion) {
    double least = leastSuspicionNanos();
    double most = least * settings.suspicionGrowth();
    int confirmations = Math.max(0, suspicion.accusers().size() - 1);
    int enough = settings.certified() ? needed(suspicion.node()) - 1 : settings.accusers();
    if (!settings.certified() && members.size() - 1 < enough) {
      enough = 0; // nobody could confirm
    }
    double part = enough == 0 ? 1 : Math.log(confirmations + 1) / Math.log(enough + 1);
    return suspicion.sinceNanos() + (long) Math.max(least, most - (most - least) * part);
  }

  // Members.

  private void add(NodeId node, int refutation, long nowNanos) {
    publication.changed(node.authority(), Optional.empty(), nowNanos);
    members.add(node, refutation);
    ring.offer(node, nowNanos);
    hashSinceNanos = nowNanos;
    out.note(GossipNote.Kind.JOINED, node, "");
  }

  private void remove(int slot, long nowNanos) {
    NodeId node = members.node(slot);
    publication.changed(node.authority(), Optional.of(node), nowNanos);
    suspicions.remove(node);
    refused.remove(node);
    paused.remove(node);
    rumors.forget(node.authority());
    ring.drop(node);
    members.remove(slot);
    hashSinceNanos = nowNanos;
  }

  // Gossip.

  private boolean gossips() {
    return !rumors.isEmpty() || agreement.isDue();
  }

  private void gossip(long nowNanos) {
    gossipNanos = nowNanos + settings.gossipPeriodNanos();
    int targets = Math.min(settings.fanOut(), members.size());
    if (!rumors.isEmpty()) {
      int bytes =
          rumors.size() > BACKLOG && settings.certified() ? BACKLOG_BYTES : settings.messageBytes();
      GossipMessage message =
          message(new Rumors(), rumors.take(bytes, Math.max(1, targets), sendLimit()));
      for (int i = 0; i < targets; i++) {
        out.send(listener(nowNanos), message);
      }
    }
    if (agreement.isDue()) {
      GossipMessage message = message(agreement.tell(Math.max(1, targets)), List.of());
      for (int i = 0; i < targets; i++) {
        out.send(listener(nowNanos), message);
      }
    }
  }

  /** The papers' engines gossip on a fixed beat, so that news waits for it; ours at once, if it has been quiet. */
  private void beat(long nowNanos) {
    if (gossips() || nowNanos - gossipNanos < 0) {
      return;
    }
    long missed = (nowNanos - gossipNanos) / settings.gossipPeriodNanos();
    gossipNanos =
        settings.certified() ? nowNanos : gossipNanos + (missed + 1) * settings.gossipPeriodNanos();
  }

  /** Returns somebody to tell: rather one that is not suspected, and now and then one that was declared dead lately. */
  private NodeId listener(long nowNanos) {
    int share = settings.certified() ? DEAD_SHARE : 2;
    NodeId dead = tombstones.fresh(random, members.size(), share, nowNanos);
    if (dead != null && members.find(dead.authority()) == MemberTable.NONE) {
      return dead;
    }
    int slot = random.nextInt(members.size());
    if (settings.certified()) {
      for (int tries = 1; tries < members.size() && members.isSuspect(slot); tries++) {
        slot = (slot + 1) % members.size();
      }
    }
    return members.node(slot);
  }

  private int sendLimit() {
    return (int) Math.ceil(settings.sendFactor() * Math.log10(size() + 1));
  }

  // Comparing views.

  /** Two views that have stood for as long as a rumour is passed on, and differ: it has missed somebody. */
  private void compare(NodeId from, GossipMessage message, long nowNanos) {
    if (!settings.certified() || message.viewHash() == viewHash()) {
      return;
    }
    long patience = (member ? sendLimit() : 1) * settings.gossipPeriodNanos();
    boolean settled = nowNanos - hashSinceNanos >= patience;
    boolean rested = nowNanos - digestNanos >= settings.probePeriodNanos();
    if (settled && rested && !(message.body() instanceof Buckets)) {
      digest(from, nowNanos);
    }
  }

  private void digest(NodeId to, long nowNanos) {
    digestNanos = nowNanos;
    out.send(
        to,
        message(
            new Digest(Digests.of(self, member, members)), member ? List.of(alive()) : List.of()));
  }

  private void onDigest(NodeId from, Digest digest) {
    long mask = Digests.differing(Digests.of(self, member, members), digest.buckets());
    if (mask != 0) {
      out.send(from, message(new Buckets(mask, true), known(mask, Set.of())));
    }
  }

  private void onBuckets(NodeId from, Buckets buckets, List<Update> updates, long nowNanos) {
    // Whoever learns more than it knew has come late: the others have heard it already.
    boolean tell = updates.size() <= members.size();
    Set<NodeId> told = new HashSet<>();
    List<Update> denied = new ArrayList<>();
    for (Update update : updates) {
      told.add(update.node());
      Update over = tombstones.over(update.node());
      boolean buried = over != null
          && (over.node().incarnation() > update.node().incarnation()
              || over.refutation() >= update.refutation());
      if (buried) {
        denied.add(over);
      } else {
        apply(update, tell, nowNanos);
      }
    }
    if (buckets.answer()) {
      List<Update> answer = known(buckets.mask(), told);
      answer.addAll(denied);
      out.send(from, message(new Buckets(buckets.mask(), false), answer));
    } else if (!denied.isEmpty()) {
      out.send(from, message(new Rumors(), denied));
    }
  }

  private List<Update> known(long mask, Set<NodeId> except) {
    List<Update> known = new ArrayList<>();
    if (member) {
      known.add(alive());
    }
    for (int slot = 0; slot < members.size(); slot++) {
      NodeId node = members.node(slot);
      if (Digests.in(mask, node) && !except.contains(node)) {
        Suspicion suspicion = suspicions.get(node);
        known.add(
            suspicion == null
                ? new Update(Claim.ALIVE, node, members.refutation(slot), List.of())
                : suspicion.update());
      }
    }
    return known;
  }

  private void lookForTheAbsent(long nowNanos) {
    absentNanos = nowNanos + ABSENT_NANOS / 2 + random.nextLong(ABSENT_NANOS);
    List<Authority> missing = configured.stream()
        .filter(address -> members.find(address) == MemberTable.NONE)
        .toList();
    if (!missing.isEmpty()) {
      out.dial(missing.get(random.nextInt(missing.size())));
    }
    Authority removed = settings.certified() ? tombstones.absent(random, nowNanos) : null;
    if (removed != null && !missing.contains(removed)) {
      out.dial(removed);
    }
  }

  // Publishing.

  private void publish() {
    List<NodeId> joined = new ArrayList<>();
    List<NodeId> left = new ArrayList<>();
    publication.take(members, joined, left);
    if (!joined.isEmpty() || !left.isEmpty()) {
      out.publish(joined, left);
      published();
    }
  }

  private void published() {
    if (settings.certified()) {
      agreement.onPublished(publishedHash(), self, member, members, sendLimit());
    }
  }

  private long publishedHash() {
    return viewHash();
  }

  // Time.

  /** This node stood still for so long: nobody else can be blamed for that time. */
  private void shift(long lateNanos) {
    probes.forEach(probe -> probe.shift(lateNanos));
    suspicions.values().forEach(suspicion -> suspicion.shift(lateNanos));
    hearing.shift(lateNanos);
    refused.clear();
  }

  private void noteIsolation(long nowNanos) {
    boolean silent = nowNanos - hearing.isolatedAtNanos() >= 0;
    if (silent && !hearing.isolated() && members.size() > 0) {
      hearing.isolated(true);
      out.note(GossipNote.Kind.ISOLATED, self, "nobody was heard for 10 s");
    }
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /** Only for measurements: the loss of probes that this node sees. */
  double loss() {
    return loss;
  }

  @Nullable
  Update tombstone(NodeId node) {
    return tombstones.last(node);
  }
}
