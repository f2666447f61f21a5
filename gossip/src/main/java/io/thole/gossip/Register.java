package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.Update.Claim;
import io.thole.spi.TopologyPublisher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is let in, who is put out, and what of it is published when. Whoever goes is forgotten everywhere. For one thread. */
final class Register {
  private final Local local;
  private final Spread spread;
  private final Prober prober;
  private final Inquest inquest;
  private final Tombstones tombstones;
  private final Publication publication;
  private final Map<Authority, Update> withheld = new LinkedHashMap<>();
  private long changedNanos;

  Register(
      Local local,
      Spread spread,
      Prober prober,
      Inquest inquest,
      Tombstones tombstones,
      long nowNanos) {
    this.local = local;
    this.spread = spread;
    this.prober = prober;
    this.inquest = inquest;
    this.tombstones = tombstones;
    this.publication = new Publication(local.settings.quietNanos(), local.settings.stormNanos());
    this.changedNanos = nowNanos;
  }

  // By somebody else's decision.

  /**
   * Lets in whom a provider proposes. One that was removed is told so, and is no member until it has refuted: its own word brings it
   * back, and nobody else's.
   */
  void propose(NodeId node, long nowNanos) {
    Update before = withheld.remove(node.authority());
    Update removal = tombstones.over(node);
    int slot = local.members.find(node.authority());
    if (removal != null && (removal.node().equals(node) || tombstones.wasMet(node.authority()))) {
      local.send(node, new GossipMessage.Rumors(), List.of(removal));
      local.out.retract(node);
      return;
    }
    if (slot != MemberTable.NONE && yields(slot, node)) {
      replace(slot, node, nowNanos);
    } else if (local.members.find(node) != MemberTable.NONE) {
      publication.known(node.authority()); // it is shown: if it goes, that is a change
    }
    if (mayAdd(node)) {
      int known = before != null && before.node().equals(node) ? before.refutation() : 0;
      int least = Math.max(known, tombstones.refutation(node));
      tombstones.back(node);
      add(node, least, nowNanos);
      publication.known(node.authority());
    }
    meet(node);
  }

  /** A run is there itself: it has said something, or is connected. */
  void meet(NodeId node) {
    int slot = local.members.find(node);
    if (slot != MemberTable.NONE) {
      local.members.meet(slot);
    }
  }

  /** Puts out whom somebody has taken out; nobody's word but a proposal lets in anyone at this address. */
  void withdraw(NodeId node, long nowNanos) {
    int slot = local.members.find(node.authority());
    boolean here = slot != MemberTable.NONE && local.members.node(slot).matches(node);
    if (here || slot == MemberTable.NONE) {
      withhold(new Update(Claim.LEFT, node, here ? local.members.refutation(slot) : 0, List.of()));
    }
    if (here) {
      remove(slot, nowNanos);
      publication.known(node.authority());
    }
  }

  private void withhold(Update update) {
    withheld.remove(update.node().authority());
    withheld.put(update.node().authority(), update);
    if (withheld.size() > TopologyPublisher.LIMIT) {
      withheld.remove(withheld.keySet().iterator().next());
    }
  }

  /** Nobody keeps out any more whoever was taken out at an address: what members say counts again, and it is looked for. */
  void admit(Authority address, long nowNanos) {
    Update before = withheld.remove(address);
    if (before != null && local.members.find(address) == MemberTable.NONE) {
      tombstones.seek(before, nowNanos);
    }
  }

  // By what members say.

  /**
   * Lets in one who is said to be there, unless a removal says otherwise; returns whether it is news.
   *
   * @param own whether it says so itself
   */
  boolean join(Update update, boolean own, long nowNanos) {
    NodeId node = update.node();
    if (denial(update, own) != null || !mayAdd(node) || !tombstones.mayReturn(node, nowNanos)) {
      return false;
    }
    tombstones.back(node);
    add(node, update.refutation(), nowNanos);
    return true;
  }

  /**
   * Another run says itself that it is there, at the address of a member: a later one takes its place for good, and an earlier one that of
   * a member which nobody here has met.
   */
  boolean supersede(int slot, Update own, long nowNanos) {
    NodeId next = own.node();
    boolean yields =
        yields(slot, next) && !withheld.containsKey(next.authority()) && denial(own, true) == null;
    if (yields) {
      replace(slot, next, nowNanos);
    }
    return yields;
  }

  /**
   * Others say that a later run is, or was, at the address of a member. That is no proof, so the member is asked, and whoever listens
   * there is met, if it is another.
   */
  void doubt(int slot, long nowNanos) {
    NodeId node = local.members.node(slot);
    if (prober.probeIfFew(node, nowNanos)) {
      local.out.dial(node.authority());
    }
  }

  /** Removes a member for good, by its own word or by a verdict. */
  void bury(int slot, Update verdict, long nowNanos) {
    if (verdict.claim() == Claim.DEAD) {
      publication.died(verdict.node().authority());
    }
    tombstones.add(verdict, local.members.isMet(slot), nowNanos);
    remove(slot, nowNanos);
    spread.tell(verdict);
  }

  /** Remembers a removal of one who is no member, so that what was said before does not bring it back (J3). */
  void remember(Update verdict, long nowNanos) {
    int slot = local.members.find(verdict.node().authority());
    if (slot != MemberTable.NONE && isOlder(slot, verdict.node())) {
      NodeId old = local.members.node(slot);
      remove(slot, nowNanos); // a later start than it has gone already
      local.out.note(GossipNote.Kind.LEFT, old, "a later start of it has gone: " + verdict.node());
    }
    if (tombstones.raise(verdict, nowNanos) && verdict.claim() == Claim.LEFT) {
      spread.tell(verdict);
    }
  }

  /**
   * A run has said over its own link that it leaves, and no more: how often it has refuted, its farewell among gossipers says, and that
   * is what is passed on. A smaller number would let in again whoever has heard of a larger one.
   */
  void leave(int slot, Update left, long nowNanos) {
    if (slot == MemberTable.NONE) {
      tombstones.raise(left, nowNanos);
    } else {
      tombstones.add(left, true, nowNanos);
      remove(slot, nowNanos);
    }
    tombstones.told(left.node());
  }

  /**
   * Returns the removal that makes a statement void, if there is one. What is known of a later run by hearsay says nothing against one
   * that is there itself.
   *
   * @param own whether it is a run's own statement about itself
   */
  @Nullable
  Update denial(Update update, boolean own) {
    tombstones.outdate(update);
    NodeId node = update.node();
    Update over = tombstones.over(node);
    boolean later = over != null && over.node().incarnation() > node.incarnation();
    boolean denied = later
        ? !own || tombstones.wasMet(node.authority())
        : over != null && over.refutation() >= update.refutation();
    return denied ? over : null;
  }

  /** Returns what was said of exactly this run of a node when it was removed, if it has not come back. */
  @Nullable
  Update removal(NodeId node) {
    Update over = tombstones.over(node);
    return over != null && over.node().equals(node) ? over : null;
  }

  /** Returns since when who is a member has not changed. */
  long changedNanos() {
    return changedNanos;
  }

  /** Tells whether a run is later than the member at its address. */
  boolean isOlder(int slot, NodeId next) {
    return local.members.node(slot).incarnation() < next.incarnation();
  }

  /** Tells whether a member makes room for a run that is met at its address. */
  private boolean yields(int slot, NodeId next) {
    return isOlder(slot, next)
        || (!local.members.isMet(slot) && !local.members.node(slot).equals(next));
  }

  private void replace(int slot, NodeId next, long nowNanos) {
    NodeId old = local.members.node(slot);
    if (old.incarnation()
        < next.incarnation()) { // else nobody has seen it, and nothing is to be remembered
      Update gone = new Update(Claim.LEFT, old, local.members.refutation(slot), List.of());
      tombstones.add(gone, local.members.isMet(slot), nowNanos);
    }
    remove(slot, nowNanos);
    local.out.note(GossipNote.Kind.LEFT, old, "another start of it has come: " + next);
  }

  private boolean mayAdd(NodeId node) {
    return node.incarnation() != NodeId.UNKNOWN
        && !node.authority().equals(local.self.authority())
        && !withheld.containsKey(node.authority())
        && local.size() < TopologyPublisher.LIMIT
        && local.members.find(node.authority()) == MemberTable.NONE;
  }

  private void add(NodeId node, int refutation, long nowNanos) {
    publication.changed(node.authority(), Optional.empty(), nowNanos);
    local.members.add(node, refutation);
    prober.offer(node, nowNanos);
    changedNanos = nowNanos;
    local.out.note(GossipNote.Kind.JOINED, node, "");
  }

  private void remove(int slot, long nowNanos) {
    NodeId node = local.members.node(slot);
    publication.changed(node.authority(), Optional.of(node), nowNanos);
    inquest.forget(node);
    spread.forget(node);
    prober.forget(node);
    local.members.remove(slot);
    changedNanos = nowNanos;
  }

  // Publishing.

  /** Tells, once after each change, whether others should be asked before what has gathered is published. */
  boolean asks(long nowNanos) {
    boolean asks = local.settings.certified() && publication.asks(nowNanos);
    if (asks) {
      publication.asked();
    }
    return asks;
  }

  /** Publishes what has gathered, if it is time. */
  void onTime(long nowNanos) {
    if (publication.isWaiting() && nowNanos - publication.dueNanos() >= 0) {
      List<NodeId> joined = new ArrayList<>();
      List<NodeId> left = new ArrayList<>();
      List<NodeId> lost = new ArrayList<>();
      publication.take(local.members, joined, left, lost);
      if (!joined.isEmpty() || !left.isEmpty()) {
        local.out.publish(joined, left, lost);
        spread.published();
      }
    }
  }

  /** Others have published what changed. */
  void published() {
    if (!publication.isWaiting()) {
      spread.published();
    }
  }

  /** Returns the earlier of a deadline and the moment when others are to be asked or something is to be published. */
  long deadlineNanos(long otherNanos) {
    if (!publication.isWaiting()) {
      return otherNanos;
    }
    boolean mayAsk = local.settings.certified();
    return Local.earlier(otherNanos, mayAsk ? publication.nextNanos() : publication.dueNanos());
  }
}
