package io.thole.pubsub;

import io.thole.api.pubsub.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of single messages of a peer that it is to be told, in the order in which they came up. They lie in arrays: one that waits for a
 * peer that takes none costs what it says, and no object. Any thread; one at a time fetches.
 */
final class Outcomes {
  /** What one takes, with its part of what holds it. */
  static final int BYTES = 16;

  /** What a reason takes beside its characters: a string, a number and an entry. */
  private static final int REASON_BYTES = 144;

  /** Said in the place of a reason for which there is no room: with none, it would say that the handler threw. */
  static final String NOT_KEPT = "why is not known any more: too much waits to be told";

  private static final int BLOCK = 256;
  private static final byte NO_REASON = 0;
  private static final byte REASON = 1;
  private static final byte LOST_REASON = 2;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Block> blocks = new ArrayDeque<>(); // these under the lock
  private final Map<Long, String> reasons = new HashMap<>(); // by how many came before
  private long added;
  private long fetched;
  private long said;
  private @Nullable Block spare;

  /** Some that follow each other. */
  private static final class Block {
    private final long[] publications = new long[BLOCK];
    private final int[] places = new int[BLOCK];
    private final byte[] outcomes = new byte[BLOCK];
    private final byte[] reasoned = new byte[BLOCK];
  }

  /** Returns what a reason takes. */
  static int bytes(String reason) {
    return reason.isEmpty() || reason.equals(NOT_KEPT) ? 0 : REASON_BYTES + reason.length();
  }

  /**
   * Adds one; whoever does has taken {@link #BYTES} for it.
   *
   * @param kept whether {@link #bytes} were taken for its reason
   */
  void add(long publication, int place, Outcome outcome, String reason, boolean kept) {
    lock.lock();
    try {
      int at = (int) (added % BLOCK);
      if (at == 0) {
        blocks.add(spare == null ? new Block() : spare);
        spare = null;
      }
      Block block = blocks.getLast();
      block.publications[at] = publication;
      block.places[at] = place;
      block.outcomes[at] = PeerMessage.Fields.code(outcome);
      if (reason.isEmpty()) {
        block.reasoned[at] = NO_REASON;
      } else if (kept && bytes(reason) > 0) {
        block.reasoned[at] = REASON;
        reasons.put(added, reason);
      } else {
        block.reasoned[at] = LOST_REASON;
      }
      added++;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the first ones, as many as one message tells. */
  List<PeerMessage.Ended> next() {
    lock.lock();
    try {
      List<PeerMessage.Ended> next =
          new ArrayList<>((int) Math.min(PeerMessage.OUTCOMES, added - fetched));
      while (fetched < added && next.size() < PeerMessage.OUTCOMES) {
        int at = (int) (fetched % BLOCK);
        Block block = blocks.getFirst();
        next.add(new PeerMessage.Ended(
            block.publications[at],
            block.places[at],
            PeerMessage.Fields.outcome(block.outcomes[at]).orElseThrow(),
            reason(block.reasoned[at])));
        fetched++;
        if (fetched % BLOCK == 0) {
          spare = blocks.remove();
        }
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private String reason(byte reasoned) {
    if (reasoned == NO_REASON) {
      return "";
    }
    String kept = reasons.remove(fetched);
    return kept == null ? NOT_KEPT : kept;
  }

  /** So many of those that were fetched were said. */
  void said(int count) {
    lock.lock();
    try {
      said += count;
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether all were said: a stop that waits for that must not miss those that are just being said. */
  boolean isEmpty() {
    lock.lock();
    try {
      return said >= added;
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      blocks.clear();
      reasons.clear();
      added = 0;
      fetched = 0;
      said = 0;
    } finally {
      lock.unlock();
    }
  }
}
