package io.thole.gossip;

import static io.thole.gossip.Local.earlier;

import io.thole.api.NodeId;
import io.thole.gossip.Update.Accuser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is suspected, by whom, and when enough is known for a verdict. A verdict needs accusers: members that are not suspected
 * themselves and found the suspect silent, or its port closed, of their own experience. For one thread.
 *
 * @see <a href="https://arxiv.org/abs/1707.00788">Lifeguard, LHA-Suspicion</a>
 */
final class Inquest {
  /**
   * The shortest suspicion, in periods: with half a period until somebody is accused, a process may stand still for nearly two
   * in the smallest cluster, too.
   */
  private static final double LEAST_SUSPICION = 1.4;

  /** Two who found its port closed are enough: that is no silence, but an answer of its host. */
  private static final int GONE_ACCUSERS = 2;

  /** Is told what is due. */
  @FunctionalInterface
  interface Verdict {
    /** A suspect is to be declared dead. */
    void onDeath(Suspicion suspicion, long nowNanos);
  }

  private final Local local;
  private final Spread spread;
  private final Prober prober;
  private final Map<NodeId, Suspicion> suspicions;

  Inquest(Local local, Spread spread, Prober prober, Map<NodeId, Suspicion> suspicions) {
    this.local = local;
    this.spread = spread;
    this.prober = prober;
    this.suspicions = suspicions;
  }

  // What is said.

  /** Takes an accusation of a member, whose refutation it names or more. */
  void accuse(int slot, Update update, long nowNanos, Verdict verdict) {
    NodeId node = update.node();
    local.members.refute(slot, update.refutation());
    Suspicion suspicion = suspicions.get(node);
    boolean begins = false;
    boolean watched = false;
    if (suspicion == null || suspicion.refutation() < update.refutation()) {
      begins = true;
      watched = prober.drop(node);
      suspicion = begin(slot, update, nowNanos);
    }
    if (addAll(suspicion, update.accusers()) || begins) {
      suspicion.expireAt(expiryNanos(suspicion));
      spread.tell(suspicion.update());
      if (watched && !update.accusedBy(local.self)) {
        prober.probe(node, nowNanos); // whoever watches it says what it sees for itself
      }
      if (local.settings.certified() && areGone(suspicion.accusers(), node)) {
        verdict.onDeath(suspicion, nowNanos);
      }
    }
  }

  private Suspicion begin(int slot, Update update, long nowNanos) {
    NodeId node = update.node();
    Suspicion suspicion = new Suspicion(node, update.refutation(), nowNanos);
    suspicion.lookAt(nowNanos + local.settings.probePeriodNanos());
    boolean told = suspicions.put(node, suspicion) != null;
    local.members.suspect(slot, true);

    if (!told) {
      local.out.note(GossipNote.Kind.SUSPECTED, node, "by " + update.accusersText());
    }
    return suspicion;
  }

  private boolean addAll(Suspicion suspicion, List<Accuser> accusers) {
    GossipSettings settings = local.settings;
    boolean news = false;
    for (int i = 0; i < accusers.size(); i++) {
      boolean room = settings.certified() || suspicion.accusers().size() <= settings.accusers();
      boolean decays = settings.suspicionGrowth() > 1 || suspicion.accusers().isEmpty();
      Accuser accuser = accusers.get(i);
      if (settings.certified()
          && !suspicion.isAccusedBy(accuser.node())
          && counts(accuser.node(), suspicion.node())) {
        suspicion.makeRoom(other -> !counts(other.node(), suspicion.node()));
      }
      news |= room && decays && suspicion.accuse(accuser);
    }
    return news;
  }

  /** A suspect has refuted. */
  void acquit(int slot, long nowNanos) {
    NodeId node = local.members.node(slot);
    if (suspicions.remove(node) != null) {
      local.members.suspect(slot, false);
      prober.offer(node, nowNanos);
      local.out.note(GossipNote.Kind.RECOVERED, node, "it has refuted");
    }
  }

  /** A member has gone. */
  void forget(NodeId node) {
    suspicions.remove(node);
  }

  /** Returns what is said of a suspect. */
  Optional<Update> accusation(NodeId node) {
    return Optional.ofNullable(suspicions.get(node)).map(Suspicion::update);
  }

  /** Returns who is suspected. */
  Set<NodeId> suspects() {
    return suspicions.keySet();
  }

  /** A suspect has shown that it is alive, but has not refuted: it has more time to. */
  void onAlive(NodeId node, long nowNanos) {
    Suspicion suspicion = suspicions.isEmpty() ? null : suspicions.get(node);
    if (suspicion != null) {
      suspicion.notBefore(nowNanos + leastNanos());
    }
  }

  boolean suspects(NodeId node) {
    return suspicions.containsKey(node);
  }

  // Time.

  /** Looks which suspicions have run out. */
  void onTime(long nowNanos, Verdict verdict) {
    if (deadlineNanos(nowNanos + 1) - nowNanos > 0) {
      return;
    }
    for (Suspicion suspicion : List.copyOf(suspicions.values())) {
      if (suspicions.get(suspicion.node()) == suspicion) { // no verdict on another took it along
        judge(suspicion, nowNanos, verdict);
      }
    }
  }

  private void judge(Suspicion suspicion, long nowNanos, Verdict verdict) {
    GossipSettings settings = local.settings;
    if (settings.certified() && nowNanos - suspicion.lookNanos() >= 0) {
      look(suspicion, nowNanos);
    }
    if (nowNanos - suspicion.deadlineNanos() < 0) {
      return;
    }
    boolean deaf = settings.certified() && !local.hears(nowNanos - local.hearing.gapNanos());
    if (deaf || !local.member) { // a client waits for the word of members
      suspicion.expireAt(nowNanos + settings.gossipPeriodNanos());
    } else if (settings.certified()
        && valid(suspicion.accusers(), suspicion.node()) < needed(suspicion.node())) {
      // Nobody dies on too few words: others look for themselves.
      suspicion.expireAt(nowNanos + settings.probePeriodNanos());
    } else {
      verdict.onDeath(suspicion, nowNanos);
    }
  }

  /** Where too few accuse, and those who watch may be gone as well, as many look for themselves as it takes. */
  private void look(Suspicion suspicion, long nowNanos) {
    suspicion.lookAt(nowNanos + local.settings.probePeriodNanos());
    suspicion.expireAt(expiryNanos(suspicion)); // fewer may be left who could accuse
    int sound = Math.max(1, local.members.size() - local.members.suspected());
    int needed = needed(suspicion.node());
    boolean enough = valid(suspicion.accusers(), suspicion.node()) >= needed;
    if (!enough && suspicion.update().accusedBy(local.self)) {
      spread.tell(suspicion.update()); // those who accuse as well may not have heard of it
    } else if (!enough && local.random.nextInt(sound) < 2 * needed) {
      prober.probe(suspicion.node(), nowNanos);
    }
  }

  /** What was suspected before a silence of this node's own is looked at again before it counts. */
  void endSilence(long nowNanos) {
    long againNanos = nowNanos + leastNanos();
    suspicions.values().forEach(suspicion -> suspicion.notBefore(againNanos));
  }

  /** This node stood still for so long: every suspicion has so much longer. */
  void shift(long nanos) {
    suspicions.values().forEach(suspicion -> suspicion.shift(nanos));
  }

  /** Returns the earlier of a deadline and the moment when a suspicion is to be looked at. */
  long deadlineNanos(long otherNanos) {
    if (suspicions.isEmpty()) {
      return otherNanos;
    }
    long next = otherNanos;
    for (Suspicion suspicion : suspicions.values()) {
      next = earlier(next, suspicion.deadlineNanos());
      if (local.settings.certified()) {
        next = earlier(next, suspicion.lookNanos());
      }
    }
    return next;
  }

  /** Lifeguard's decay: the more independent accusers, the sooner. */
  private long expiryNanos(Suspicion suspicion) {
    GossipSettings settings = local.settings;
    double least = leastNanos();
    double most = least * settings.suspicionGrowth();
    int confirmations = Math.max(0, suspicion.accusers().size() - 1);
    int enough = settings.certified() ? needed(suspicion.node()) - 1 : settings.accusers();
    if (!settings.certified() && local.members.size() - 1 < enough) {
      enough = 0; // nobody could confirm
    }
    double part = enough == 0 ? 1 : Math.log(confirmations + 1) / Math.log(enough + 1);
    return suspicion.sinceNanos() + (long) Math.max(least, most - (most - least) * part);
  }

  /** Grows with the cluster, as a rumour takes longer, and with the loss that this node's own probes see. */
  private long leastNanos() {
    GossipSettings settings = local.settings;
    double least = settings.certified() ? LEAST_SUSPICION : 1;
    return (long) (settings.suspicionFactor()
        * Math.max(least, Math.log10(Math.max(1, local.size())))
        * settings.probePeriodNanos()
        * (settings.certified() ? 1 + 2 * prober.loss() : 1));
  }

  // Verdicts.

  /** Tells whether a death that somebody reports stands on enough accusers whom this node knows. */
  boolean isCertified(Update death) {
    return !local.settings.certified()
        || valid(death.accusers(), death.node()) >= needed(death.node())
        || areGone(death.accusers(), death.node());
  }

  /** Returns how many accusers count: members that are not suspected themselves. */
  private int valid(List<Accuser> accusers, NodeId suspect) {
    int count = 0;
    for (int i = 0; i < accusers.size(); i++) {
      count += counts(accusers.get(i).node(), suspect) ? 1 : 0;
    }
    return count;
  }

  /** Tells whether enough found the port closed: one, where there is nobody else. */
  private boolean areGone(List<Accuser> accusers, NodeId suspect) {
    int count = 0;
    for (int i = 0; i < accusers.size(); i++) {
      Accuser accuser = accusers.get(i);
      count += accuser.gone() && counts(accuser.node(), suspect) ? 1 : 0;
    }
    return count >= Math.min(GONE_ACCUSERS, sound(suspect) + 1);
  }

  private boolean counts(NodeId accuser, NodeId suspect) {
    if (accuser.equals(local.self)) {
      return true;
    }
    int slot = local.members.find(accuser);
    return slot != MemberTable.NONE && !local.members.isSuspect(slot) && !accuser.equals(suspect);
  }

  /** Returns how many accusers a verdict needs: fewer where fewer are left who could accuse. */
  private int needed(NodeId suspect) {
    return Math.max(1, Math.min(local.settings.accusers(), sound(suspect)));
  }

  /** Returns how many others are not suspected, the suspect in question left aside. */
  private int sound(NodeId suspect) {
    MemberTable members = local.members;
    int slot = members.find(suspect);
    boolean counted = slot != MemberTable.NONE && !members.isSuspect(slot);
    return members.size() - members.suspected() - (counted ? 1 : 0);
  }
}
