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
 *   <li>It keeps at most one connection to a peer, and tells the handler of each that came up and went.
 *   <li>Frames of one connection arrive whole, once, and in order; nothing is promised across connections.
 *   <li>Whatever bytes a stranger sends end in that connection being closed, and in nothing else.
 * </ol>
 */
@ConsumerType
public interface Transport {
  /** The most bytes that a frame may have: a payload of 1 MiB and its headers. */
  int FRAME_LIMIT = (1 << 20) + (64 << 10);

  /** Returns the name by which people know it. */
  String name();

  /**
   * Listens. May block.
   *
   * @param bind where
   * @param self how this node introduces itself, once the port is known
   * @param handler is told what happens
   * @return the address that was bound
   */
  Authority bind(BindAddress bind, Introduction self, TransportHandler handler);

  /**
   * Connects to an address, unless a connection to it stands or is being made. Returns at once; the handler is told.
   *
   * @param peer the address
   */
  void dial(Authority peer);

  /**
   * Sends a frame. Any thread; never blocks.
   *
   * @param peer to whom
   * @param frame the frame, from position to limit; copied before this returns
   * @return false if there is no connection to the peer, or no room; then nothing was sent
   */
  boolean send(NodeId peer, ByteBuffer frame);

  /**
   * Closes every connection and the port. May block for at most 5 s.
   *
   * @param announced true to tell the peers first that this is planned and no evidence of a crash
   */
  void unbind(boolean announced);
}
