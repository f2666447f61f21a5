package io.thole.spi;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What a transport tells the core. Called from the transport's threads, one at a time for each peer. */
@ProviderType
public interface TransportHandler {
  /** A connection to a peer stands, and both sides have accepted each other. */
  void onUp(NodeId peer);

  /**
   * A connection is gone: evidence, not a verdict.
   *
   * @param peer to whom
   * @param announced whether the peer had said that it would close
   * @param reason why, in one line
   */
  void onLost(NodeId peer, boolean announced, String reason);

  /**
   * An attempt to connect failed.
   *
   * @param peer the address that was dialled
   * @param nobodyListens whether the address itself has answered, and at once, as one does where no process listens: that
   *     is evidence. False for whatever else may fail: silence, a name that is unknown, a node of another cluster, this
   *     node's own lack of means
   * @param reason why, in one line
   */
  void onRefused(Authority peer, boolean nobodyListens, String reason);

  /**
   * Frames came, in order.
   *
   * @param peer from whom
   * @param frames each from position to limit; valid until this returns
   */
  void onFrames(NodeId peer, List<ByteBuffer> frames);

  /**
   * All frames that were handed in for a peer have been given to the operating system: there is room again, and their memory
   * is the core's again. Told at least once after the last {@link Transport#send} to it, while its connection stands. Alone of
   * all calls it may come from inside that send, on the sender's thread.
   *
   * @param peer to whom
   */
  void onDrained(NodeId peer);
}
