package io.thole.gossip;

/**
 * How well this node itself seems to be (Lifeguard's local health multiplier): what it fails to hear counts against it first, so
 * that it gives others more time. For one thread.
 *
 * @see <a href="https://arxiv.org/abs/1707.00788">Lifeguard, LHA-Probe</a>
 */
final class LocalHealth {
  private static final int WORST = 8; // the paper's S

  private final boolean used;
  private int score;

  LocalHealth(boolean used) {
    this.used = used;
  }

  /** Something went well. */
  void improve() {
    score = Math.max(0, score - 1);
  }

  /** Something went wrong that may be this node's fault. */
  void worsen(int by) {
    score = Math.min(WORST, score + by);
  }

  /** Returns by what periods and time-outs are multiplied: 1 where all is well. */
  int multiplier() {
    return used ? score + 1 : 1;
  }
}
