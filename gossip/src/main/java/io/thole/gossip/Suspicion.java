package io.thole.gossip;

import io.thole.api.NodeId;
import io.thole.gossip.Update.Accuser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One suspicion: who is suspected, since when, and by whom. Confined to its engine. */
final class Suspicion {
  /** More accusers than this say nothing more. */
  static final int MOST_ACCUSERS = 6;

  private final NodeId node;
  private final int refutation;
  private final List<Accuser> accusers = new ArrayList<>();
  private long sinceNanos;
  private long floorNanos;
  private long deadlineNanos;
  private long lookNanos;

  Suspicion(NodeId node, int refutation, long sinceNanos) {
    this.node = node;
    this.refutation = refutation;
    this.sinceNanos = sinceNanos;
    this.floorNanos = sinceNanos;
  }

  NodeId node() {
    return node;
  }

  int refutation() {
    return refutation;
  }

  List<Accuser> accusers() {
    return accusers;
  }

  long sinceNanos() {
    return sinceNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Returns when this node looks whether too few accuse. */
  long lookNanos() {
    return lookNanos;
  }

  void lookAt(long nanos) {
    lookNanos = nanos;
  }

  /** Sets when it expires, but not before what {@link #notBefore} has said. */
  void expireAt(long nanos) {
    deadlineNanos = nanos - floorNanos < 0 ? floorNanos : nanos;
  }

  /** Whatever the accusers say, it does not expire before. */
  void notBefore(long nanos) {
    floorNanos = nanos - floorNanos < 0 ? floorNanos : nanos;
    expireAt(deadlineNanos);
  }

  /** The node that suspects stood still for so long. */
  void shift(long nanos) {
    sinceNanos += nanos;
    floorNanos += nanos;
    deadlineNanos += nanos;
  }

  /** Returns whether this accuser, or this class of evidence of it, is news. */
  boolean accuse(Accuser accuser) {
    for (int i = 0; i < accusers.size(); i++) {
      Accuser known = accusers.get(i);
      if (known.node().equals(accuser.node())) {
        boolean stronger = accuser.gone() && !known.gone();
        if (stronger) {
          accusers.set(i, accuser);
        }
        return stronger;
      }
    }
    return accusers.size() < MOST_ACCUSERS && accusers.add(accuser);
  }

  boolean isAccusedBy(NodeId accuser) {
    for (int i = 0; i < accusers.size(); i++) {
      if (accusers.get(i).node().equals(accuser)) {
        return true;
      }
    }
    return false;
  }

  /** Makes room for an accuser: where there is none, one whose word is void goes. */
  void makeRoom(Predicate<Accuser> isVoid) {
    if (accusers.size() == MOST_ACCUSERS) {
      for (int i = 0; i < accusers.size(); i++) {
        if (isVoid.test(accusers.get(i))) {
          accusers.remove(i);
          return;
        }
      }
    }
  }

  Update update() {
    return new Update(Update.Claim.SUSPECT, node, refutation, accusers);
  }
}
