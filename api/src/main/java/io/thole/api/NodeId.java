package io.thole.api;

/**
 * One run of one node: its address and the number of that start. A restart on the same port is another node.
 *
 * @param authority where the node is
 * @param incarnation larger for later starts; {@link #UNKNOWN} where only the address is known, as in a static list
 */
public record NodeId(Authority authority, long incarnation) implements Comparable<NodeId> {
  /** The incarnation of an entry whose node has not been met yet; learning it is no event. */
  public static final long UNKNOWN = 0;

  /**
   * Checks the incarnation.
   *
   * @throws IllegalArgumentException if the incarnation is negative
   */
  public NodeId {
    if (incarnation < 0) {
      throw new IllegalArgumentException("incarnation " + incarnation + " is negative");
    }
  }

  /**
   * Returns the node at an address, of whichever start.
   *
   * @param authority where the node is
   * @return an id with incarnation {@link #UNKNOWN}
   */
  public static NodeId at(Authority authority) {
    return new NodeId(authority, UNKNOWN);
  }

  /**
   * Tells whether both may be the same run: the same address, and no two different incarnations.
   *
   * @param other the other id
   * @return true if nothing known tells them apart
   */
  public boolean matches(NodeId other) {
    return authority.equals(other.authority)
        && (incarnation == other.incarnation
            || incarnation == UNKNOWN
            || other.incarnation == UNKNOWN);
  }

  /** Returns {@code host:port}, followed by {@code #} and the incarnation in hexadecimal where it is known. */
  @Override
  public String toString() {
    return incarnation == UNKNOWN
        ? authority.toString()
        : authority + "#" + Long.toHexString(incarnation);
  }

  /** Orders by address, then by incarnation. */
  @Override
  public int compareTo(NodeId other) {
    int byAddress = authority.compareTo(other.authority);
    return byAddress == 0 ? Long.compare(incarnation, other.incarnation) : byAddress;
  }
}
