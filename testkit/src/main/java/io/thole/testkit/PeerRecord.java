package io.thole.testkit;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a transport told its handler, in order. Any thread. */
final class PeerRecord implements TransportHandler {
  final List<NodeId> ups = new CopyOnWriteArrayList<>();
  final List<Lost> losses = new CopyOnWriteArrayList<>();
  final List<Refused> refusals = new CopyOnWriteArrayList<>();
  final List<byte[]> frames = new CopyOnWriteArrayList<>();
  final List<NodeId> drains = new CopyOnWriteArrayList<>();
  final List<String> overlaps = new CopyOnWriteArrayList<>();
  private final Set<Authority> busy = ConcurrentHashMap.newKeySet();
  private final Runnable onFrame;

  /** A connection that went. */
  record Lost(NodeId peer, boolean announced) {}

  /** An attempt to connect that failed. */
  record Refused(Authority peer, boolean nobodyListens, String reason) {}

  /**
   * Makes a record.
   *
   * @param onFrame runs before frames are written down, on the transport's thread
   */
  PeerRecord(Runnable onFrame) {
    this.onFrame = onFrame;
  }

  /** Returns how many calls there were. */
  int calls() {
    return ups.size() + losses.size() + refusals.size() + frames.size();
  }

  @Override
  public void onUp(NodeId peer) {
    alone(peer.authority(), () -> ups.add(peer));
  }

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {
    alone(peer.authority(), () -> losses.add(new Lost(peer, announced)));
  }

  @Override
  public void onRefused(Authority peer, boolean nobodyListens, String reason) {
    alone(peer, () -> refusals.add(new Refused(peer, nobodyListens, reason)));
  }

  @Override
  public void onDrained(NodeId peer) {
    drains.add(peer); // it may come from inside a send, beside all else
  }

  @Override
  public void onFrames(NodeId peer, List<ByteBuffer> batch) {
    alone(peer.authority(), () -> {
      onFrame.run();
      for (ByteBuffer frame : batch) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        frames.add(bytes);
      }
    });
  }

  private void alone(Authority peer, Runnable call) {
    if (!busy.add(peer)) {
      overlaps.add("two calls at once for " + peer);
    }
    call.run();
    busy.remove(peer);
  }
}
