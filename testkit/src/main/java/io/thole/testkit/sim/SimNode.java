package io.thole.testkit.sim;

import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine;
import java.util.ArrayDeque;

/** One process of the simulation: an engine, and what stands between it and the network. */
final class SimNode {
  /** What a process may be. */
  enum State {
    /** It runs. */
    UP,
    /** It runs, but whatever it sends or receives waits: Lifeguard's anomaly. */
    BLOCKED,
    /** It is stopped, as by SIGSTOP: nothing runs, and what arrives waits. */
    PAUSED,
    /** It is gone, its machine too: nothing answers. */
    CRASHED,
    /** It is gone, its machine is not: connections are refused. */
    KILLED
  }

  /** What waits in a socket's buffers, of frames of some hundred bytes; the rest is lost. */
  static final int MOST_WAITING = 20_000;

  final int number;
  final int address;
  final NodeId id;
  final GossipEngine engine;
  final ArrayDeque<Event> inbox = new ArrayDeque<>();
  final ArrayDeque<Event> outbox = new ArrayDeque<>();
  State state = State.UP;
  /** When the earliest timer that is queued comes. */
  long armedNanos = Long.MAX_VALUE;

  /** Whether it has met anybody; until then it dials its seeds. */
  boolean met;

  SimNode(int number, int address, NodeId id, GossipEngine engine) {
    this.number = number;
    this.address = address;
    this.id = id;
    this.engine = engine;
  }

  boolean runs() {
    return state == State.UP || state == State.BLOCKED;
  }

  boolean isThere() {
    return state != State.CRASHED && state != State.KILLED;
  }
}
