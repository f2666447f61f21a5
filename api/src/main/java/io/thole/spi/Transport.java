package io.thole.spi;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries frames between nodes. It belongs to the core, which binds it before any other part starts.
 *
 * <ol>
 *   <li>{@link #bind} either listens when it returns, or throws with the reason and the port and leaves nothing behind.
 *   <li>Both sides of a connection are told of each other by {@link Introduction} before either handler is told that it is
 *       up; a node of another cluster is refused, with both names in the reason.
 *   <li>It keeps at most one connection to a peer, and tells the handler of each that came up and went.
 *   <li>Frames of one connection arrive whole, once, and in order; nothing is promised across connections.
 *   <li>What waits to be sent is bounded: {@link #send} says when there is no room, and loses nothing that it took while
 *       the connection stands.
 *   <li>When everything that was handed in for a peer has been given to the operating system, the handler is told
 *       ({@link TransportHandler#onDrained}): the core then hands in, as one frame, what has gathered meanwhile.
 *   <li>Whatever bytes a stranger sends end in that connection being closed, and in nothing else.
 * </ol>
 */
@ConsumerType
public interface Transport {
  /** The most bytes that a frame may have: a payload of 1 MiB and its headers. */
  int FRAME_LIMIT = (1 << 20) + (64 << 10);

  /** The most bytes that a message of a {@link Channel} may have: the link's own headers fit into the rest of a frame. */
  int MESSAGE_LIMIT = FRAME_LIMIT - (1 << 10);

  /** Returns the name by which people know it. */
  String name();

  /**
   * Listens. May block.
   *
   * @param bind where; port 0 stands for any free one
   * @param self how this node introduces itself, once the port is known: peers know it by this incarnation and the address
   *     that it advertises, or else the one that is returned
   * @param handler is told what happens, until {@link #unbind} returns
   * @return the address that was bound
   * @throws RuntimeException if it cannot listen; the message holds the port
   */
  Authority bind(BindAddress bind, Introduction self, TransportHandler handler);

  /**
   * Connects to an address, unless a connection to it stands or is being made. Any thread; returns at once. The handler
   * is told: once, of a connection that is up or of an attempt that was refused.
   *
   * @param peer the address
   */
  void dial(Authority peer);

  /**
   * Sends a frame. Any thread; never blocks.
   *
   * @param peer to whom
   * @param frame the frame, from position to limit, which stay as they are: 0 to {@link #FRAME_LIMIT} bytes. It may be written
   *     from where it lies, so its bytes must not change before {@link TransportHandler#onDrained}, nor ever if the connection
   *     is lost before
   * @return false if there is no connection to this peer, incarnation included, or no room; then nothing was sent
   * @throws IllegalArgumentException if the frame is longer; then nothing was sent, and the connection stands
   */
  boolean send(NodeId peer, ByteBuffer frame);

  /**
   * Asks to be told {@link TransportHandler#onDrained} by the thread that writes to a peer, soon and after what was sent before, also if
   * nothing was: what the core gathers until then goes out as one frame. Any thread; never blocks.
   *
   * @param peer to whom the core has something to send
   * @return false if there is no connection to this peer, or this transport cannot do it; then nothing will be told
   */
  default boolean drainSoon(NodeId peer) {
    return false;
  }

  /**
   * Closes the connection to a peer, if there is one, after what was sent. Any thread; returns at once. The handler is told
   * that it is lost.
   *
   * @param peer whose
   */
  void disconnect(NodeId peer);

  /**
   * Closes every connection and the port. May block for at most 5 s. After it returned the handler is told nothing more,
   * not even of the connections that this closed; the port is free, and the transport may be bound again.
   *
   * @param announced true to tell the peers first that this is planned and no evidence of a crash
   */
  void unbind(boolean announced);
}
