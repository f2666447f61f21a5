package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Agreed;
import io.thole.gossip.GossipMessage.Body;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.ProbeRequest;
import io.thole.gossip.GossipMessage.Rumors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private final Local local;
  private final Spread spread;
  private final Prober prober;
  private final Inquest inquest;
  private final Register register;
  private final Statements statements;
  private final Comparison comparison;
  private final Prober.Finding silence; // made once: an idle step allocates nothing
  private final Inquest.Verdict death;

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
    Tombstones tombstones = new Tombstones();
    Map<NodeId, Suspicion> suspicions = new LinkedHashMap<>();
    local = new Local(self, member, settings, seed, nowNanos);
    spread = new Spread(local, tombstones, suspicions, nowNanos);
    prober = new Prober(local, spread, suspicions, nowNanos);
    inquest = new Inquest(local, spread, prober, suspicions);
    register = new Register(local, spread, prober, inquest, tombstones, nowNanos);
    statements = new Statements(local, spread, inquest, register);
    comparison = new Comparison(local, register, statements, tombstones, nowNanos);
    silence = (target, atNanos) -> statements.accuse(target, false, atNanos);
    death = statements::bury;
  }

  // What comes in.

  /** Takes members as given, without an announcement: the view that a node starts with, what a provider proposes. */
  public GossipOutcome onProposed(Collection<NodeId> nodes, long nowNanos) {
    nodes.forEach(node -> register.propose(node, nowNanos));
    register.published();
    return local.out.take();
  }

  /**
   * Somebody who decides has taken members out: the provider's word, the block list. Nobody's word but a proposal brings anyone
   * back to their addresses.
   */
  public GossipOutcome onWithdrawn(Collection<NodeId> nodes, long nowNanos) {
    nodes.forEach(node -> register.withdraw(node, nowNanos));
    register.published();
    return local.out.take();
  }

  /** Whoever had taken out members at addresses does not any more, as where a block ends: what members say of them counts again. */
  public void onAdmitted(Collection<Authority> addresses, long nowNanos) {
    addresses.forEach(address -> register.admit(address, nowNanos));
  }

  /** Says which addresses should be in the cluster though nobody is known to be there: they are tried for ever. */
  public void onConfigured(Collection<Authority> addresses) {
    comparison.configure(addresses);
  }

  /** Takes a message. */
  public GossipOutcome onMessage(NodeId from, GossipMessage message, long nowNanos) {
    if (over || from.authority().equals(local.self.authority())) {
      return GossipOutcome.NOTHING;
    }
    spread.rest(nowNanos);
    hear(from, nowNanos);
    boolean asks = !(message.body() instanceof Rumors);
    statements.takeRefutation(from, message.refutation(), asks, nowNanos);
    List<Update> updates = message.updates();
    if (message.body() instanceof Buckets buckets) {
      comparison.onBuckets(from, buckets, updates, nowNanos);
    } else {
      for (int i = 0; i < updates.size(); i++) {
        statements.take(from, updates.get(i), true, nowNanos);
      }
      onBody(from, message.body(), nowNanos);
    }
    comparison.compare(from, message, nowNanos);
    return local.out.take();
  }

  private void onBody(NodeId from, Body body, long nowNanos) {
    if (body instanceof Ping ping) {
      prober.onPing(from, ping.sequence());
    } else if (body instanceof Ack ack) {
      prober.onAck(from, ack.sequence(), nowNanos);
    } else if (body instanceof Nack nack) {
      prober.onNack(nack.sequence());
    } else if (body instanceof ProbeRequest request) {
      prober.onRequest(from, request, nowNanos);
    } else if (body instanceof Digest digest) {
      comparison.onDigest(from, digest);
    } else if (body instanceof Agreed agreed) {
      spread.onAgreed(from, agreed);
    } else if (!(body instanceof Rumors)) {
      throw new AssertionError("no such body: " + body);
    }
  }

  /** Takes what is told of a connection; with {@link Link#UP} a node is met, and what each knows is exchanged. */
  public GossipOutcome onLink(NodeId peer, Link link, long nowNanos) {
    if (over) {
      return GossipOutcome.NOTHING;
    }
    spread.rest(nowNanos);
    boolean known = local.members.find(peer) != MemberTable.NONE;
    switch (link) {
      case UP -> {
        prober.onUp(peer);
        register.meet(peer);
        hear(peer, nowNanos);
        if (!known) {
          comparison.digest(peer, nowNanos);
        }
      }
      case LOST -> {
        if (known) {
          statements.accuse(peer, false, nowNanos);
        }
      }
      case PAUSED -> {
        if (known) {
          prober.onPaused(peer, nowNanos);
        }
      }
      case REFUSED -> {
        if (known && prober.onRefused(peer, nowNanos)) {
          statements.accuse(peer, true, nowNanos);
        }
      }
    }
    return local.out.take();
  }

  /**
   * Something else than gossip came from a node, since the last {@link #tick}: it is alive. That answers any probe of it, and lets
   * no suspicion of it expire for as long as one lasts at least.
   */
  public void onHeard(NodeId peer, long nowNanos) {
    hear(peer, nowNanos);
    prober.onAlive(peer);
    inquest.onAlive(peer, nowNanos);
  }

  private void hear(NodeId from, long nowNanos) {
    if (local.hearing.heard(nowNanos) && local.settings.certified()) {
      inquest.endSilence(nowNanos);
      if (local.hearing.isolated()) {
        local.hearing.isolated(false);
        local.out.note(GossipNote.Kind.REJOINED, local.self, "others are heard again");
        comparison.digestTwo(nowNanos);
      }
    }
    prober.onHeard(from, nowNanos);
  }

  /** A node says that it leaves. */
  public GossipOutcome onLeaving(NodeId peer, long nowNanos) {
    if (!over) {
      spread.rest(nowNanos);
      statements.takeFarewell(peer, nowNanos);
    }
    return local.out.take();
  }

  /** This node leaves: returns what is to be said; after that it says nothing. */
  public GossipOutcome leave(long nowNanos) {
    if (local.member && !over) {
      spread.farewell();
    }
    over = true;
    return local.out.take();
  }

  /**
   * This node cannot send for a while, or can again: its messages wait. An engine of the papers stalls with them; this one does
   * not.
   */
  public void onStalled(boolean stalled) {
    prober.onStalled(stalled);
  }

  // Time.

  /** Does what is due. Whoever drives takes what has arrived before. */
  public GossipOutcome tick(long nowNanos) {
    if (over) {
      return GossipOutcome.NOTHING;
    }
    spread.rest(nowNanos);
    long lateNanos = nowNanos - nextDeadlineNanos();
    if (local.settings.certified() && lateNanos > LATE_NANOS) {
      shift(lateNanos, nowNanos);
    }
    prober.onTime(nowNanos, silence);
    inquest.onTime(nowNanos, death);
    if (!prober.isStalled()) {
      spread.onTime(nowNanos);
    }
    comparison.onTime(nowNanos);
    if (register.asks(nowNanos)) {
      comparison.digestTwo(nowNanos);
    }
    register.onTime(nowNanos);
    noteIsolation(nowNanos);
    return local.out.take();
  }

  /** Returns when {@link #tick} has something to do next, unless something happens before. */
  public long nextDeadlineNanos() {
    if (over) {
      return Long.MAX_VALUE;
    }
    long next = prober.deadlineNanos(comparison.deadlineNanos());
    next = inquest.deadlineNanos(next);
    if (!prober.isStalled()) {
      next = spread.deadlineNanos(next);
    }
    return register.deadlineNanos(next);
  }

  /** This node stood still for so long: nobody else can be blamed for that time. */
  private void shift(long lateNanos, long nowNanos) {
    prober.shift(lateNanos);
    inquest.shift(lateNanos);
    inquest.endSilence(nowNanos);
    local.hearing.shift(lateNanos, nowNanos);
  }

  private void noteIsolation(long nowNanos) {
    boolean silent = nowNanos - local.hearing.isolatedAtNanos() >= 0;
    if (silent && !local.hearing.isolated() && local.members.size() > 0) {
      local.hearing.isolated(true);
      local.out.note(GossipNote.Kind.ISOLATED, local.self, "nobody was heard for 10 periods");
    }
  }

  // What is shown.

  /** Returns the members that this node knows, itself among them if it is one, in no order. */
  public List<NodeId> members() {
    List<NodeId> all = new ArrayList<>(size());
    for (int slot = 0; slot < local.members.size(); slot++) {
      all.add(local.members.node(slot));
    }
    if (local.member) {
      all.add(local.self);
    }
    return all;
  }

  /** Returns how many members this node knows, itself among them if it is one. */
  public int size() {
    return local.size();
  }

  /** Returns the member at an address. */
  public Optional<NodeId> memberAt(Authority address) {
    int slot = local.members.find(address);
    return slot == MemberTable.NONE ? Optional.empty() : Optional.of(local.members.node(slot));
  }

  /** Tells whether a member is suspected here. */
  public boolean suspects(NodeId node) {
    return inquest.suspects(node);
  }

  /** Returns a hash of who is a member, whatever the order. */
  public long viewHash() {
    return local.viewHash();
  }

  /** Returns how many members are known to have the same published view as this node, itself among them. */
  public int agreeing() {
    return spread.agreeing();
  }

  /** Tells whether this node hears nobody. */
  public boolean isolated() {
    return local.hearing.isolated();
  }

  /** Returns how often this node has refuted what was said of it. */
  public int refutation() {
    return local.refutation();
  }

  /** Returns of whom it matters now whether anything is heard: whom this node watches, probes or suspects; some perhaps twice. */
  public List<NodeId> watched() {
    List<NodeId> watched = prober.watched();
    watched.addAll(inquest.suspects());
    return watched;
  }
}
