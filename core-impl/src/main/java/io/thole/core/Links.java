package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Peer;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The node's links to others: what carries data beside the loop. The loop says whom to dial, whom to refuse and which link is
 * over; it is told of connections. Called on the loop, but for {@link #handler}, {@link #attach} and {@link #channel}.
 */
public interface Links {
  /** What the loop is told, on the loop. */
  interface Observer {
    /** A connection stands and the peer has described itself; or one that is up describes itself anew. */
    void onUp(Peer peer);

    /** A connection is gone. */
    void onLost(NodeId peer, boolean announced, String reason);

    /** A node says that it leaves. */
    void onLeaving(NodeId peer);

    /** An attempt to connect failed; whether it did as where no process listens. */
    void onRefused(Authority address, boolean nobodyListens, String reason);

    /** A node that is on the block list has come, and was turned away. */
    void onTurnedAway(NodeId peer, String reason);

    /** Another node refuses this one. */
    void onExpelled(NodeId by, String reason);
  }

  /**
   * Begins a run, in which nobody is linked.
   *
   * @param mode how this node describes itself to others
   * @param kinds the same
   * @param observer is told of connections
   */
  void open(StartupMode mode, List<String> kinds, Observer observer);

  /** Describes this node anew. */
  void describe(StartupMode mode, List<String> kinds);

  /** Tells every node that this one leaves, after all that was sent before. */
  void leave();

  /**
   * Refuses nodes from now on.
   *
   * @param refusal returns the reason why a node is refused, if it is; asked from any thread
   */
  void admit(Function<NodeId, Optional<String>> refusal);

  /** Returns what a transport is bound with. Any thread. */
  TransportHandler handler();

  /** Carries everything over a transport that is bound, from now on. Any thread. */
  void attach(Transport transport);

  /** Has no transport from now on; links wait for the next. */
  void detach();

  /** Tries to connect. */
  void dial(Authority address);

  /** Ends the link to a node, and its connection: nothing that was sent and not answered will be. */
  void end(NodeId peer);

  /** Tells a node that it is refused, and ends its link and connection. */
  void refuse(NodeId peer, String reason);

  /**
   * Opens a channel. Any thread, but not with a lock that the handler takes.
   *
   * @param name its name, the same on all nodes
   * @param handler is told what others send
   */
  Channel channel(String name, ChannelHandler handler);

  /**
   * Returns when messages or acknowledgements came last from a node; what is cast does not count. Any thread.
   *
   * @return as {@link NodeLoop#nowNanos}; empty if nothing came, or there is no link to it
   */
  OptionalLong heardNanos(NodeId peer);

  /** Tells whether everything that was sent has been written. */
  boolean drained();

  /** Ends the run, and every link with it. */
  void close();
}
