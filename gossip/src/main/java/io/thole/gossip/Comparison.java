package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Buckets;
import io.thole.gossip.GossipMessage.Digest;
import io.thole.gossip.GossipMessage.Rumors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what rumours have missed: nodes whose views differ for longer than a rumour lives exchange digests, and then what differs.
 * Looks, for ever, for those who were removed or should be there, so that partitions heal. For one thread.
 */
final class Comparison {
  /** How often somebody who was removed, or should be there, is looked for. */
  private static final long ABSENT_NANOS = 4_000_000_000L;

  /** How many of those who were removed are tried each time: all of a small cluster within seconds. */
  private static final int TRIED = 4;

  private final Local local;
  private final Register register;
  private final Statements statements;
  private final Tombstones tombstones;
  private final TreeSet<Authority> configured = new TreeSet<>();
  private long digestNanos;
  private long absentNanos;

  Comparison(
      Local local, Register register, Statements statements, Tombstones tombstones, long nowNanos) {
    this.local = local;
    this.register = register;
    this.statements = statements;
    this.tombstones = tombstones;
    this.digestNanos = nowNanos - local.settings.probePeriodNanos();
    this.absentNanos = nowNanos + local.random.nextLong(ABSENT_NANOS);
  }

  /** Says which addresses should be in the cluster. */
  void configure(Collection<Authority> addresses) {
    configured.clear();
    configured.addAll(addresses);
    configured.remove(local.self.authority());
  }

  /** Another node has said which view it has. */
  void compare(NodeId from, GossipMessage message, long nowNanos) {
    GossipSettings settings = local.settings;
    if (!settings.certified() || message.viewHash() == local.viewHash()) {
      return;
    }
    long patience = (local.member ? local.sendLimit() : 1) * settings.gossipPeriodNanos();
    boolean settled = nowNanos - register.changedNanos() >= patience;
    boolean rested = nowNanos - digestNanos >= settings.probePeriodNanos();
    if (settled && rested && !(message.body() instanceof Buckets)) {
      digest(from, nowNanos);
    }
  }

  /** Tells a node what this one knows, bucket by bucket. */
  void digest(NodeId to, long nowNanos) {
    digestNanos = nowNanos;
    local.send(to, new Digest(digest()), local.member ? List.of(local.alive()) : List.of());
  }

  /** Does so with two members drawn at random. */
  void digestTwo(long nowNanos) {
    MemberTable members = local.members;
    int first = members.size() == 0 ? 0 : local.random.nextInt(members.size());
    for (int i = 0; i < Math.min(2, members.size()); i++) {
      digest(members.node((first + i) % members.size()), nowNanos);
    }
  }

  void onDigest(NodeId from, Digest digest) {
    long mask = Digests.differing(digest(), digest.buckets());
    if (mask != 0) {
      local.send(from, new Buckets(mask, true), known(mask, Set.of()));
    }
  }

  /** Takes what another node knows, and answers with the rest, and with the removals that it has missed. */
  void onBuckets(NodeId from, Buckets buckets, List<Update> updates, long nowNanos) {
    // Whoever learns more than it knew has come late: the others have heard it already.
    boolean tell = updates.size() <= local.members.size();
    Set<NodeId> told = new HashSet<>();
    List<Update> denied = new ArrayList<>();
    for (Update update : updates) {
      told.add(update.node());
      Update denial = register.denial(update, update.node().equals(from));
      if (denial != null) {
        denied.add(denial);
      } else {
        statements.take(from, update, tell, nowNanos);
      }
    }
    if (buckets.answer()) {
      doubt(from, buckets.mask(), told, nowNanos);
      List<Update> answer = known(buckets.mask(), told);
      answer.addAll(denied);
      local.send(from, new Buckets(buckets.mask(), false), answer);
    } else if (!denied.isEmpty()) {
      local.send(from, new Rumors(), denied);
    }
  }

  /**
   * Whoever does not know a suspect cannot vouch for it, and stands for an accuser: else a run that came and went while this node
   * stood still, and that nobody else has met, would be suspected for ever.
   */
  private void doubt(NodeId from, long mask, Set<NodeId> told, long nowNanos) {
    for (int slot = 0; local.members.suspected() > 0 && slot < local.members.size(); slot++) {
      NodeId node = local.members.node(slot);
      if (local.members.isSuspect(slot) && Digests.in(mask, node) && !told.contains(node)) {
        statements.doubt(slot, from, nowNanos);
        return; // it may be gone now; the others come with the next exchange
      }
    }
  }

  /** Looks for those who are not there, if it is time. */
  void onTime(long nowNanos) {
    if (nowNanos - absentNanos < 0) {
      return;
    }
    absentNanos = nowNanos + ABSENT_NANOS / 2 + local.random.nextLong(ABSENT_NANOS);
    List<Authority> missing = configured.stream()
        .filter(address -> local.members.find(address) == MemberTable.NONE)
        .toList();
    if (!missing.isEmpty()) {
      local.out.dial(missing.get(local.random.nextInt(missing.size())));
    }
    if (local.settings.certified()) {
      for (Authority removed : tombstones.absent(TRIED, nowNanos)) {
        if (!missing.contains(removed)) {
          local.out.dial(removed);
        }
      }
    }
  }

  long deadlineNanos() {
    return absentNanos;
  }

  private List<Long> digest() {
    return Digests.of(local.self, local.member, local.members);
  }

  private List<Update> known(long mask, Set<NodeId> except) {
    List<Update> known = new ArrayList<>();
    if (local.member) {
      known.add(local.alive());
    }
    for (int slot = 0; slot < local.members.size(); slot++) {
      NodeId node = local.members.node(slot);
      if (Digests.in(mask, node) && !except.contains(node)) {
        known.add(statements.known(slot));
      }
    }
    return known;
  }
}
