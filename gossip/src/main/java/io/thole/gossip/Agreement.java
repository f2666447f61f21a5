package io.thole.gossip;

import io.thole.api.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Who has published the same view as this node. Nodes with the same view sort it alike, so a bit for each member, at its place in
 * the order of hashes, says who is known to have it; these sets travel and merge by union, and are complete after about as many
 * rounds as a rumour takes. For one thread.
 */
final class Agreement {
  private long view;
  private long[] words = {};
  private long lastMask; // of the bits of the last word that stand for somebody
  private int sendsLeft;

  /**
   * This node has published another view: nobody is known to agree.
   *
   * @param self this node, if it is one of them
   * @param sends how often what is known is passed on
   */
  void onPublished(long viewHash, NodeId self, boolean member, MemberTable others, int sends) {
    view = viewHash;
    int places = others.size() + (member ? 1 : 0);
    words = new long[(places + 63) / 64];
    lastMask = places % 64 == 0 ? ~0L : (1L << places % 64) - 1;
    if (member) {
      long own = NodeHash.of(self);
      int rank = 0;
      for (int slot = 0; slot < others.size(); slot++) {
        rank += NodeHash.of(others.node(slot)) < own ? 1 : 0;
      }
      words[rank >> 6] |= 1L << rank;
      sendsLeft = others.size() == 0 ? 0 : sends;
    }
  }

  /** Another node tells whom it knows to agree; returns whether it should be told in turn. */
  boolean onAgreed(GossipMessage.Agreed agreed, int sends) {
    if (agreed.view() != view || agreed.words().size() != words.length) {
      return false;
    }
    boolean news = false;
    boolean lacks = false;
    for (int i = 0; i < words.length; i++) {
      long theirs = agreed.words().get(i) & (i < words.length - 1 ? ~0L : lastMask);
      lacks |= (words[i] & ~theirs) != 0;
      news |= (theirs & ~words[i]) != 0;
      words[i] |= theirs;
    }
    boolean quiet = sendsLeft == 0;
    if (news) {
      sendsLeft = sends;
    }
    return lacks && quiet && !news;
  }

  boolean isDue() {
    return sendsLeft > 0;
  }

  /** Returns what is passed on. */
  GossipMessage.Agreed tell(int sends) {
    sendsLeft = Math.max(0, sendsLeft - sends);
    List<Long> copy = new ArrayList<>(words.length);
    for (long word : words) {
      copy.add(word);
    }
    return new GossipMessage.Agreed(view, Collections.unmodifiableList(copy));
  }

  /** Returns how many are known to agree. */
  int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }
}
