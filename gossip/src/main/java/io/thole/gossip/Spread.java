package io.thole.gossip;

import static io.thole.gossip.Local.earlier;

import io.thole.api.NodeId;
import io.thole.gossip.GossipMessage.Agreed;
import io.thole.gossip.GossipMessage.Body;
import io.thole.gossip.GossipMessage.Rumors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How news spreads: on a beat to a few members drawn at random, and on whatever else is sent. Passes on, too, who is known to
 * have published the same view. For one thread.
 */
final class Spread {
  /** So much waiting gossip makes longer messages, so that it does not wait. */
  private static final int BACKLOG = 50;

  private static final int BACKLOG_BYTES = 16_000;

  /** What rides on a probe or its answer. */
  private static final int RIDING_BYTES = 400;

  /** One member in so many of those that are told something may be one that was declared dead lately. */
  private static final int DEAD_SHARE = 8;

  /** The same in the papers' engines, which draw from both alike. */
  private static final int PAPERS_DEAD_SHARE = 2;

  /** How many members a leave is told to directly; the rest hear it from these. */
  private static final int FAREWELLS = 32;

  private final Local local;
  private final Tombstones tombstones;
  private final Map<NodeId, Suspicion> suspicions;
  private final RumorQueue rumors = new RumorQueue();
  private final Agreement agreement = new Agreement();
  private long beatNanos;

  /**
   * Makes one that has nothing to say.
   *
   * @param tombstones who was declared dead: such a one is told as well, in case it is not
   * @param suspicions what is suspected: a suspect is told with whatever is sent to it
   */
  Spread(Local local, Tombstones tombstones, Map<NodeId, Suspicion> suspicions, long nowNanos) {
    this.local = local;
    this.tombstones = tombstones;
    this.suspicions = suspicions;
    this.beatNanos = nowNanos + local.random.nextLong(local.settings.gossipPeriodNanos());
    agreement.onPublished(local.viewHash(), local.self, local.member, local.members, 0);
  }

  /** Begins to pass something on. */
  void tell(Update update) {
    rumors.add(update);
  }

  /** What was passed on of a member is void. */
  void forget(NodeId node) {
    rumors.forget(node.authority());
  }

  /** Sends what answers or asks something; news rides along. */
  void send(NodeId to, Body body) {
    local.send(to, body, riding(to));
  }

  /** First what the receiver is accused of, so that it can refute (Lifeguard's buddy system), then what is news. */
  private List<Update> riding(NodeId to) {
    boolean buddies = local.settings.localHealth() && !suspicions.isEmpty();
    Suspicion own = buddies ? suspicions.get(to) : null;
    List<Update> taken = rumors.take(RIDING_BYTES, 1, local.sendLimit());
    if (own == null) {
      return taken;
    }
    List<Update> all = new ArrayList<>(taken.size() + 1);
    all.add(own.update());
    all.addAll(taken);
    return all;
  }

  /** This node has published another view. */
  void published() {
    if (local.settings.certified()) {
      agreement.onPublished(
          local.viewHash(), local.self, local.member, local.members, local.sendLimit());
    }
  }

  /** Another node tells who has the view that it has. */
  void onAgreed(NodeId from, Agreed agreed) {
    if (agreement.onAgreed(agreed, local.sendLimit())) {
      local.send(from, agreement.tell(0), List.of());
    }
  }

  /** Returns how many are known to have published the same view. */
  int agreeing() {
    return agreement.count();
  }

  boolean isBusy() {
    return !rumors.isEmpty() || agreement.isDue();
  }

  /**
   * Keeps the beat while there is nothing to say: news goes out at once after a silence, but in the papers' engines waits for the
   * next beat.
   */
  void rest(long nowNanos) {
    if (isBusy() || nowNanos - beatNanos < 0) {
      return;
    }
    long period = local.settings.gossipPeriodNanos();
    long missed = (nowNanos - beatNanos) / period;
    beatNanos = local.settings.certified() ? nowNanos : beatNanos + (missed + 1) * period;
  }

  /** Passes on what there is, if it is time. */
  void onTime(long nowNanos) {
    if (!isBusy() || nowNanos - beatNanos < 0) {
      return;
    }
    beatNanos = nowNanos + local.settings.gossipPeriodNanos();
    int targets = Math.min(local.settings.fanOut(), local.members.size());
    if (!rumors.isEmpty()) {
      boolean backlog = local.settings.certified() && rumors.size() > BACKLOG;
      int bytes = backlog ? BACKLOG_BYTES : local.settings.messageBytes();
      List<Update> news = rumors.take(bytes, Math.max(1, targets), local.sendLimit());
      sendSome(local.message(new Rumors(), news), targets, nowNanos);
    }
    if (agreement.isDue()) {
      sendSome(local.message(agreement.tell(Math.max(1, targets)), List.of()), targets, nowNanos);
    }
  }

  /** This node leaves: many are told at once. */
  void farewell() {
    Update left = new Update(Update.Claim.LEFT, local.self, local.refutation(), List.of());
    GossipMessage farewell = local.message(new Rumors(), List.of(left));
    int farewells = Math.min(FAREWELLS, local.members.size());
    for (int i = 0; i < farewells; i++) {
      local.out.send(local.members.node(local.members.next()), farewell);
    }
  }

  /** Returns the earlier of a deadline and the next beat on which something is said. */
  long deadlineNanos(long otherNanos) {
    return isBusy() ? earlier(otherNanos, beatNanos) : otherNanos;
  }

  private void sendSome(GossipMessage message, int targets, long nowNanos) {
    for (int i = 0; i < targets; i++) {
      local.out.send(listener(nowNanos), message);
    }
  }

  /** Returns somebody to tell: rather one that is not suspected, and now and then one that was declared dead lately. */
  private NodeId listener(long nowNanos) {
    MemberTable members = local.members;
    int share = local.settings.certified() ? DEAD_SHARE : PAPERS_DEAD_SHARE;
    NodeId dead = tombstones.fresh(local.random, members.size(), share, nowNanos);
    if (dead != null && members.find(dead.authority()) == MemberTable.NONE) {
      return dead;
    }
    int slot = local.random.nextInt(members.size());
    if (local.settings.certified()) {
      for (int tries = 1; tries < members.size() && members.isSuspect(slot); tries++) {
        slot = (slot + 1) % members.size();
      }
    }
    return members.node(slot);
  }
}
