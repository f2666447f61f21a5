package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine.Link;
import io.thole.gossip.GossipMessage.Ack;
import io.thole.gossip.GossipMessage.Body;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Nack;
import io.thole.gossip.GossipMessage.Ping;
import io.thole.gossip.GossipMessage.ProbeRequest;
import io.thole.gossip.Update.Accuser;
import io.thole.gossip.Update.Claim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One engine in virtual time; the test speaks for all others. Those that are not silent answer each probe at once. */
final class SoleEngine {
  static final NodeId SELF = EngineNetwork.node(0);

  final GossipEngine engine;
  final Set<NodeId> silent = new HashSet<>();
  final List<GossipOutcome.Send> sends = new ArrayList<>();
  final List<GossipNote> notes = new ArrayList<>();
  final List<NodeId> joined = new ArrayList<>();
  final List<NodeId> left = new ArrayList<>();
  final List<Authority> dials = new ArrayList<>();
  long nowNanos = -5 * EngineNetwork.SECOND; // as System.nanoTime may be

  SoleEngine(GossipSettings settings, boolean member, Collection<NodeId> others) {
    engine = new GossipEngine(SELF, member, settings, 1, nowNanos);
    carryOut(engine.onProposed(others, nowNanos));
    notes.clear();
  }

  /** A member by default settings that knows so many others: the nodes from 1. */
  static SoleEngine among(int others) {
    return new SoleEngine(
        GossipSettings.thole(), true, EngineNetwork.nodes(others + 1).subList(1, others + 1));
  }

  static Update alive(NodeId node, int refutation) {
    return new Update(Claim.ALIVE, node, refutation, List.of());
  }

  static Update left(NodeId node, int refutation) {
    return new Update(Claim.LEFT, node, refutation, List.of());
  }

  static Update accused(Claim claim, NodeId node, int refutation, NodeId... accusers) {
    List<Accuser> all = new ArrayList<>();
    for (NodeId accuser : accusers) {
      all.add(new Accuser(accuser, false));
    }
    return new Update(claim, node, refutation, all);
  }

  static Update gone(NodeId node, NodeId... accusers) {
    List<Accuser> all = new ArrayList<>();
    for (NodeId accuser : accusers) {
      all.add(new Accuser(accuser, true));
    }
    return new Update(Claim.SUSPECT, node, 0, all);
  }

  /** Somebody with the same view says something. */
  void say(NodeId from, Update... updates) {
    say(from, new GossipMessage.Rumors(), updates);
  }

  void say(NodeId from, Body body, Update... updates) {
    say(from, new GossipMessage(0, engine.viewHash(), body, List.of(updates)));
  }

  void say(NodeId from, GossipMessage message) {
    carryOut(engine.onMessage(from, message, nowNanos));
  }

  void link(NodeId peer, Link link) {
    carryOut(engine.onLink(peer, link, nowNanos));
  }

  /** Lets time pass; what is due is done when it is due. */
  void run(long nanos) {
    long end = nowNanos + nanos;
    for (long next = engine.nextDeadlineNanos(); next <= end; next = engine.nextDeadlineNanos()) {
      nowNanos = Math.max(nowNanos, next);
      tick();
    }
    nowNanos = end;
  }

  /** Lets time pass during which this node stands still. */
  void standStill(long nanos) {
    nowNanos += nanos;
    tick();
  }

  void tick() {
    carryOut(engine.tick(nowNanos));
  }

  private void carryOut(GossipOutcome outcome) {
    sends.addAll(outcome.sends());
    notes.addAll(outcome.notes());
    joined.addAll(outcome.joined());
    left.addAll(outcome.left());
    dials.addAll(outcome.dials());
    outcome.sends().forEach(this::answer);
  }

  private void answer(GossipOutcome.Send send) {
    Body body = send.message().body();
    if (silent.contains(send.to())) {
      return;
    } else if (body instanceof Ping ping) {
      say(send.to(), new Ack(ping.sequence()));
    } else if (body instanceof ProbeRequest request) {
      boolean silence = silent.contains(request.target());
      say(send.to(), silence ? new Nack(request.sequence()) : new Ack(request.sequence()));
    }
  }

  List<GossipNote.Kind> noted(NodeId about) {
    return notes.stream()
        .filter(note -> note.about().equals(about))
        .map(GossipNote::kind)
        .toList();
  }

  long count(GossipNote.Kind kind) {
    return notes.stream().filter(note -> note.kind() == kind).count();
  }

  boolean knows(NodeId node) {
    return engine.members().contains(node);
  }

  /** Returns all updates that were sent so far. */
  List<Update> said() {
    return sends.stream().flatMap(send -> send.message().updates().stream()).toList();
  }

  /** Returns the members that the engine knows with the refutation of each, as it tells whoever knows nothing. */
  Map<NodeId, Integer> known() {
    Digest nothing = new Digest(Collections.nCopies(Digests.BUCKETS, 0L));
    GossipMessage asked = new GossipMessage(0, engine.viewHash(), nothing, List.of());
    Map<NodeId, Integer> known = new TreeMap<>();
    for (GossipOutcome.Send send :
        engine.onMessage(EngineNetwork.node(999), asked, nowNanos).sends()) {
      if (send.message().body() instanceof Buckets) {
        send.message().updates().forEach(update -> known.put(update.node(), update.refutation()));
      }
    }
    return known;
  }
}
