package io.thole.core.run;

import io.thole.api.Authority;
import io.thole.api.ClusterException;
import io.thole.api.Escaped;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.core.Links;
import io.thole.core.NodeLoop;
import io.thole.core.link.LinkFrame;
import io.thole.core.link.LinkMessage;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Peer;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All links of a node, between its transport, its channels and its loop. What arrives is taken on the transport's threads and
 * what is sent on the sender's; the loop is told of connections alone.
 */
public final class LinkPort implements Links, TransportHandler {
  private static final System.Logger LOG = System.getLogger(LinkPort.class.getName());

  /** How long an acknowledgement may wait for a frame to ride on, and an answer for others to go with. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(Channel.HOLD_MILLIS);

  private static final int MOST_CHANNELS = 1_000;

  /** How many links there may be, also to peers whose connection is gone: a few times what a transport connects. */
  private static final int MOST_LINKS = 4_096;

  /** How long a peer that is connected may take to describe itself; it does so with its first frames. */
  private static final long DESCRIBE_NANOS = 5_000_000_000L;

  /** Links give back what they do not need, where memory is short, as often as this. */
  private static final long TRIM_NANOS = 20_000_000;

  private final NodeLoop loop;
  private final PeerLog log;
  private final LinkBudget budget;
  private final AtomicBoolean trims = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock(); // for who is linked and what is open
  private final Map<NodeId, LinkLine> lines = new ConcurrentHashMap<>();
  private final Map<String, LinkChannel> byName = new ConcurrentHashMap<>();
  private final Map<Integer, LinkChannel> byNumber = new ConcurrentHashMap<>();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong numbers = new AtomicLong();
  private int lastChannel; // under the lock
  private volatile LinkMessage.Description description =
      new LinkMessage.Description(StartupMode.MEMBER, List.of());
  private volatile Function<NodeId, Optional<String>> refusal = peer -> Optional.empty();
  private volatile @Nullable Transport transport;
  private volatile @Nullable Observer observer;

  /**
   * Makes a port of a node that does not run.
   *
   * @param loop the node's loop
   */
  public LinkPort(NodeLoop loop) {
    this(loop, LinkBudget.usualBytes());
  }

  /**
   * Makes a port of a node that does not run.
   *
   * @param loop the node's loop
   * @param mostBytes how much memory all links may have
   */
  LinkPort(NodeLoop loop, long mostBytes) {
    this.loop = loop;
    log = new PeerLog(loop, line -> LOG.log(Level.WARNING, line));
    budget = new LinkBudget(mostBytes, ByteBuffer::allocateDirect, this::trimSoon);
  }

  @Override
  public void open(StartupMode mode, List<String> kinds, Observer told) {
    description = new LinkMessage.Description(mode, kinds);
    observer = told;
  }

  @Override
  public void describe(StartupMode mode, List<String> kinds) {
    LinkMessage.Description next = new LinkMessage.Description(mode, kinds);
    lock.lock();
    try {
      if (!next.equals(description)) {
        description = next;
        lines.values().forEach(line -> line.tell(next));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void leave() {
    lines.values().forEach(line -> line.tell(new LinkMessage.Leaving()));
  }

  @Override
  public void admit(Function<NodeId, Optional<String>> reasons) {
    refusal = reasons;
  }

  @Override
  public TransportHandler handler() {
    return this;
  }

  @Override
  public void attach(Transport bound) {
    transport = bound;
  }

  @Override
  public void detach() {
    transport = null;
    lines.values().forEach(LinkLine::lost);
  }

  @Override
  public void dial(Authority address) {
    Transport over = transport;
    if (over == null) {
      tell(told -> told.onRefused(address, false, "this node has no transport"));
    } else {
      over.dial(address);
    }
  }

  @Override
  public void end(NodeId peer) {
    forget(peer);
    disconnect(peer);
  }

  private void forget(NodeId peer) {
    lock.lock();
    try {
      LinkLine line = lines.remove(peer);
      if (line != null) {
        line.end();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void refuse(NodeId peer, String reason) {
    write(peer, LinkFrame.refused(reason));
    end(peer);
  }

  @Override
  public Channel channel(String name, ChannelHandler handler) {
    if (!LinkMessage.NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "bad channel " + Escaped.of(name) + "; allowed: 1 to 64 of the characters a-z 0-9 . -");
    }
    lock.lock();
    try {
      if (byName.containsKey(name) || byName.size() >= MOST_CHANNELS) {
        throw new ClusterException("cannot open the channel " + name
            + (byName.containsKey(name) ? ": it is open already" : ": too many are open"));
      }
      LinkChannel channel = new LinkChannel(this, nextNumber(), name, handler);
      byName.put(name, channel);
      byNumber.put(channel.number(), channel);
      lines.values().forEach(line -> line.opened(channel));
      return channel;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public OptionalLong heardNanos(NodeId peer) {
    LinkLine line = lines.get(peer);
    return line == null ? OptionalLong.empty() : line.heardNanos();
  }

  @Override
  public boolean drained() {
    return lines.values().stream().allMatch(LinkLine::isDrained);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      observer = null;
      transport = null;
      lines.values().forEach(LinkLine::end);
      lines.clear();
      byName.clear();
      byNumber.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onUp(NodeId peer) {
    Optional<String> reason = refusal.apply(peer);
    if (reason.isPresent()) {
      write(peer, LinkFrame.refused(reason.get()));
      disconnect(peer);
      tell(told -> told.onTurnedAway(peer, reason.get()));
      return;
    }
    LinkLine line = lineOf(peer);
    if (line == null) {
      disconnect(peer);
    } else {
      line.connected();
      loop.execute(() -> loop.schedule(DESCRIBE_NANOS, () -> expectDescription(line)));
    }
  }

  private @Nullable LinkLine lineOf(NodeId peer) {
    lock.lock();
    try {
      boolean room = observer != null && (lines.containsKey(peer) || lines.size() < MOST_LINKS);
      return room ? lines.computeIfAbsent(peer, this::newLine) : null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Who does not say what it is, is no use to anyone; while it is connected it would not be dialled, and once it is gone nobody
   * but this would end its link.
   */
  private void expectDescription(LinkLine line) {
    if (!line.described() && lines.get(line.peer()) == line) {
      log.warn(line.peer() + " does not describe itself; its connection is closed");
      end(line.peer());
    }
  }

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {
    LinkLine line = lines.get(peer);
    if (line != null) {
      line.lost();
    }
    tell(told -> told.onLost(peer, announced, reason));
  }

  @Override
  public void onRefused(Authority address, boolean nobodyListens, String reason) {
    tell(told -> told.onRefused(address, nobodyListens, reason));
  }

  @Override
  public void onDrained(NodeId peer) {
    LinkLine line = lines.get(peer);
    if (line != null) {
      line.drained();
    }
  }

  @Override
  public void onFrames(NodeId peer, List<ByteBuffer> frames) {
    LinkLine line = lines.get(peer);
    if (line != null && !line.receive(frames)) {
      log.warn("what " + peer + " sends makes no sense; its connection is closed");
      end(peer);
    }
  }

  /** Returns how much memory links have. */
  long usedBytes() {
    return budget.usedBytes();
  }

  /** Returns how many links there are. */
  int size() {
    return lines.size();
  }

  @Nullable
  LinkLine line(NodeId peer) {
    return lines.get(peer);
  }

  @Nullable
  LinkChannel channel(int number) {
    return byNumber.get(number);
  }

  @Nullable
  LinkChannel channel(String name) {
    return byName.get(name);
  }

  /** Returns what a new link begins with. */
  List<LinkMessage> introduction() {
    List<LinkMessage> introduction = new ArrayList<>();
    introduction.add(description);
    byName
        .values()
        .forEach(
            channel -> introduction.add(new LinkMessage.Opened(channel.number(), channel.name())));
    return introduction;
  }

  /** A channel was closed by its part. */
  void closed(LinkChannel channel) {
    lock.lock();
    try {
      if (byName.remove(channel.name(), channel)) {
        byNumber.remove(channel.number());
        lines.values().forEach(line -> line.closed(channel));
      }
    } finally {
      lock.unlock();
    }
  }

  boolean write(NodeId peer, ByteBuffer frame) {
    Transport over = transport;
    return over != null && over.send(peer, frame);
  }

  void up(Peer peer) {
    tell(told -> told.onUp(peer));
  }

  void leaving(NodeId peer) {
    tell(told -> told.onLeaving(peer));
  }

  void expelled(NodeId by, String reason) {
    tell(told -> told.onExpelled(by, reason));
  }

  long nowNanos() {
    return loop.nowNanos();
  }

  /** A message came for a channel that is not open. */
  void dropped() {
    dropped.incrementAndGet();
  }

  boolean drainSoon(NodeId peer) {
    Transport over = transport;
    return over != null && over.drainSoon(peer);
  }

  void tickSoon(LinkLine line) {
    loop.execute(() -> loop.schedule(TICK_NANOS, line::tick));
  }

  /** Not at once: who asks holds the lock of a link. And once for all who ask meanwhile. */
  private void trimSoon() {
    if (trims.compareAndSet(false, true)) {
      loop.execute(() -> loop.schedule(TRIM_NANOS, this::trim));
    }
  }

  private void trim() {
    trims.set(false);
    lines.values().forEach(LinkLine::trim);
  }

  private LinkLine newLine(NodeId peer) {
    LinkLine line = new LinkLine(this, peer, numbers.incrementAndGet(), budget);
    line.introduce(introduction());
    return line;
  }

  private int nextNumber() {
    do {
      lastChannel = lastChannel % 0xFFFF + 1;
    } while (byNumber.containsKey(lastChannel));
    return lastChannel;
  }

  private void disconnect(NodeId peer) {
    Transport over = transport;
    if (over != null) {
      over.disconnect(peer);
    }
  }

  private void tell(Consumer<Observer> call) {
    Observer told = observer;
    if (told != null) {
      loop.execute(() -> {
        if (observer == told) {
          call.accept(told);
        }
      });
    }
  }
}
