package io.thole.testkit.sim;

import io.thole.gossip.GossipNote;
import java.util.BitSet;

/** Counts failures that were noted of members which were well. */
final class FalsePositives implements Watcher {
  private final BitSet well;
  private long anywhere;
  private long atTheWell;

  /**
   * Begins to count.
   *
   * @param well who is well all the time
   */
  FalsePositives(BitSet well) {
    this.well = well;
  }

  @Override
  public void onNote(int node, GossipNote note, int about, long nowNanos) {
    if (note.kind() == GossipNote.Kind.DIED && about >= 0 && well.get(about)) {
      anywhere++;
      atTheWell += well.get(node) ? 1 : 0;
    }
  }

  /** Returns how many were noted by anyone: the paper's FP. */
  long anywhere() {
    return anywhere;
  }

  /** Returns how many were noted by members that were well: the paper's FP−. */
  long atTheWell() {
    return atTheWell;
  }
}
