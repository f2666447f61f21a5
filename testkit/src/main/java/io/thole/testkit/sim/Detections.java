package io.thole.testkit.sim;

import io.thole.gossip.GossipNote;
import java.util.BitSet;

/** When the loss of each of some nodes was seen by the first observer, and by the last. */
final class Detections implements Watcher {
  private final boolean byNotes;
  private final int[] victims;
  private final BitSet observers;
  private final long beganNanos;
  private final BitSet[] seen;
  private final double[] first;
  private final double[] full;

  /**
   * Begins to watch.
   *
   * @param byNotes whether a loss is seen when it is noted, else when it is published
   * @param victims who is lost
   * @param observers who is to see it
   * @param beganNanos the time from which is counted
   */
  Detections(boolean byNotes, int[] victims, BitSet observers, long beganNanos) {
    this.byNotes = byNotes;
    this.victims = victims.clone();
    this.observers = observers;
    this.beganNanos = beganNanos;
    seen = new BitSet[victims.length];
    first = new double[victims.length];
    full = new double[victims.length];
    for (int i = 0; i < victims.length; i++) {
      seen[i] = new BitSet();
      first[i] = Double.POSITIVE_INFINITY;
      full[i] = Double.POSITIVE_INFINITY;
    }
  }

  @Override
  public void onNote(int node, GossipNote note, int about, long nowNanos) {
    if (byNotes && note.kind() == GossipNote.Kind.DIED) {
      see(node, about, nowNanos);
    }
  }

  @Override
  public void onPublished(int node, boolean joined, int about, long nowNanos) {
    if (!byNotes && !joined) {
      see(node, about, nowNanos);
    }
  }

  private void see(int node, int about, long nowNanos) {
    if (!observers.get(node)) {
      return;
    }
    for (int i = 0; i < victims.length; i++) {
      if (victims[i] == about && !seen[i].get(node)) {
        seen[i].set(node);
        double seconds = (nowNanos - beganNanos) / 1e9;
        first[i] = Math.min(first[i], seconds);
        full[i] = seen[i].equals(observers) ? seconds : full[i];
      }
    }
  }

  /** Tells whether every loss was seen by all. */
  boolean complete() {
    for (double seconds : full) {
      if (Double.isInfinite(seconds)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the seconds until the first saw it, for each victim; infinite where nobody did. */
  double[] first() {
    return first.clone();
  }

  /** Returns the seconds until the last saw it, for each victim; infinite where somebody did not. */
  double[] full() {
    return full.clone();
  }
}
