package io.thole.testkit;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.Introduction;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A port that is open, from its bind to its unbind, and its connections. Changes them while the network runs, alone. */
final class MemoryPort {
  /** How many bytes may be under way to one peer: a few of the longest frames, so that tests meet the end of it soon. */
  private static final int ROOM = 4 * Transport.FRAME_LIMIT;

  private final MemoryNetwork network;
  private final Authority bound;
  private final NodeId self;
  private final String cluster;
  private final TransportHandler handler;
  private final Map<NodeId, Connection> connections = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** One side of a connection: what it sends to the other. */
  private record Connection(MemoryPort to, AtomicInteger underwayBytes) {
    Connection(MemoryPort to) {
      this(to, new AtomicInteger());
    }

    boolean reserve(int bytes) {
      int before = underwayBytes.getAndUpdate(used -> used + bytes <= ROOM ? used + bytes : used);
      return before + bytes <= ROOM;
    }
  }

  MemoryPort(
      MemoryNetwork network, Authority address, Introduction self, TransportHandler handler) {
    this.network = network;
    this.bound = address;
    this.self = new NodeId(self.advertise().orElse(address), self.incarnation());
    this.cluster = self.cluster();
    this.handler = handler;
  }

  Authority bound() {
    return bound;
  }

  /** Returns the address by which others know and dial it. */
  Authority address() {
    return self.authority();
  }

  void connect(Authority peer) {
    if (closed || connectedTo(peer)) {
      return;
    }
    Optional<MemoryPort> other = network.at(peer);
    if (other.isEmpty()) {
      handler.onRefused(peer, true, "nobody listens at " + peer);
    } else if (other.get() == this) {
      handler.onRefused(peer, false, peer + " is this node");
    } else if (!other.get().cluster.equals(cluster)) {
      handler.onRefused(
          peer,
          false,
          peer + " is of cluster " + other.get().cluster + ", this node of " + cluster);
    } else {
      connections.put(other.get().self, new Connection(other.get()));
      other.get().connections.put(self, new Connection(this));
      tellUp(other.get());
      other.get().tellUp(this);
    }
  }

  boolean send(NodeId peer, ByteBuffer frame) {
    Connection connection = connections.get(peer);
    if (closed || connection == null || !connection.reserve(frame.remaining())) {
      return false;
    }
    ByteBuffer copy = ByteBuffer.allocate(frame.remaining());
    copy.put(frame.duplicate()).flip();
    network.later(() -> deliver(connection, copy.asReadOnlyBuffer()));
    return true;
  }

  boolean drainSoon(NodeId peer) {
    Connection connection = connections.get(peer);
    if (closed || connection == null) {
      return false;
    }
    network.later(() -> {
      boolean stands = connection.equals(connections.get(peer));
      if (stands && !closed && connection.underwayBytes().get() == 0) {
        handler.onDrained(peer);
      }
    });
    return true;
  }

  void close(boolean announced) {
    closed = true;
    network.free(this);
    network.later(() -> {
      connections.values().forEach(connection -> connection.to().lose(this, announced));
      connections.clear();
    });
  }

  void disconnect(NodeId peer) {
    Connection connection = connections.remove(peer);
    if (connection != null && !closed) {
      handler.onLost(peer, false, "this node has closed it");
      connection.to().lose(this, false);
    }
  }

  private boolean connectedTo(Authority peer) {
    return connections.keySet().stream().anyMatch(id -> id.authority().equals(peer));
  }

  private void tellUp(MemoryPort other) {
    if (!closed) {
      handler.onUp(other.self);
    }
  }

  private void deliver(Connection connection, ByteBuffer frame) {
    int left = connection.underwayBytes().addAndGet(-frame.remaining());
    if (!connection.equals(connections.get(connection.to().self))) {
      return; // the connection was closed meanwhile
    }
    if (!connection.to().closed) {
      connection.to().handler.onFrames(self, List.of(frame));
    }
    if (left == 0 && !closed) {
      handler.onDrained(connection.to().self);
    }
  }

  private void lose(MemoryPort other, boolean announced) {
    connections.remove(other.self);
    if (!closed) {
      handler.onLost(other.self, announced, other.self + " has closed its port");
    }
  }
}
