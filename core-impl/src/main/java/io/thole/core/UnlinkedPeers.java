package io.thole.core;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.Peer;
import io.thole.spi.Peers;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.List;

/** What a node without links does with what its transport tells: nothing. No member of its view can be reached. */
final class UnlinkedPeers implements TransportHandler, Peers {
  @Override
  public List<Peer> linked() {
    return List.of();
  }

  @Override
  public void dial(Authority address) {}

  @Override
  public void watch(PeerObserver observer) {}

  @Override
  public void onUp(NodeId peer) {}

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {}

  @Override
  public void onRefused(Authority peer, String reason) {}

  @Override
  public void onDrained(NodeId peer) {}

  @Override
  public void onFrames(NodeId peer, List<ByteBuffer> frames) {}
}
