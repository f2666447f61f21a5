package io.thole.gossip;

import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Body;
import java.util.List;
import java.util.SplittableRandom;

/** This node itself, and what every room of its engine needs: whom it knows, what it hears, what it says. For one thread. */
final class Local {
  final NodeId self;
  final boolean member;
  final GossipSettings settings;
  final SplittableRandom random;
  final MemberTable members;
  final LocalHealth health;
  final Hearing hearing;
  final Outbox out = new Outbox();
  private final long ownHash;
  private int refutation;

  Local(NodeId self, boolean member, GossipSettings settings, long seed, long nowNanos) {
    this.self = self;
    this.member = member;
    this.settings = settings;
    this.random = new SplittableRandom(seed);
    this.members = new MemberTable(random.split());
    this.health = new LocalHealth(settings.localHealth());
    this.hearing = new Hearing(settings.probePeriodNanos(), nowNanos);
    this.ownHash = member ? NodeHash.of(self) : 0;
  }

  int refutation() {
    return refutation;
  }

  /** Whatever was said of this node up to a refutation is void from now on. */
  void refute(int said) {
    refutation = Math.max(refutation, said) + 1;
    health.worsen(1);
  }

  /** Returns how many members are known, this node among them if it is one. */
  int size() {
    return members.size() + (member ? 1 : 0);
  }

  /** Returns the hash of the members that are known. */
  long viewHash() {
    return members.hash() + ownHash;
  }

  /** Returns the refutation that is known of a member; 0 for anyone else. */
  int known(NodeId node) {
    int slot = members.find(node);
    return slot == MemberTable.NONE ? 0 : members.refutation(slot);
  }

  /** Tells whether others were heard since a moment, or there is nobody left who could be. */
  boolean hears(long sinceNanos) {
    return hearing.since(sinceNanos)
        || members.size() == 1
        || members.size() == members.suspected();
  }

  /** Returns what this node says of itself. */
  Update alive() {
    return new Update(Update.Claim.ALIVE, self, refutation, List.of());
  }

  /** Returns how often one update is passed on. */
  int sendLimit() {
    return (int) Math.ceil(settings.sendFactor() * Math.log10(size() + 1));
  }

  void send(NodeId to, Body body, List<Update> updates) {
    out.send(to, message(body, updates));
  }

  GossipMessage message(Body body, List<Update> updates) {
    return new GossipMessage(refutation, viewHash(), body, updates);
  }

  static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }
}
