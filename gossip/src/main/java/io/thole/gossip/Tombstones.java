package io.thole.gossip;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.Update.Claim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Who is no member any more, so that nobody's old word brings them back, and how often each came back, so that one that comes and
 * goes is let in ever later. Bounded; the oldest are forgotten first. For one thread.
 */
final class Tombstones {
  /** As many as a view may have. */
  static final int LIMIT = 10_000;

  /** How long a removal is remembered: longer than any message is under way, and than most partitions last. */
  static final long KEPT_NANOS = 24 * 3_600 * 1_000_000_000L;

  /** How long the dead are still told what is said of them, in case they are not (memberlist's GossipToTheDeadTime). */
  static final long FRESH_NANOS = 30_000_000_000L;

  /** How many of these are told: the latest. */
  private static final int MOST_FRESH = 1_000;

  private static final long FLAP_NANOS = 600_000_000_000L;
  private static final long FIRST_WAIT_NANOS = 2_000_000_000L;
  private static final long LONGEST_WAIT_NANOS = 300_000_000_000L;

  private final Map<Authority, Stone> stones = new LinkedHashMap<>();
  private final List<Authority> absent = new ArrayList<>(); // of these, who may be alive
  private final List<NodeId> fresh = new ArrayList<>();
  private final List<Long> freshSince = new ArrayList<>();

  /** What is remembered of one address. */
  private static final class Stone {
    Update last; // what was said when it was removed
    long atNanos;
    int removals; // of one run, close together
    boolean back;
    boolean met; // the run itself, here: only such a one says anything of those before it
    boolean told; // by itself, over its own link: whatever else is said of this run is older
    boolean silent; // nobody was told of it here

    Stone(Update last, long nowNanos) {
      this.last = last;
      this.atNanos = nowNanos;
    }
  }

  /**
   * A member was removed.
   *
   * @param met whether it was met here, or had only been heard of
   */
  void add(Update verdict, boolean met, long nowNanos) {
    Authority address = verdict.node().authority();
    Stone before = stones.remove(address);
    Stone stone = new Stone(verdict, nowNanos);
    stone.met = met;
    if (before != null
        && verdict.claim() == Claim.DEAD
        && before.last.node().equals(verdict.node())
        && nowNanos - before.atNanos < FLAP_NANOS) {
      stone.removals = before.removals + 1;
    }
    absent.remove(address);
    absent.add(address); // also who left: it may be back, with seeds that are gone
    if (verdict.claim() == Claim.DEAD) {
      fresh.add(verdict.node());
      freshSince.add(nowNanos);
      if (fresh.size() > MOST_FRESH) {
        fresh.remove(0);
        freshSince.remove(0);
      }
    }
    bury(stone);
  }

  /** Somebody may be at an address again who was taken out there, and is looked for; nothing is held against anyone. */
  void seek(Update last, long nowNanos) {
    Authority address = last.node().authority();
    if (!stones.containsKey(address)) {
      Stone stone = new Stone(last, nowNanos);
      stone.back = true;
      bury(stone);
    }
    missAt(address);
  }

  private void missAt(Authority address) {
    if (!absent.contains(address)) {
      absent.add(address);
    }
  }

  /** A run has said itself, over its own link, that it leaves: nobody's word brings it back. */
  void told(NodeId node) {
    Stone stone = stones.get(node.authority());
    if (stone != null && stone.last.node().equals(node)) {
      stone.met = true;
      stone.told = true;
      stone.silent = true;
    }
  }

  /**
   * Something is said of a run that has said itself that it leaves: that was before, and its removal is known by a number that holds
   * against it from now on.
   */
  void outdate(Update update) {
    Stone stone = stones.get(update.node().authority());
    if (stone != null
        && stone.told
        && stone.last.node().equals(update.node())
        && stone.last.refutation() < update.refutation()) {
      stone.last = new Update(Claim.LEFT, update.node(), update.refutation(), List.of());
    }
  }

  /**
   * Of one who is no member something was said that is worse than what is known.
   *
   * @return whether that is news
   */
  boolean raise(Update verdict, long nowNanos) {
    Stone stone = stones.get(verdict.node().authority());
    if (stone == null) {
      bury(new Stone(verdict, nowNanos));
      missAt(verdict.node().authority());
      return true;
    }
    if (stone.last.node().incarnation() < verdict.node().incarnation()
        || (stone.last.node().equals(verdict.node())
            && (stone.back
                || stone.last.refutation() < verdict.refutation()
                || (stone.silent
                    && verdict.claim() == Claim.LEFT
                    && stone.last.refutation() == verdict.refutation())))) {
      boolean same = stone.last.node().equals(verdict.node());
      stone.met = stone.met && same;
      stone.told = stone.told && same;
      stone.last = verdict;
      stone.back = false;
      stone.silent = false;
      missAt(verdict.node().authority());
      return true;
    }
    return false;
  }

  private void bury(Stone stone) {
    stones.put(stone.last.node().authority(), stone);
    if (stones.size() > LIMIT) {
      Iterator<Authority> oldest = stones.keySet().iterator();
      absent.remove(oldest.next());
      oldest.remove();
    }
  }

  /**
   * A member is back: it is remembered only so that it is let in later the next time. What is remembered of a run before it stands:
   * this one may be nothing but hearsay.
   */
  void back(NodeId node) {
    Stone stone = stones.get(node.authority());
    if (stone != null) {
      stone.back |= stone.last.node().incarnation() >= node.incarnation();
      absent.remove(node.authority());
      int place = fresh.indexOf(stone.last.node());
      if (place >= 0) {
        fresh.remove(place);
        freshSince.remove(place);
      }
    }
  }

  /** Returns what was said when this run, or a later one at its address, was removed, if it has not come back since. */
  @Nullable
  Update over(NodeId node) {
    Stone stone = stones.get(node.authority());
    return stone != null && !stone.back && stone.last.node().incarnation() >= node.incarnation()
        ? stone.last
        : null;
  }

  /** Tells whether the run that was removed last at an address had been met here. */
  boolean wasMet(Authority address) {
    Stone stone = stones.get(address);
    return stone != null && stone.met;
  }

  /** Returns with which refutation this run was removed last; 0 if it never was. */
  int refutation(NodeId node) {
    Stone stone = stones.get(node.authority());
    return stone != null && stone.last.node().equals(node) ? stone.last.refutation() : 0;
  }

  /** Tells whether a run that was removed may come back: at once the first time, then ever later. */
  boolean mayReturn(NodeId node, long nowNanos) {
    Stone stone = stones.get(node.authority());
    if (stone == null || stone.removals == 0 || !stone.last.node().equals(node)) {
      return true;
    }
    long wait = FIRST_WAIT_NANOS << Math.min(stone.removals - 1, 10);
    return nowNanos - stone.atNanos >= Math.min(wait, LONGEST_WAIT_NANOS);
  }

  /** Returns someone who was declared dead a short while ago. */
  @Nullable
  NodeId fresh(SplittableRandom random, int among, int share, long nowNanos) {
    while (!fresh.isEmpty() && nowNanos - freshSince.get(0) > FRESH_NANOS) {
      fresh.remove(0);
      freshSince.remove(0);
    }
    if (fresh.isEmpty()) {
      return null;
    }
    boolean drawn = random.nextInt(among) < Math.min(fresh.size(), among / share);
    return drawn ? fresh.get(random.nextInt(fresh.size())) : null;
  }

  /** Returns addresses to try, of those who were taken out and have not come back: ever others, until all had their turn. */
  List<Authority> absent(int most, long nowNanos) {
    forgetOld(nowNanos);
    List<Authority> next = List.copyOf(absent.subList(0, Math.min(most, absent.size())));
    Collections.rotate(absent, -next.size());
    return next;
  }

  private void forgetOld(long nowNanos) {
    Iterator<Stone> oldest = stones.values().iterator();
    while (oldest.hasNext()) {
      Stone stone = oldest.next();
      if (nowNanos - stone.atNanos < KEPT_NANOS) {
        return;
      }
      absent.remove(stone.last.node().authority());
      oldest.remove();
    }
  }

  /** Returns how many are remembered. */
  int size() {
    return stones.size();
  }
}
