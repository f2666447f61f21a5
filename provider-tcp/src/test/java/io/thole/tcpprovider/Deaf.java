package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.List;

/** Listens to nothing. */
final class Deaf implements TransportHandler {
  @Override
  public void onUp(NodeId peer) {}

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {}

  @Override
  public void onRefused(Authority peer, boolean nobodyListens, String reason) {}

  @Override
  public void onDrained(NodeId peer) {}

  @Override
  public void onFrames(NodeId peer, List<ByteBuffer> frames) {}
}
