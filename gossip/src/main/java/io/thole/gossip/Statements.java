package io.thole.gossip;

import io.thole.api.NodeId;
import io.thole.gossip.Update.Accuser;
import java.util.List;

/**
 * What is made of what is said. Of two statements about one run of a node the one with the larger refutation counts; of two with
 * the same, the worse one. Deaths count as far as their accusers do. For one thread.
 */
final class Statements {
  /** By how many refutations at once a statement may go ahead of what is known: none but a lie needs more. */
  private static final int MOST_RAISED = 1 << 20;

  private final Local local;
  private final Spread spread;
  private final Inquest inquest;
  private final Register register;

  Statements(Local local, Spread spread, Inquest inquest, Register register) {
    this.local = local;
    this.spread = spread;
    this.inquest = inquest;
    this.register = register;
  }

  /**
   * Takes a statement. That there is, or was, a later run of a member, only that run itself can say: else any member could take out
   * another one for good by a number that it invents.
   *
   * @param from who says so
   * @param tell whether it is passed on if it is news that somebody is there
   */
  void take(NodeId from, Update update, boolean tell, long nowNanos) {
    NodeId node = update.node();
    if (!isPlausible(update)) {
      return;
    }
    if (node.authority().equals(local.self.authority())) {
      takeOfSelf(update);
      return;
    }
    boolean own = node.equals(from);
    int slot = local.members.find(node.authority());
    if (!own && slot != MemberTable.NONE && register.isOlder(slot, node)) {
      register.doubt(slot, nowNanos);
      return;
    }
    switch (update.claim()) {
      case ALIVE -> takeAlive(update, own, tell, nowNanos);
      case SUSPECT -> takeSuspect(update, nowNanos);
      case DEAD -> takeDead(update, nowNanos);
      case LEFT -> takeLeft(update, nowNanos);
    }
  }

  /** Nobody may use up the refutations of another by a few large words. */
  private boolean isPlausible(Update update) {
    int known = update.node().equals(local.self) ? local.refutation() : local.known(update.node());
    return update.refutation() - known <= MOST_RAISED;
  }

  /**
   * Whoever sends something says how often it has refuted; that is its own word.
   *
   * @param asks whether it may be answered: two that hold each other dead, and do not refute, would answer answers for ever
   */
  void takeRefutation(NodeId from, int theirs, boolean asks, long nowNanos) {
    int slot = local.members.find(from);
    if (slot != MemberTable.NONE) {
      local.members.meet(slot);
      if (theirs > local.members.refutation(slot)) {
        take(from, new Update(Update.Claim.ALIVE, from, theirs, List.of()), true, nowNanos);
      }
      return;
    }
    Update removal = register.removal(from);
    if (removal != null && theirs > removal.refutation()) {
      take(from, new Update(Update.Claim.ALIVE, from, theirs, List.of()), true, nowNanos);
    } else if (removal != null && asks) {
      local.send(from, new GossipMessage.Rumors(), List.of(removal)); // so that it can refute
    }
  }

  /** Returns what this node would say of a member. */
  Update known(int slot) {
    NodeId node = local.members.node(slot);
    return inquest
        .accusation(node)
        .orElseGet(
            () -> new Update(Update.Claim.ALIVE, node, local.members.refutation(slot), List.of()));
  }

  /** This node has found a member silent, or its port closed. */
  void accuse(NodeId node, boolean gone, long nowNanos) {
    if (local.member) {
      Accuser accuser = new Accuser(local.self, gone);
      takeSuspect(
          new Update(Update.Claim.SUSPECT, node, local.known(node), List.of(accuser)), nowNanos);
    }
  }

  /** Another node does not know a suspect. */
  void doubt(int slot, NodeId by, long nowNanos) {
    Accuser accuser = new Accuser(by, false);
    takeSuspect(
        new Update(
            Update.Claim.SUSPECT,
            local.members.node(slot),
            local.members.refutation(slot),
            List.of(accuser)),
        nowNanos);
  }

  /** A node has said itself that it leaves. */
  void takeFarewell(NodeId node, long nowNanos) {
    if (node.authority().equals(local.self.authority())) {
      return;
    }
    int slot = local.members.find(node);
    register.leave(
        slot, new Update(Update.Claim.LEFT, node, local.known(node), List.of()), nowNanos);
    if (slot != MemberTable.NONE) {
      local.out.note(GossipNote.Kind.LEFT, node, "it said so");
    }
  }

  /** A suspicion has run out. */
  void bury(Suspicion suspicion, long nowNanos) {
    if (local.member) {
      Update verdict = new Update(
          Update.Claim.DEAD, suspicion.node(), suspicion.refutation(), suspicion.accusers());
      die(local.members.find(suspicion.node()), verdict, nowNanos);
    }
  }

  /** Whatever is said against this node is refuted, by what is larger. */
  private void takeOfSelf(Update update) {
    if (!local.member || !update.node().equals(local.self)) {
      return;
    }
    boolean accused =
        update.claim() != Update.Claim.ALIVE && update.refutation() >= local.refutation();
    if (accused || update.refutation() > local.refutation()) {
      local.refute(update.refutation());
      spread.tell(local.alive());
      local.out.note(
          GossipNote.Kind.REFUTED,
          local.self,
          update.claim() + " said by " + update.accusersText());
    }
  }

  private void takeAlive(Update update, boolean own, boolean tell, long nowNanos) {
    NodeId node = update.node();
    MemberTable members = local.members;
    int slot = members.find(node.authority());
    boolean news;
    if (slot == MemberTable.NONE || (own && register.supersede(slot, update, nowNanos))) {
      news = register.join(update, own, nowNanos);
    } else {
      news = members.node(slot).incarnation() == node.incarnation()
          && update.refutation() > members.refutation(slot);
      if (news) {
        members.refute(slot, update.refutation());
        inquest.acquit(slot, nowNanos);
      }
    }
    if (own) {
      register.meet(node);
    }
    if (news && tell) {
      spread.tell(update);
    } else if (news) {
      spread.forget(node); // whatever was passed on about it is older
    }
  }

  private void takeSuspect(Update update, long nowNanos) {
    int slot = current(update);
    if (slot != MemberTable.NONE) {
      inquest.accuse(slot, update, nowNanos, this::bury);
    }
  }

  private void takeDead(Update update, long nowNanos) {
    int slot = current(update);
    if (inquest.isCertified(update)) {
      if (slot != MemberTable.NONE) {
        die(slot, update, nowNanos);
      } else if (local.members.find(update.node()) == MemberTable.NONE) {
        register.remember(update, nowNanos);
      }
    } else if (slot != MemberTable.NONE) {
      Update accusation =
          new Update(Update.Claim.SUSPECT, update.node(), update.refutation(), update.accusers());
      inquest.accuse(slot, accusation, nowNanos, this::bury);
    }
  }

  private void takeLeft(Update update, long nowNanos) {
    int slot = current(update);
    if (slot != MemberTable.NONE) {
      register.bury(slot, update, nowNanos);
      local.out.note(GossipNote.Kind.LEFT, update.node(), "it said so");
    } else if (local.members.find(update.node()) == MemberTable.NONE) {
      register.remember(update, nowNanos);
    }
  }

  /** Returns the slot of the member of which something is said that is not void; or none. */
  private int current(Update update) {
    int slot = local.members.find(update.node());
    boolean stale =
        slot != MemberTable.NONE && update.refutation() < local.members.refutation(slot);
    return stale ? MemberTable.NONE : slot;
  }

  private void die(int slot, Update verdict, long nowNanos) {
    register.bury(slot, verdict, nowNanos);
    local.out.note(GossipNote.Kind.DIED, verdict.node(), "accused by " + verdict.accusersText());
  }
}
