package io.thole.testkit.swarm;

import io.thole.api.NodeId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One side of a connection: what it sends to the other, and whether its process counts it as up. */
final class Connection {
  /** How many bytes may be with the operating systems of both before who sends is made to wait. */
  private static final int WINDOW_BYTES = 128 << 10;

  /** How much may wait at a node, and at one that is given hardly any room. */
  private static final int ROOM_BYTES = 4 << 20;

  private static final int NARROW_ROOM_BYTES = 600;

  /** The first byte of a frame that may be lost at will. */
  static final int CAST = 5;

  private final SimulatedNetwork network;
  private final SimulatedPort port;
  private final NodeId peer;
  private final int to;
  private final Deque<Parcel> stalled = new ArrayDeque<>();
  private @Nullable Connection other;
  private boolean up;
  private boolean vanished;
  private boolean drainOwed;
  private int underwayBytes;
  private long lastArrivalNanos;
  private long stalledSinceNanos;

  /** What travels: a frame, or the end of the connection. */
  private record Parcel(@Nullable ByteBuffer frame, int bytes, boolean announced) {}

  Connection(SimulatedNetwork network, SimulatedPort port, NodeId peer, int to) {
    this.network = network;
    this.port = port;
    this.peer = peer;
    this.to = to;
  }

  static void join(Connection one, Connection other) {
    one.other = other;
    other.other = one;
  }

  SimulatedPort port() {
    return port;
  }

  NodeId peer() {
    return peer;
  }

  int to() {
    return to;
  }

  boolean up() {
    return up;
  }

  void rise() {
    up = true;
  }

  /** Tells whether the other side counts it as up as well, or is about to. */
  boolean stands() {
    return up && other != null && !vanished && !other.port.closed();
  }

  boolean send(ByteBuffer frame) {
    int bytes = frame.remaining();
    int room = network.weather.isNarrow(port.place()) ? NARROW_ROOM_BYTES : ROOM_BYTES;
    drainOwed = true;
    if (underwayBytes > 0 && underwayBytes + bytes > room) {
      return false;
    }
    boolean cast = bytes > 0 && frame.get(frame.position()) == CAST;
    if (cast && network.random.nextDouble() < network.weather.loss()) {
      return true; // as if it had left
    }
    ByteBuffer copy = ByteBuffer.allocate(bytes);
    copy.put(frame.duplicate()).flip();
    underwayBytes += bytes;
    depart(new Parcel(copy.asReadOnlyBuffer(), bytes, false), cast ? 0 : network.retransmitNanos());
    return true;
  }

  /** Owes to tell of room, at the latest when its thread has run next. */
  boolean drainSoon() {
    if (!up) {
      return false;
    }
    drainOwed = true;
    network.agenda.after(0, () -> port.host().receive(this::tellDrained));
    return true;
  }

  /** Closes it, after what was sent. */
  void finish(boolean announced) {
    up = false;
    depart(new Parcel(null, 0, announced), 0);
  }

  /** Has it die without a word; what is under way is gone. Who still sends on it finds out in the end. */
  void vanish() {
    vanished = true;
    if (other != null) {
      other.vanished = true;
    }
    network.agenda.after(SimulatedNetwork.UNACKNOWLEDGED_NANOS, this::giveUp);
    if (other != null) {
      network.agenda.after(SimulatedNetwork.UNACKNOWLEDGED_NANOS, other::giveUp);
    }
  }

  /** Has it end at once on both sides, as a reset does. */
  void reset() {
    lose("reset");
    if (other != null) {
      other.lose("reset");
    }
  }

  /** Tells of room, if that is owed and there is any; returns whether it was told. */
  boolean tellDrained() {
    if (!up || !drainOwed || underwayBytes > WINDOW_BYTES || blockedByNarrowness()) {
      return false;
    }
    drainOwed = false;
    port.handler().onDrained(peer);
    return true;
  }

  private boolean blockedByNarrowness() {
    return network.weather.isNarrow(port.place()) && underwayBytes > 0;
  }

  boolean drainOwed() {
    return drainOwed;
  }

  /** A cut was mended. */
  void mended() {
    if (!stalled.isEmpty() && !network.weather.isCut(port.place(), to)) {
      long outageNanos = network.agenda.nowNanos() - stalledSinceNanos;
      network.agenda.after(network.backOffNanos(outageNanos), this::resume);
    }
  }

  /** What is sent from now on arrives later than that. */
  void arriveAfter(long atNanos) {
    lastArrivalNanos = atNanos;
  }

  private void depart(Parcel parcel, long lateNanos) {
    long departsNanos = Math.max(network.agenda.nowNanos(), port.host().mutedUntilNanos());
    long arrivesNanos = departsNanos + network.delayNanos(port.place(), to) + lateNanos;
    lastArrivalNanos = Math.max(lastArrivalNanos, arrivesNanos);
    network.agenda.at(lastArrivalNanos, () -> arrive(parcel));
  }

  private void arrive(Parcel parcel) {
    if (vanished) {
      return;
    }
    if (!stalled.isEmpty() || network.weather.isCut(port.place(), to)) {
      stall(parcel);
    } else {
      deliver(parcel);
    }
  }

  /** What could not get through waits for the cut to be mended, the end of a connection that its process has closed as well. */
  private void stall(Parcel parcel) {
    if (stalled.isEmpty()) {
      network.stalled(this);
      stalledSinceNanos = network.agenda.nowNanos();
      long sinceNanos = stalledSinceNanos;
      network.agenda.after(SimulatedNetwork.UNACKNOWLEDGED_NANOS, () -> {
        if (!stalled.isEmpty() && stalledSinceNanos == sinceNanos) {
          giveUp();
        }
      });
    }
    stalled.add(parcel);
  }

  private void resume() {
    if (vanished || stalled.isEmpty() || network.weather.isCut(port.place(), to)) {
      return;
    }
    List<Parcel> waiting = List.copyOf(stalled);
    stalled.clear();
    waiting.forEach(this::deliver);
  }

  boolean isStalled() {
    return !stalled.isEmpty();
  }

  private void giveUp() {
    vanished = true;
    stalled.clear();
    lose("nothing was acknowledged for 15 s");
  }

  private void deliver(Parcel parcel) {
    Connection receiver = other;
    if (receiver == null || receiver.port.closed() || !receiver.up) {
      network.agenda.after(
          network.delayNanos(to, port.place()), () -> lose("reset by the other side"));
      return;
    }
    ByteBuffer frame = parcel.frame();
    if (frame == null) {
      receiver.lose(parcel.announced(), peer + " was told the end of it");
    } else {
      receiver.port.host().receive(() -> receiver.take(this, frame, parcel.bytes()));
    }
  }

  /** A frame comes out of the operating system. */
  private void take(Connection from, ByteBuffer frame, int bytes) {
    from.underwayBytes -= bytes;
    if (up && !port.closed()) {
      port.onFrame(this, frame);
    }
    if (from.drainOwed && from.up) {
      network.agenda.after(0, () -> from.port.host().receive(from::tellDrained));
    }
  }

  private void lose(String reason) {
    lose(false, reason);
  }

  private void lose(boolean announced, String reason) {
    if (up && !port.closed()) {
      port.host().receive(() -> port.lost(this, announced, reason));
    }
  }

  /** Its process counts it as gone. */
  void fall() {
    up = false;
    stalled.clear();
  }
}
