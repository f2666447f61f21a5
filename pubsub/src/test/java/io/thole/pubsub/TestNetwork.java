package io.thole.pubsub;

import io.thole.api.Authority;
import io.thole.api.ClusterView;
import io.thole.api.NodeId;
import io.thole.spi.Channel.Sending;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.PriorityBlockingQueue;

/**
 * Brokers on nodes without a core, in virtual time: links that keep the order, and workers. What can happen next is drawn by
 * lot, in an order that depends on the seed alone. One thread runs it; others may hand in.
 */
final class TestNetwork {
  final long seed;
  private final Random random;
  private final Map<NodeId, TestNode> nodes = new ConcurrentHashMap<>();
  private final Map<List<NodeId>, Link> links = new ConcurrentHashMap<>();
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final Queue<Due> timers = new PriorityBlockingQueue<>(
      11, Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::number));
  final Queue<PeerMessage> sent = new ConcurrentLinkedQueue<>();
  private volatile long nowNanos;
  private long scheduled;

  private record Due(long atNanos, long number, Runnable task) {}

  TestNetwork(long seed) {
    this.seed = seed;
    random = new Random(seed);
  }

  /** Tasks that run one after the other, like those of a worker or of a link. */
  final class Line {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    volatile boolean held;

    private Line() {
      lines.add(this);
    }

    void add(Runnable task) {
      tasks.add(task);
    }

    int size() {
      return tasks.size();
    }

    void close() {
      tasks.clear();
      lines.remove(this);
    }

    private boolean isReady() {
      return !held && !tasks.isEmpty();
    }
  }

  /** One direction of a session. */
  private final class Link {
    private final Line line = new Line();
    private volatile boolean open = true;
    private volatile int room = Integer.MAX_VALUE;
  }

  Line line() {
    return new Line();
  }

  long nowNanos() {
    return nowNanos;
  }

  synchronized void schedule(Duration delay, Runnable task) {
    timers.add(new Due(nowNanos + delay.toNanos(), scheduled++, task));
  }

  /** Makes and starts as many nodes, all linked, each of which knows the others. */
  List<TestNode> cluster(int count) {
    List<TestNode> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(node(i + 1));
    }
    view(made);
    made.forEach(TestNode::start);
    for (TestNode a : made) {
      made.stream().filter(b -> a.id().compareTo(b.id()) < 0).forEach(b -> connect(a, b));
    }
    settle();
    return made;
  }

  TestNode node(int number) {
    return node(number, 1);
  }

  TestNode node(int number, long incarnation) {
    TestNode node =
        new TestNode(this, new NodeId(new Authority("127.0.0.1", 26_050 + number), incarnation));
    nodes.put(node.id(), node);
    return node;
  }

  /** Has each of these nodes see all of them. */
  void view(List<TestNode> members) {
    ClusterView view = new ClusterView(1, members.stream().map(TestNode::id).toList(), List.of());
    members.forEach(member -> member.view = view);
  }

  /** Begins a session. */
  void connect(TestNode a, TestNode b) {
    links.put(List.of(a.id(), b.id()), new Link());
    links.put(List.of(b.id(), a.id()), new Link());
    link(a, b).line.add(() -> b.handler().onBegun(a.id()));
    link(b, a).line.add(() -> a.handler().onBegun(b.id()));
  }

  /** Cuts or mends the connection; the session stands, and what is sent waits. */
  void cut(TestNode a, TestNode b, boolean cut) {
    link(a, b).line.held = cut;
    link(b, a).line.held = cut;
  }

  /** Leaves room for so many messages on the way. */
  void room(TestNode from, TestNode to, int messages) {
    link(from, to).room = messages;
  }

  /** Ends a session: what is on its way is lost. */
  void end(TestNode a, TestNode b) {
    end(a.id(), b.id());
    end(b.id(), a.id());
  }

  /** A node is gone, and what it sent last with it. */
  void endAll(NodeId node) {
    nodes.keySet().forEach(other -> {
      end(other, node);
      end(node, other);
    });
  }

  /** A node closes its side of each session: what it sent before still arrives. */
  void closeAll(NodeId node) {
    nodes.keySet().forEach(other -> {
      Link back = links.get(List.of(other, node));
      Link link = links.get(List.of(node, other));
      if (back != null && link != null) {
        back.open = false;
        back.line.tasks.clear();
        link.open = false;
        link.line.add(() -> node(other).handler().onEnded(node));
      }
    });
  }

  private void end(NodeId from, NodeId to) {
    Link link = links.get(List.of(from, to));
    if (link != null && link.open) {
      link.open = false;
      link.line.tasks.clear();
      link.line.held = false;
      link.line.add(() -> node(to).handler().onEnded(from));
    }
  }

  private Link link(TestNode from, TestNode to) {
    return node(from.id(), to.id());
  }

  private Link node(NodeId from, NodeId to) {
    Link link = links.get(List.of(from, to));
    if (link == null) {
      throw new AssertionError("no session of " + from + " with " + to);
    }
    return link;
  }

  private TestNode node(NodeId id) {
    TestNode node = nodes.get(id);
    if (node == null) {
      throw new AssertionError("no node " + id);
    }
    return node;
  }

  Sending send(NodeId from, NodeId to, Encodable message, boolean answer) {
    Link link = links.get(List.of(from, to));
    if (link == null || !link.open) {
      return Sending.NO_SESSION;
    }
    if (link.line.size() >= link.room && !(answer && link.room > 0)) {
      return Sending.NO_CREDIT;
    }
    ByteBuffer bytes = ByteBuffer.allocate(message.encodedBytes());
    message.encode(bytes);
    if (bytes.hasRemaining()) {
      throw new AssertionError(
          message + " is " + bytes.remaining() + " bytes shorter than it says");
    }
    bytes.flip();
    PeerMessage.decode(bytes.duplicate()).ifPresent(sent::add);
    link.line.add(() -> node(to).handler().onMessages(from, List.of(bytes)));
    return Sending.SENT;
  }

  /** Sends bytes that no broker made. */
  void forge(TestNode from, TestNode to, byte[] bytes) {
    link(from, to)
        .line
        .add(() -> to.handler().onMessages(from.id(), List.of(ByteBuffer.wrap(bytes))));
  }

  /** Does one of the things that can happen now; false if there is none. */
  boolean step() {
    List<Line> ready = lines.stream().filter(Line::isReady).toList();
    if (ready.isEmpty()) {
      return false;
    }
    Runnable task = ready.get(random.nextInt(ready.size())).tasks.poll();
    if (task != null) {
      task.run();
    }
    return true;
  }

  /** Does all that can happen without time passing. */
  void settle() {
    while (step()) {}
  }

  /** The same, and also what waits for a millisecond so that more is said at once. */
  void settleSoon() {
    advance(Duration.ofMillis(1));
  }

  void advance(Duration time) {
    settle();
    long endNanos = nowNanos + time.toNanos();
    for (Due due = timers.peek(); due != null && due.atNanos() <= endNanos; due = timers.peek()) {
      timers.remove(due);
      nowNanos = Math.max(nowNanos, due.atNanos());
      due.task().run();
      settle();
    }
    nowNanos = endNanos;
  }

  /** Runs something that waits for others on a thread of its own, while all else goes on here. */
  void beside(Runnable blocking) {
    Thread thread = new Thread(blocking, "beside");
    thread.start();
    while (thread.isAlive()) {
      if (!step()) {
        Thread.onSpinWait();
      }
    }
  }

  /** Returns how many timers wait. */
  int timers() {
    return timers.size();
  }

  @Override
  public String toString() {
    return "seed " + seed + " at " + nowNanos;
  }
}
