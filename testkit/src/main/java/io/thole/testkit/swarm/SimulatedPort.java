package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The port of one process, from its bind to its end, and its side of each of its connections. */
final class SimulatedPort {
  private final SimulatedNetwork network;
  private final NodeId self;
  private final Host host;
  private final TransportHandler handler;
  private final Map<Authority, Connection> connections = new LinkedHashMap<>();
  private final Map<Authority, Attempt> dialling = new HashMap<>();
  private boolean closed;

  /** An attempt to connect. */
  private static final class Attempt {
    final Authority address;
    boolean over;

    Attempt(Authority address) {
      this.address = address;
    }
  }

  SimulatedPort(SimulatedNetwork network, NodeId self, Host host, TransportHandler handler) {
    this.network = network;
    this.self = self;
    this.host = host;
    this.handler = handler;
  }

  NodeId self() {
    return self;
  }

  int place() {
    return host.place();
  }

  Host host() {
    return host;
  }

  TransportHandler handler() {
    return handler;
  }

  boolean closed() {
    return closed;
  }

  List<Connection> connections() {
    return new ArrayList<>(connections.values());
  }

  Optional<Connection> connectionTo(int place) {
    return connections.values().stream().filter(each -> each.to() == place).findFirst();
  }

  boolean connected(NodeId peer) {
    Connection connection = connections.get(peer.authority());
    return connection != null && connection.peer().equals(peer);
  }

  // Dialling.

  void dial(Authority address) {
    if (closed || connections.containsKey(address) || dialling.containsKey(address)) {
      return;
    }
    Attempt attempt = new Attempt(address);
    dialling.put(address, attempt);
    Optional<Integer> place = network.place(address);
    if (address.equals(self.authority())) {
      refuse(attempt, 0, false, address + " is this node");
    } else if (place.isEmpty()) {
      refuse(attempt, SimulatedNetwork.CONNECT_NANOS, false, "nothing came back from " + address);
    } else {
      knock(attempt, place.get());
    }
  }

  private void knock(Attempt attempt, int to) {
    long thereNanos = network.delayNanos(place(), to);
    refuse(
        attempt,
        SimulatedNetwork.CONNECT_NANOS,
        false,
        "nothing came back from " + attempt.address);
    if (network.weather.isCut(place(), to) || network.weather.isCut(to, place())) {
      if (network.weather.rejects(place(), to)) {
        refuse(attempt, thereNanos, true, "connection refused: " + attempt.address);
      }
    } else {
      network.agenda.after(thereNanos, () -> arrive(attempt, to));
    }
  }

  private void arrive(Attempt attempt, int to) {
    Optional<SimulatedPort> other = network.at(to);
    if (other.isPresent()) {
      other.get().host.receive(() -> other.get().accept(this, attempt));
    } else {
      refuse(
          attempt, network.delayNanos(to, place()), true, "connection refused: " + attempt.address);
    }
  }

  private void refuse(Attempt attempt, long afterNanos, boolean nobodyListens, String reason) {
    network.agenda.after(
        afterNanos,
        () -> host.receive(() -> {
          if (!closed && end(attempt)) {
            network.trace.note(network.agenda.nowNanos(), place(), "refused " + attempt.address);
            handler.onRefused(attempt.address, nobodyListens, reason);
          }
        }));
  }

  private boolean end(Attempt attempt) {
    dialling.remove(attempt.address, attempt);
    boolean was = !attempt.over;
    attempt.over = true;
    return was;
  }

  /** Somebody knocks. Of two that dial each other the one with the smaller id decides which connection is kept: its own. */
  private void accept(SimulatedPort from, Attempt attempt) {
    if (closed || attempt.over || from.closed) {
      return;
    }
    Connection before = connections.get(from.self.authority());
    boolean ownWins = dialling.containsKey(from.self.authority()) && self.compareTo(from.self) < 0;
    if (before != null && before.peer().incarnation() > from.self.incarnation()) {
      from.refuse(attempt, network.delayNanos(place(), from.place()), false, "an earlier start");
    } else if (ownWins || (before != null && isMutual(before, from))) {
      return; // the attempt ends when that one is up, or nothing comes of it
    } else {
      meet(from, attempt, before);
    }
  }

  private static boolean isMutual(Connection before, SimulatedPort from) {
    return before.stands()
        && before.peer().equals(from.self)
        && from.connections.containsKey(before.port().self.authority());
  }

  private void meet(SimulatedPort from, Attempt attempt, @Nullable Connection before) {
    if (before != null) {
      lost(before, false, "another connection of " + from.self + " took its place");
    }
    Connection own = new Connection(network, this, from.self, from.place());
    Connection others = new Connection(network, from, self, place());
    Connection.join(own, others);
    long answerNanos = network.agenda.nowNanos() + network.delayNanos(place(), from.place());
    own.arriveAfter(answerNanos);
    network.agenda.at(
        answerNanos,
        () ->
            from.host.receive(() -> from.answered(attempt, /* own= */ others, /* others= */ own)));
    up(own);
  }

  private void answered(Attempt attempt, Connection own, Connection others) {
    if (network.weather.isCut(others.port().place(), place())) {
      return; // nobody here has heard it; the attempt ends in time
    }
    if (closed || !end(attempt)) {
      others.reset();
      return;
    }
    Connection before = connections.get(own.peer().authority());
    if (before != null) {
      lost(before, false, "another connection of " + own.peer() + " took its place");
    }
    up(own);
  }

  // Connections.

  private void up(Connection connection) {
    Attempt pending = dialling.get(connection.peer().authority());
    if (pending != null) {
      end(pending);
    }
    connection.rise();
    connections.put(connection.peer().authority(), connection);
    network.trace.note(network.agenda.nowNanos(), place(), "up " + connection.peer());
    network.met(self, connection.peer());
    handler.onUp(connection.peer());
  }

  void lost(Connection connection, boolean announced, String reason) {
    if (connection.up()) {
      connection.fall();
      connections.remove(connection.peer().authority(), connection);
      network.trace.note(network.agenda.nowNanos(), place(), "lost " + connection.peer());
      network.trace.line(network.agenda.nowNanos(), place(), () -> "   because " + reason);
      handler.onLost(connection.peer(), announced, reason);
    }
  }

  boolean send(NodeId peer, ByteBuffer frame) {
    Connection connection = connections.get(peer.authority());
    return !closed
        && connection != null
        && connection.peer().equals(peer)
        && connection.send(frame);
  }

  boolean drainSoon(NodeId peer) {
    Connection connection = connections.get(peer.authority());
    return !closed
        && connection != null
        && connection.peer().equals(peer)
        && connection.drainSoon();
  }

  void onFrame(Connection connection, ByteBuffer frame) {
    network.trace.note(network.agenda.nowNanos(), place(), frame.remaining());
    if (network.random.nextDouble() < network.weather.corruption()) {
      corrupt(connection, frame);
    } else {
      handler.onFrames(connection.peer(), List.of(frame));
    }
  }

  /** A frame comes cut off, as garbage, or so long that a transport closes the connection without taking it. */
  private void corrupt(Connection connection, ByteBuffer frame) {
    network.trace.note(
        network.agenda.nowNanos(), place(), "a corrupt frame of " + connection.peer());
    switch (network.random.nextInt(3)) {
      case 0 ->
        handler.onFrames(
            connection.peer(),
            List.of(frame.slice(0, network.random.nextInt(frame.remaining() + 1))));
      case 1 -> {
        byte[] garbage = new byte[1 + network.random.nextInt(64)];
        for (int i = 0; i < garbage.length; i++) {
          garbage[i] = (byte) network.random.nextInt(256);
        }
        garbage[0] = (byte) (garbage[0] | 0x40); // no frame has such a type
        handler.onFrames(connection.peer(), List.of(ByteBuffer.wrap(garbage)));
      }
      default -> connection.reset(); // more than Transport.FRAME_LIMIT
    }
  }

  void disconnect(NodeId peer) {
    network.agenda.after(
        0,
        () -> host.receive(() -> {
          Connection connection = connections.get(peer.authority());
          if (!closed && connection != null && connection.peer().equals(peer)) {
            connections.remove(peer.authority(), connection);
            connection.finish(false);
            network.trace.note(network.agenda.nowNanos(), place(), "closes " + peer);
            handler.onLost(peer, false, "this node has closed it");
          }
        }));
  }

  boolean tellDrained() {
    boolean told = false;
    if (!closed) {
      for (Connection connection : connections()) {
        told |= connection.tellDrained();
      }
    }
    return told;
  }

  void close(boolean announced) {
    closed = true;
    network.free(this);
    connections.values().forEach(connection -> connection.finish(announced));
    connections.clear();
    dialling.clear();
  }

  /** The process dies. A machine that lives on ends its connections; one that does not sends nothing any more. */
  void die() {
    if (network.weather.isSilent(place())) {
      closed = true;
      network.free(this);
    } else {
      close(false);
    }
  }
}
