package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.spi.TransportHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A network of places, each with an address and room for one process, and what its weather does to connections. */
final class SimulatedNetwork {
  /** How long who dials waits for an answer, as the TCP transport does. */
  static final long CONNECT_NANOS = 2_000_000_000L;

  /** How long what was sent may go unacknowledged before a connection counts as dead, as with TCP_USER_TIMEOUT. */
  static final long UNACKNOWLEDGED_NANOS = 15_000_000_000L;

  /** The longest that TCP waits, after a cut was mended, before it tries again: it has backed off for as long as the cut was. */
  private static final long MOST_BACK_OFF_NANOS = 5_000_000_000L;

  /** When a lost packet is sent again for the first time (RFC 6298 says 1 s; Linux has 200 ms). */
  private static final long RETRANSMIT_NANOS = 200_000_000L;

  private static final int MOST_RETRANSMITS = 5;

  final Agenda agenda;
  final Weather weather;
  final Trace trace;
  final RandomGenerator random;
  private final BiConsumer<NodeId, NodeId> met;
  private final List<Authority> addresses;
  private final Map<Authority, Integer> places = new HashMap<>();
  private final @Nullable SimulatedPort[] ports;
  private final Set<Connection> stalled = new LinkedHashSet<>();

  /**
   * Makes a network on which nobody listens.
   *
   * @param met is told who is about to be told of a connection, and to whom
   */
  SimulatedNetwork(
      List<Authority> addresses,
      Agenda agenda,
      Weather weather,
      Trace trace,
      RandomGenerator random,
      BiConsumer<NodeId, NodeId> met) {
    this.met = met;
    this.addresses = addresses;
    this.agenda = agenda;
    this.weather = weather;
    this.trace = trace;
    this.random = random;
    this.ports = new SimulatedPort[addresses.size()];
    for (int place = 0; place < addresses.size(); place++) {
      places.put(addresses.get(place), place);
    }
  }

  Authority address(int place) {
    return addresses.get(place);
  }

  SimulatedPort listen(NodeId self, Host host, TransportHandler handler) {
    SimulatedPort port = new SimulatedPort(this, self, host, handler);
    ports[host.place()] = port;
    weather.silence(host.place(), false);
    mended();
    return port;
  }

  void met(NodeId node, NodeId peer) {
    met.accept(node, peer);
  }

  void free(SimulatedPort port) {
    if (ports[port.place()] == port) {
      ports[port.place()] = null;
    }
  }

  Optional<Integer> place(Authority address) {
    return Optional.ofNullable(places.get(address));
  }

  Optional<SimulatedPort> at(int place) {
    return Optional.ofNullable(ports[place]);
  }

  long delayNanos(int from, int to) {
    return weather.delayNanos(from, to, random);
  }

  /** Returns how much longer a stretch of bytes takes because packets of it are lost and sent again, ever later. */
  long retransmitNanos() {
    long lateNanos = 0;
    double loss = weather.loss();
    for (int i = 0; i < MOST_RETRANSMITS && random.nextDouble() < loss; i++) {
      lateNanos += RETRANSMIT_NANOS << i;
    }
    return lateNanos;
  }

  /** Something waits on a connection for a cut to be mended. */
  void stalled(Connection connection) {
    stalled.add(connection);
  }

  /** A cut was mended: what waits on connections is sent again, each when its turn comes. */
  void mended() {
    stalled.removeIf(connection -> !connection.isStalled());
    stalled.forEach(Connection::mended);
  }

  /** Returns when TCP tries again after an outage. */
  long backOffNanos(long outageNanos) {
    return random.nextLong(Math.max(1, Math.min(outageNanos, MOST_BACK_OFF_NANOS)));
  }

  /** Returns a connection that stands between two places, if there is one. */
  Optional<Connection> between(int from, int to) {
    return at(from).flatMap(port -> port.connectionTo(to));
  }

  /** Returns every connection of a place. */
  List<Connection> of(int place) {
    return at(place).map(SimulatedPort::connections).orElseGet(ArrayList::new);
  }
}
