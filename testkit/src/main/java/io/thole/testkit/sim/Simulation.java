package io.thole.testkit.sim;

import io.thole.api.Authority;
import io.thole.api.NodeId;
import io.thole.gossip.GossipEngine;
import io.thole.gossip.GossipMessage;
import io.thole.gossip.GossipNote;
import io.thole.gossip.GossipOutcome;
import io.thole.gossip.GossipSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of engines in virtual time, on the thread that calls {@link #run}. A seed decides everything: run twice, it has the
 * same {@link #trace}. Any two nodes count as connected, except that a node that joins must reach one of its seeds first.
 *
 * <p>A message is handed over by reference: it is not encoded, but its bytes are counted.
 */
final class Simulation {
  /** What the link puts before each message. */
  static final int HEADER_BYTES = 8;

  /** How often who has not found the cluster tries again, as a provider does. */
  private static final long JOIN_PERIOD_NANOS = 1_000_000_000;

  /** When a connection that was reset and then refused is tried again, as links do. */
  private static final long REDIAL_NANOS = 50_000_000;

  /** The low bits of an incarnation, which on real nodes are random, hold the node's number here: that finds it at once. */
  private static final int NUMBER_BITS = 22;

  /** Some time in 2024 in milliseconds; each seed has its own, so that hash rings differ. */
  private static final long EPOCH_MILLIS = 1_704_067_200_000L;

  private final GossipSettings settings;
  private final long seed;
  private final EventQueue queue = new EventQueue();
  private final Network network;
  private final Views views = new Views();
  private final List<SimNode> nodes = new ArrayList<>();
  private final Map<Authority, Integer> addresses = new HashMap<>();
  private final List<SimNode> atAddress = new ArrayList<>();
  private Watcher watcher = Watcher.none();
  private long nowNanos;
  private int there;
  private long nodeNanos;
  private long messages;
  private long bytes;
  private long trace = 0x9E3779B97F4A7C15L;
  private boolean halted;

  Simulation(GossipSettings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
    this.network = new Network(mixed(seed, -1));
  }

  // What happens to it.

  /** Starts nodes 0 to {@code count - 1} at addresses of the same numbers, each with the view of all. */
  void cluster(int count) {
    List<NodeId> ids = new ArrayList<>();
    BitSet all = new BitSet();
    all.set(0, count);
    for (int i = 0; i < count; i++) {
      ids.add(create(i, all).id);
    }
    for (SimNode node : nodes) {
      carryOut(node, node.engine.onProposed(ids, nowNanos));
    }
  }

  /**
   * Starts a node that knows itself alone and dials its seeds, one a second in turn, until it has met somebody.
   *
   * @return the node's number
   */
  int join(int address, int... seeds) {
    BitSet self = new BitSet();
    self.set(nodes.size());
    SimNode node = create(address, self);
    carryOut(node, GossipOutcome.NOTHING);
    queue.add(Event.Kind.JOIN, nowNanos, node.number, 0, seeds);
    return node.number;
  }

  /** Ends a process and its machine: nothing there answers any more. */
  void crash(int node) {
    end(nodes.get(node), SimNode.State.CRASHED);
  }

  /** Ends a process as {@code kill -9} does: its connections are reset, and new ones are refused. */
  void kill(int node) {
    end(nodes.get(node), SimNode.State.KILLED);
    for (SimNode other : nodes) {
      if (other.isThere()) {
        transmit(Event.Kind.RESET, node, other.number, null);
      }
    }
  }

  /** Blocks a node just before it sends and just after it receives; its timers run on. */
  void block(int node) {
    SimNode blocked = expect(node, SimNode.State.UP);
    blocked.state = SimNode.State.BLOCKED;
    blocked.engine.onStalled(true);
  }

  /** Ends a block: what waited leaves, and what has come is taken, in order. */
  void unblock(int node) {
    SimNode blocked = expect(node, SimNode.State.BLOCKED);
    blocked.state = SimNode.State.UP;
    blocked.engine.onStalled(false);
    release(blocked, true);
  }

  /** Stops a whole process. */
  void pause(int node) {
    expect(node, SimNode.State.UP).state = SimNode.State.PAUSED;
  }

  /** Lets a stopped process go on: it takes what has come, then does what is long due. */
  void resume(int node) {
    SimNode paused = expect(node, SimNode.State.PAUSED);
    paused.state = SimNode.State.UP;
    release(paused, false);
  }

  /** Does something of the experiment's own at a time. */
  void at(long timeNanos, Runnable action) {
    queue.add(Event.Kind.ACTION, timeNanos, 0, 0, action);
  }

  Network network() {
    return network;
  }

  void watch(Watcher next) {
    watcher = next;
  }

  // Time.

  /** Runs for a span. */
  void run(long spanNanos) {
    runUntil(nowNanos + spanNanos);
  }

  /** Runs up to a time, or until somebody says {@link #halt}; that time is then the time. */
  void runUntil(long untilNanos) {
    halted = false;
    while (!halted) {
      Event event = queue.poll(untilNanos);
      if (event == null) {
        goOn(untilNanos);
        return;
      }
      goOn(event.timeNanos);
      if (!happen(event)) {
        queue.release(event);
      }
    }
  }

  /** Ends the run after the event that is happening. */
  void halt() {
    halted = true;
  }

  /** Runs until all views are right, or for a span at most. Tells whether they are. */
  boolean runUntilAllRight(long spanNanos) {
    long until = nowNanos + spanNanos;
    Watcher before = watcher;
    watch(new Watcher() {
      @Override
      public void onNote(int node, GossipNote note, int about, long nowNanos) {
        before.onNote(node, note, about, nowNanos);
      }

      @Override
      public void onPublished(int node, boolean joined, int about, long nowNanos) {
        before.onPublished(node, joined, about, nowNanos);
        halt();
      }
    });
    while (!views.allRight() && nowNanos < until) {
      runUntil(until);
    }
    watch(before);
    return views.allRight();
  }

  long nowNanos() {
    return nowNanos;
  }

  // What is seen of it.

  Views views() {
    return views;
  }

  GossipEngine engine(int node) {
    return nodes.get(node).engine;
  }

  NodeId id(int node) {
    return nodes.get(node).id;
  }

  /** Returns how many nodes have been started so far. */
  int size() {
    return nodes.size();
  }

  boolean isThere(int node) {
    return nodes.get(node).isThere();
  }

  /** Returns for how many seconds nodes have lived, all together. */
  double nodeSeconds() {
    return nodeNanos / 1e9;
  }

  long messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /** Counts messages and bytes from now on. */
  void countFromHere() {
    messages = 0;
    bytes = 0;
    views.countFromHere();
  }

  /** Returns a hash of all that was sent and noted so far, with its time. */
  long trace() {
    return trace;
  }

  /** Mixes two numbers into a seed. */
  static long mixed(long seed, long salt) {
    long z = seed * 0x9E3779B97F4A7C15L + salt * 0xD1B54A32D192ED03L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  // The inside.

  private SimNode create(int address, BitSet known) {
    int number = nodes.size();
    long millis = EPOCH_MILLIS + (mixed(seed, -2) >>> 40) + nowNanos / 1_000_000;
    NodeId id = new NodeId(authority(address), millis << NUMBER_BITS | number);
    GossipEngine engine = new GossipEngine(id, true, settings, mixed(seed, number), nowNanos);
    SimNode node = new SimNode(number, address, id, engine);
    nodes.add(node);
    there++;
    views.begin(known);
    Integer old = addresses.putIfAbsent(id.authority(), atAddress.size());
    if (old == null) {
      atAddress.add(node);
    } else {
      atAddress.set(old, node);
    }
    return node;
  }

  private static Authority authority(int address) {
    return new Authority(
        "10." + (address >>> 16) + "." + (address >>> 8 & 255) + "." + (address & 255), 26050);
  }

  private SimNode expect(int node, SimNode.State state) {
    SimNode found = nodes.get(node);
    if (found.state != state) {
      throw new IllegalStateException(found.id + " is " + found.state + ", not " + state);
    }
    return found;
  }

  private void end(SimNode node, SimNode.State state) {
    if (!node.isThere()) {
      throw new IllegalStateException(node.id + " is " + node.state);
    }
    node.state = state;
    there--;
    views.end(node.number);
    drop(node.inbox);
    drop(node.outbox);
  }

  private void drop(ArrayDeque<Event> events) {
    events.forEach(queue::release);
    events.clear();
  }

  private void goOn(long timeNanos) {
    nodeNanos += there * (timeNanos - nowNanos);
    nowNanos = timeNanos;
  }

  /** Tells whether the event is kept. */
  private boolean happen(Event event) {
    switch (event.kind) {
      case TIMER -> onTimer(nodes.get(event.to), event.timeNanos);
      case MESSAGE, DIAL, ACCEPTED, REFUSED, RESET -> {
        return arrive(nodes.get(event.to), event);
      }
      case JOIN -> onJoin(nodes.get(event.from), (int[]) Objects.requireNonNull(event.load));
      case ACTION -> ((Runnable) Objects.requireNonNull(event.load)).run();
    }
    return false;
  }

  /** Of the timers of a node only the earliest counts: it looks what is due, and the next is queued. */
  private void onTimer(SimNode node, long timeNanos) {
    if (timeNanos != node.armedNanos) {
      return;
    }
    node.armedNanos = Long.MAX_VALUE;
    if (node.runs()) {
      carryOut(
          node,
          node.engine.nextDeadlineNanos() <= nowNanos
              ? node.engine.tick(nowNanos)
              : GossipOutcome.NOTHING);
    }
  }

  private void onJoin(SimNode node, int[] seeds) {
    if (node.met || !node.isThere()) {
      return;
    }
    int turn = (int) (nowNanos / JOIN_PERIOD_NANOS + node.number) % seeds.length;
    dial(node, authority(seeds[turn]));
    queue.add(Event.Kind.JOIN, nowNanos + JOIN_PERIOD_NANOS, node.number, 0, seeds);
  }

  private boolean arrive(SimNode node, Event event) {
    if (node.state == SimNode.State.UP) {
      take(node, event);
      return false;
    }
    if (node.state == SimNode.State.KILLED && event.kind == Event.Kind.DIAL) {
      transmit(Event.Kind.REFUSED, node.number, event.from, null);
      return false;
    }
    if (!node.isThere() || node.inbox.size() >= SimNode.MOST_WAITING) {
      return false;
    }
    node.inbox.add(event);
    return true;
  }

  private void take(SimNode node, Event event) {
    SimNode from = nodes.get(event.from);
    switch (event.kind) {
      case MESSAGE ->
        carryOut(
            node,
            node.engine.onMessage(
                from.id, (GossipMessage) Objects.requireNonNull(event.load), nowNanos));
      case DIAL -> {
        node.met = true;
        transmit(Event.Kind.ACCEPTED, node.number, event.from, null);
        onLink(node, from, GossipEngine.Link.UP);
      }
      case ACCEPTED -> {
        node.met = true;
        onLink(node, from, GossipEngine.Link.UP);
      }
      case REFUSED -> onLink(node, from, GossipEngine.Link.REFUSED);
      case RESET -> onReset(node, from);
      case TIMER, JOIN, ACTION -> throw new AssertionError(event.kind + " does not arrive");
    }
  }

  /** Links dial again what was reset: at once, and soon after. */
  private void onReset(SimNode node, SimNode peer) {
    onLink(node, peer, GossipEngine.Link.LOST);
    transmit(Event.Kind.DIAL, node.number, peer.number, null);
    at(nowNanos + REDIAL_NANOS, () -> {
      if (node.runs()) {
        transmit(Event.Kind.DIAL, node.number, peer.number, null);
      }
    });
  }

  private void onLink(SimNode node, SimNode peer, GossipEngine.Link link) {
    note(node.number, link.name().hashCode(), peer.number);
    carryOut(node, node.engine.onLink(peer.id, link, nowNanos));
  }

  private void release(SimNode node, boolean blocked) {
    while (!node.outbox.isEmpty()) {
      depart(node.outbox.remove());
    }
    // A probe that stood still fails before what has come is read: its waiting costs no reading.
    for (int i = 0; i < 2 && node.engine.nextDeadlineNanos() <= nowNanos && blocked; i++) {
      carryOut(node, node.engine.tick(nowNanos));
    }
    while (!node.inbox.isEmpty() && node.state == SimNode.State.UP) {
      Event event = node.inbox.remove();
      take(node, event);
      queue.release(event);
    }
    carryOut(node, node.engine.tick(nowNanos));
  }

  private void carryOut(SimNode node, GossipOutcome outcome) {
    List<GossipOutcome.Send> sends = outcome.sends();
    for (int i = 0; i < sends.size(); i++) {
      send(node, sends.get(i));
    }
    List<Authority> dials = outcome.dials();
    for (int i = 0; i < dials.size(); i++) {
      dial(node, dials.get(i));
    }
    tell(node, outcome);
    arm(node);
  }

  private void arm(SimNode node) {
    long deadline = node.engine.nextDeadlineNanos();
    if (deadline < node.armedNanos) {
      // A tick that leaves something due is a slow loop, not an endless one.
      node.armedNanos = Math.max(deadline, nowNanos + 1);
      queue.add(Event.Kind.TIMER, node.armedNanos, node.number, node.number, null);
    }
  }

  private void send(SimNode node, GossipOutcome.Send send) {
    int to = number(send.to());
    GossipMessage message = send.message();
    int length = message.encodedBytes() + HEADER_BYTES;
    messages++;
    bytes += length;
    note(node.number, to, length);
    if (to >= 0) {
      transmit(Event.Kind.MESSAGE, node.number, to, message);
    }
  }

  private void dial(SimNode node, Authority address) {
    Integer index = addresses.get(address);
    if (index != null) {
      transmit(Event.Kind.DIAL, node.number, atAddress.get(index).number, null);
    }
  }

  /** Returns the number of a node, or -1 if none has this id. */
  private int number(NodeId id) {
    int number = (int) id.incarnation() & ((1 << NUMBER_BITS) - 1);
    if (number >= nodes.size()) {
      return -1;
    }
    return nodes.get(number).id.equals(id) ? number : -1;
  }

  private void transmit(Event.Kind kind, int from, int to, @Nullable Object load) {
    SimNode sender = nodes.get(from);
    Event event = queue.make(kind, from, to, load);
    if (sender.state != SimNode.State.BLOCKED) {
      depart(event);
    } else if (sender.outbox.size() < SimNode.MOST_WAITING) {
      sender.outbox.add(event);
    }
  }

  private void depart(Event event) {
    long travel = network.travelNanos(event.from, event.to);
    if (travel == Network.LOST) {
      queue.release(event);
    } else {
      queue.add(event, nowNanos + travel);
    }
  }

  private void tell(SimNode node, GossipOutcome outcome) {
    for (GossipNote note : outcome.notes()) {
      int about = number(note.about());
      note(node.number, about, note.kind().name().hashCode());
      watcher.onNote(node.number, note, about, nowNanos);
    }
    if (!outcome.left().isEmpty() || !outcome.joined().isEmpty()) {
      publish(node, false, outcome.left());
      publish(node, true, outcome.joined());
      views.complete(node.number);
    }
  }

  private void publish(SimNode node, boolean joined, List<NodeId> ids) {
    for (NodeId id : ids) {
      int about = number(id);
      if (about < 0) {
        throw new IllegalStateException(node.id + " publishes " + id + ", which never was");
      }
      views.take(node.number, joined, about);
      watcher.onPublished(node.number, joined, about, nowNanos);
    }
  }

  private void note(int node, int one, int other) {
    trace = (trace ^ (nowNanos + ((long) node << 44) + ((long) one << 22) + other))
        * 0xD1B54A32D192ED03L;
    trace ^= trace >>> 32;
  }
}
