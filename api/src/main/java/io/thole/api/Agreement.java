package io.thole.api;

/** How many of the members in a node's view are known to have the same view. */
public enum Agreement {
  /** Half of them or fewer: this node speaks for itself. */
  LOCAL,
  /** More than half of them. */
  MAJORITY,
  /** All of them. */
  ALL;

  /**
   * Returns what a count amounts to.
   *
   * @param agreeing how many members are known to agree, this node among them
   * @param members how many there are in this node's view
   */
  public static Agreement of(int agreeing, int members) {
    if (agreeing >= members) {
      return ALL;
    }
    return 2L * agreeing > members ? MAJORITY : LOCAL;
  }
}
