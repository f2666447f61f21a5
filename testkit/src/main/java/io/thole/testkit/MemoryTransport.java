package io.thole.testkit;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A transport on a {@link MemoryNetwork}: no socket, no thread, and the same order in each run. */
public final class MemoryTransport implements Transport {
  private final MemoryNetwork network;
  private volatile @Nullable MemoryPort port;

  MemoryTransport(MemoryNetwork network) {
    this.network = network;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
    if (port != null) {
      throw new IllegalStateException("cannot bind " + bind + ": bound already");
    }
    MemoryPort opened =
        network.listen(bind, address -> new MemoryPort(network, address, self, handler));
    port = opened;
    return opened.bound();
  }

  @Override
  public void dial(Authority peer) {
    MemoryPort from = port;
    if (from != null) {
      network.later(() -> from.connect(peer));
    }
  }

  @Override
  public boolean send(NodeId peer, ByteBuffer frame) {
    if (frame.remaining() > FRAME_LIMIT) {
      throw new IllegalArgumentException(
          "a frame of " + frame.remaining() + " bytes; at most " + FRAME_LIMIT + " are allowed");
    }
    MemoryPort from = port;
    return from != null && from.send(peer, frame);
  }

  @Override
  public boolean drainSoon(NodeId peer) {
    MemoryPort from = port;
    return from != null && from.drainSoon(peer);
  }

  @Override
  public void disconnect(NodeId peer) {
    MemoryPort from = port;
    if (from != null) {
      network.later(() -> from.disconnect(peer));
    }
  }

  @Override
  public void unbind(boolean announced) {
    MemoryPort from = port;
    port = null;
    if (from != null) {
      from.close(announced);
    }
  }
}
