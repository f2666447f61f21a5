package io.thole.core.run;

import io.thole.api.NodeId;
import io.thole.core.link.LinkFrame;
import io.thole.core.link.LinkMemory;
import io.thole.core.link.LinkMessage;
import io.thole.core.link.LinkReceiver;
import io.thole.core.link.LinkSender;
import io.thole.spi.Channel.Sending;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One link: guards its two halves, each with a lock of its own, so that who sends never waits for who is told. Whoever hands
 * in a message writes it too, unless the transport is busy; then the transport's thread does, as soon as it is not.
 *
 * <p>What is told to handlers is told under the lock of the receiving half; they may send meanwhile. The locks are taken in
 * the order: the port's, receiving, sending.
 */
final class LinkLine implements LinkFrame.Reader {
  /** How much may arrive before it is acknowledged; a reader that waits longer would hold up the other side's memory. */
  private static final int ACKNOWLEDGE_BYTES = 256 << 10;

  /** How often to try for the sending lock, some ten nanoseconds each, before going to sleep. */
  private static final int SPINS = 1_000;

  private final LinkPort port;
  private final NodeId peer;
  private final ReentrantLock receiving = new ReentrantLock();
  private final ReentrantLock sending = new ReentrantLock();
  private final LinkReceiver receiver = new LinkReceiver(); // these five under the first lock
  private final Set<LinkChannel> sessions = new LinkedHashSet<>();
  private final List<ByteBuffer> batch = new ArrayList<>();
  private @Nullable LinkChannel batchChannel;
  private long arrivedBytes;
  private final LinkSender sender; // these three under the second
  private boolean tickDue;
  private boolean drainAsked;
  private final LinkSender.Wire wire = this::write;
  private final Runnable writing = this::pump; // what is done with what was taken
  private final Runnable gathering = this::drainSoon;
  private final Runnable holding = this::tickSoon;
  private volatile Map<String, Integer> numbers = Map.of(); // the other side's channels
  private volatile @Nullable Road
      road; // where what was appended last went: the next goes there as well
  private volatile boolean described;
  private volatile boolean heard;
  private volatile long heardNanos; // means something once heard
  private volatile boolean over;

  /** The other side's number of a channel, for as long as its channels are these. */
  private record Road(LinkChannel channel, Map<String, Integer> of, int number) {}

  LinkLine(LinkPort port, NodeId peer, long number, LinkMemory memory) {
    this.port = port;
    this.peer = peer;
    this.sender = new LinkSender(number, memory);
  }

  NodeId peer() {
    return peer;
  }

  /** Tells whether it is the link to a node: an id is quick to compare with itself. */
  boolean leadsTo(NodeId node) {
    return peer.equals(node) && !over;
  }

  /** Tells whether the other side has said what it is. */
  boolean described() {
    return described;
  }

  /** Says everything that a new link begins with. */
  void introduce(List<LinkMessage> introduction) {
    lockSending();
    try {
      introduction.forEach(this::say);
    } finally {
      sending.unlock();
    }
  }

  /** Says something on behalf of the link itself. */
  void tell(LinkMessage message) {
    lockSending();
    try {
      say(message);
      sender.pump(wire);
    } finally {
      sending.unlock();
    }
  }

  Sending send(LinkChannel channel, Encodable message, int limitBytes) {
    return take(channel, message, limitBytes, writing);
  }

  /** Leaves the writing to the transport's thread, which takes all that has come until then. */
  Sending gather(LinkChannel channel, Encodable message) {
    return take(channel, message, LinkSender.SEND_LIMIT, gathering);
  }

  /** Has an answer wait for what is sent next, or for the tick. */
  Sending hold(LinkChannel channel, Encodable message) {
    return take(channel, message, LinkSender.REPLY_LIMIT, holding);
  }

  private Sending take(LinkChannel channel, Encodable message, int limitBytes, Runnable then) {
    Integer number = numbers.get(channel.name());
    if (number == null || over) {
      return Sending.NO_SESSION;
    }
    lockSending();
    try {
      if (!sender.offer(number, message, limitBytes)) {
        return Sending.NO_CREDIT;
      }
      then.run();
      return Sending.SENT;
    } finally {
      sending.unlock();
    }
  }

  private void pump() {
    sender.pump(wire);
  }

  private void drainSoon() {
    if (!drainAsked && sender.isIdle()) {
      drainAsked = port.drainSoon(peer);
      if (!drainAsked) {
        pump();
      }
    }
  }

  Sending append(LinkChannel channel, Encodable head, Encodable item) {
    Road taken = road;
    Map<String, Integer> now = numbers;
    if (taken == null || taken.channel() != channel || taken.of() != now) {
      Integer number = now.get(channel.name());
      if (number == null) {
        return Sending.NO_SESSION;
      }
      taken = new Road(channel, now, number);
      road = taken;
    }
    if (over) {
      return Sending.NO_SESSION;
    }
    int number = taken.number();
    lockSending();
    try {
      if (!sender.append(number, head, item, LinkSender.SEND_LIMIT)) {
        return Sending.NO_CREDIT;
      }
      sender.pump(wire);
      return Sending.SENT;
    } finally {
      sending.unlock();
    }
  }

  /** Sends a message now or never. */
  Sending cast(LinkChannel channel, Encodable message) {
    Integer number = numbers.get(channel.name());
    if (number == null || over) {
      return Sending.NO_SESSION;
    }
    ByteBuffer frame = LinkFrame.cast(number, message);
    lockSending();
    try {
      return sender.isOpen() && write(frame) ? Sending.SENT : Sending.NO_CREDIT;
    } finally {
      sending.unlock();
    }
  }

  /** Returns when anything but a cast message came last. */
  OptionalLong heardNanos() {
    return heard ? OptionalLong.of(heardNanos) : OptionalLong.empty();
  }

  void connected() {
    lockSending();
    try {
      sender.onConnected(wire);
    } finally {
      sending.unlock();
    }
  }

  void lost() {
    lockSending();
    try {
      sender.onLost();
    } finally {
      sending.unlock();
    }
  }

  void drained() {
    lockSending();
    try {
      drainAsked = false;
      sender.onDrained();
      sender.pump(wire);
    } finally {
      sending.unlock();
    }
  }

  boolean isDrained() {
    lockSending();
    try {
      return sender.drained();
    } finally {
      sending.unlock();
    }
  }

  /** Takes what has arrived; false if it makes no sense, and the connection should be made anew. */
  boolean receive(List<ByteBuffer> frames) {
    receiving.lock();
    try {
      boolean sound = !over;
      for (ByteBuffer frame : frames) {
        arrivedBytes += frame.remaining();
        sound = sound && LinkFrame.read(frame.slice(), this);
      }
      deliver();
      owe();
      return sound || over;
    } finally {
      receiving.unlock();
    }
  }

  /** A channel was opened on this node. */
  void opened(LinkChannel channel) {
    receiving.lock();
    try {
      tell(new LinkMessage.Opened(channel.number(), channel.name()));
      begin(channel);
    } finally {
      receiving.unlock();
    }
  }

  /** A channel was closed on this node; its handler is told nothing more. */
  void closed(LinkChannel channel) {
    receiving.lock();
    try {
      sessions.remove(channel);
      tell(new LinkMessage.Closed(channel.number()));
    } finally {
      receiving.unlock();
    }
  }

  /** The link is over: ends every session, and gives its memory back. */
  void end() {
    over = true;
    receiving.lock();
    try {
      endSessions();
    } finally {
      receiving.unlock();
    }
    lockSending();
    try {
      sender.end();
    } finally {
      sending.unlock();
    }
  }

  /** Memory is short: gives back what is not needed. */
  void trim() {
    lockSending();
    try {
      sender.trim();
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void onOpen(long link, long known, long received) {
    boolean another = receiver.isAnother(link);
    if (another) {
      deliver();
      endSessions();
    }
    receiver.onOpen(link);
    lockSending();
    try {
      if (another) {
        sender.reset();
        port.introduction().forEach(this::say);
      }
      sender.owe(link, receiver.received());
      sender.onOpen(known, received);
      sender.pump(wire);
    } finally {
      sending.unlock();
    }
    receiver.description().ifPresent(port::up);
  }

  @Override
  public void onAck(long link, long sequence) { // each batch begins with one
    heardNanos = port.nowNanos();
    heard = true;
    lockSending();
    try {
      sender.onAck(link, sequence);
    } finally {
      sending.unlock();
    }
  }

  @Override
  public boolean onMessage(long link, long sequence, int number, ByteBuffer message) {
    return switch (receiver.onMessage(link, sequence)) {
      case KNOWN -> true;
      case WRONG -> false;
      case NEW -> number == LinkMessage.CHANNEL ? control(message) : data(number, message);
    };
  }

  @Override
  public boolean onCast(int number, ByteBuffer message) {
    return number != LinkMessage.CHANNEL && data(number, message);
  }

  @Override
  public void onRefused(String reason) {
    port.expelled(peer, reason);
  }

  private boolean data(int number, ByteBuffer message) {
    LinkChannel channel = port.channel(number);
    if (channel == null || !sessions.contains(channel)) {
      port.dropped();
      return true; // it was closed while this was under way
    }
    if (channel != batchChannel) {
      deliver();
      batchChannel = channel;
    }
    batch.add(message);
    return true;
  }

  private void deliver() {
    if (batchChannel != null && !batch.isEmpty()) {
      batchChannel.deliver(peer, batch);
    }
    batch.clear();
    batchChannel = null;
  }

  private boolean control(ByteBuffer bytes) {
    deliver();
    LinkMessage message = LinkMessage.decode(bytes).orElse(null);
    if (message instanceof LinkMessage.Description description) {
      receiver.onDescription(description.peer(peer));
      described = true;
      port.up(description.peer(peer));
      return true;
    }
    if (message instanceof LinkMessage.Opened opened) {
      return open(opened);
    }
    if (message instanceof LinkMessage.Closed closed) {
      return close(closed);
    }
    if (message instanceof LinkMessage.Leaving) {
      port.leaving(peer);
      return true;
    }
    return false;
  }

  private boolean open(LinkMessage.Opened opened) {
    boolean sound = receiver.onOpened(opened.number(), opened.name());
    numbers = receiver.channels();
    LinkChannel own = port.channel(opened.name());
    if (own != null) {
      begin(own);
    }
    return sound;
  }

  private boolean close(LinkMessage.Closed closed) {
    String name = receiver.onClosed(closed.number()).orElse(null);
    numbers = receiver.channels();
    LinkChannel own = name == null ? null : port.channel(name);
    if (own != null && sessions.remove(own)) {
      own.ended(peer);
    }
    return true;
  }

  private void begin(LinkChannel channel) {
    if (!over && numbers.containsKey(channel.name()) && sessions.add(channel)) {
      channel.begun(peer);
    }
  }

  private void endSessions() {
    numbers = Map.of();
    List<LinkChannel> ended = List.copyOf(sessions);
    sessions.clear();
    ended.forEach(channel -> channel.ended(peer));
  }

  /** Owes an acknowledgement of what has arrived: much of it at once, little of it with what is sent, or soon. */
  private void owe() {
    boolean much = arrivedBytes >= ACKNOWLEDGE_BYTES;
    lockSending();
    try {
      if (receiver.otherLink() != 0) {
        sender.owe(receiver.otherLink(), receiver.received());
      }
      if (much) {
        arrivedBytes = 0;
        sender.acknowledge(wire);
      } else if (sender.owes()) {
        tickSoon();
      }
    } finally {
      sending.unlock();
    }
  }

  private void tickSoon() {
    if (!tickDue) {
      tickDue = true;
      port.tickSoon(this);
    }
  }

  /** Sends what was held and acknowledges what is owed. */
  void tick() {
    lockSending();
    try {
      tickDue = false;
      sender.pump(wire);
      sender.acknowledge(wire);
    } finally {
      sending.unlock();
    }
  }

  /**
   * Who sends holds this lock for a fraction of a microsecond, and many times in a row: to sleep until it is free would cost both sides far
   * more than the wait. Who holds it longer may have lost its processor, which only a sleep gives back.
   */
  private void lockSending() {
    for (int i = 0; i < SPINS; i++) {
      if (sending.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    sending.lock();
  }

  private void say(LinkMessage message) {
    sender.offer(LinkMessage.CHANNEL, message, LinkMemory.UNLIMITED);
  }

  private boolean write(ByteBuffer frame) {
    return port.write(peer, frame);
  }
}
