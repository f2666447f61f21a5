package io.thole.container.flood;

import java.util.BitSet;

/**
 * What one subscriber has of one publisher, which numbers its messages 1, 2, 3 …: a bit for each, so that ten million of them fit into
 * a megabyte. For one thread at a time.
 */
public final class FloodCheck {
  private final BitSet seen = new BitSet();
  private final int count;
  private int last;
  private long duplicated;
  private long reordered;
  private long foreign;

  /**
   * Begins with nothing.
   *
   * @param count how many there are to be
   */
  public FloodCheck(int count) {
    this.count = count;
  }

  /** Takes the next message. */
  public void take(long number) {
    if (number < 1 || number > count) {
      foreign++;
    } else if (seen.get((int) number)) {
      duplicated++;
    } else {
      reordered += number < last ? 1 : 0;
      last = Math.max(last, (int) number);
      seen.set((int) number);
    }
  }

  /** Returns what was found, in words; it reads as {@link #clean} says where all was as it must be. */
  public String verdict() {
    return "handled=" + seen.cardinality() + " lost=" + (count - seen.cardinality())
        + " duplicated=" + duplicated + " reordered=" + reordered + " foreign=" + foreign;
  }

  /** Returns the verdict on a subscriber that has each of so many messages once and in order. */
  public static String clean(int count) {
    return "handled=" + count + " lost=0 duplicated=0 reordered=0 foreign=0";
  }
}
