package io.thole.testkit.swarm;

import java.util.Locale;

/** What may go wrong in a simulation. */
public enum Fault {
  /** Frames take long, by one of four models: constant, exponential, heavy tail, other in each direction. */
  DELAY,
  /** Packets are lost, up to 30 %: datagrams are gone, and what is not lost at will comes late, as TCP sends it again. */
  LOSS,
  /** Nothing gets through from one node to another, in that direction. */
  ONE_WAY,
  /** The nodes are parted into two or three groups. */
  PARTITION,
  /** A partition comes and goes, at its slowest every 20 s. */
  FLIP_FLOP,
  /** Two nodes cannot reach each other, while everyone else reaches both. */
  NON_TRANSITIVE,
  /** A node blocks just before it sends and just after it receives, again and again, as in Lifeguard's experiments. */
  SLOW,
  /** A whole process stands still for 0.1 to 90 s, and then finds out how late it is. */
  PAUSE,
  /** The timers of a node ring late. */
  LATE_TIMERS,
  /** A process dies: its machine refuses connections from then on, or says nothing at all. */
  CRASH,
  /** A process dies and another one starts at the same address. */
  RESTART,
  /** Two processes die, and each is started again at the address of the other. */
  SWAP_ADDRESSES,
  /** All processes die at once, and start again within a second. */
  ALL_AT_ONCE,
  /** A node leaves, saying goodbye; it may come back later. */
  LEAVE,
  /** Seed lists contain addresses at which nobody ever listens. */
  DEAD_SEEDS,
  /** A node has hardly any room for what waits to be sent. */
  OVERFLOW,
  /** Connections are reset. */
  RESET,
  /** Connections die without a word, and what was sent on them is gone. */
  SILENT_DROP,
  /** Frames arrive cut off, as garbage, or longer than is allowed. */
  CORRUPT,
  /** A wall clock jumps. */
  WALL_CLOCK,
  /** A node changes its provider. */
  PROVIDER_SWAP,
  /** A node blocks another one for a while, which leaves. */
  BLOCK,
  /** Connections of a node are reset again and again, up to 200 times a second, with what is under way on them. */
  RESET_STORM,
  /** The transport of a node is replaced: its end is announced, and for up to 5 s it has none. */
  TRANSPORT_UPDATE,
  /** The handlers of a node stand still, for up to 30 s. */
  SLOW_HANDLER;

  /** Returns its name on a command line: lower case, with hyphens. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the fault of a label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Fault of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
