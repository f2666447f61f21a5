package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A transport on a {@link SimulatedNetwork}. For the simulation's one thread. */
final class SimulatedTransport implements Transport {
  private final SimulatedNetwork network;
  private final Host host;
  private @Nullable SimulatedPort port;

  SimulatedTransport(SimulatedNetwork network, Host host) {
    this.network = network;
    this.host = host;
  }

  @Override
  public String name() {
    return "simulated";
  }

  @Override
  public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
    NodeId id = new NodeId(self.advertise().orElse(bind.authority()), self.incarnation());
    port = network.listen(id, host, handler);
    return id.authority();
  }

  @Override
  public void dial(Authority peer) {
    if (port != null) {
      port.dial(peer);
    }
  }

  @Override
  public boolean send(NodeId peer, ByteBuffer frame) {
    if (frame.remaining() > FRAME_LIMIT) {
      throw new IllegalArgumentException(
          "a frame of " + frame.remaining() + " bytes; at most " + FRAME_LIMIT + " are allowed");
    }
    return port != null && port.send(peer, frame);
  }

  @Override
  public boolean drainSoon(NodeId peer) {
    return port != null && port.drainSoon(peer);
  }

  @Override
  public void disconnect(NodeId peer) {
    if (port != null) {
      port.disconnect(peer);
    }
  }

  @Override
  public void unbind(boolean announced) {
    if (port != null) {
      port.close(announced);
      port = null;
    }
  }

  /** Tells whether a connection to a node stands, as far as this process knows. */
  boolean connected(NodeId peer) {
    return port != null && port.connected(peer);
  }

  /** The process is gone: its machine closes its connections, unless that is gone as well. */
  void die() {
    if (port != null) {
      port.die();
      port = null;
    }
  }

  /** Tells of room for what was sent meanwhile; returns whether there was anything to tell. */
  boolean tellDrained() {
    return port != null && port.tellDrained();
  }
}
