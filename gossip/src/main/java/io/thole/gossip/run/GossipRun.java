package io.thole.gossip.run;

import io.thole.api.Agreement;
import io.thole.api.Authority;
import io.thole.api.ClusterEvent.Isolated;
import io.thole.api.ClusterEvent.MemberFailed;
import io.thole.api.ClusterEvent.MemberRecovered;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.Rejoined;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.api.StartupMode;
import io.thole.gossip.GossipEngine;
import io.thole.gossip.GossipEngine.Link;
import io.thole.gossip.GossipMessage;
import io.thole.gossip.GossipNote;
import io.thole.gossip.GossipOutcome;
import io.thole.gossip.GossipSettings;
import io.thole.spi.Channel;
import io.thole.spi.ChannelHandler;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers.PeerObserver;
import io.thole.spi.Transport;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link GossipDriver}: hands what happens to the engine and carries out what that decides. What happens is told on
 * many threads and waits in an inbox; the part's worker takes it from there, and alone touches the rest. It empties the inbox
 * before it looks at the time, so that nobody is held silent whose answer has arrived.
 */
final class GossipRun implements PeerObserver, ChannelHandler {
  /** The channel on which gossipers talk. */
  static final String CHANNEL = "gossip";

  /** How many inputs may wait: several of each of the most peers that a transport connects. */
  static final int INBOX = 16_384;

  /** How many of them may be there before messages are dropped: what is told of connections must not be lost. */
  static final int MESSAGES = INBOX / 2;

  /** How many bytes of messages of one peer may wait: a few exchanges of the fullest view. */
  static final long WAITING_BYTES = 4 << 20;

  /** The same for all peers: what many may make this node keep. */
  static final long ALL_WAITING_BYTES = 64 << 20;

  /** What a message that waits takes beside its bytes, about: lists and records. */
  private static final int OVERHEAD_BYTES = 512;

  private static final System.Logger LOG = System.getLogger(GossipDriver.class.getName());

  private final PartContext context;
  private final GossipEngine engine;
  private final BlockingQueue<Input> inbox = new ArrayBlockingQueue<>(INBOX);
  private final AtomicBoolean wakeDue = new AtomicBoolean();
  private final Map<NodeId, AtomicLong> waiting = new ConcurrentHashMap<>();
  private final AtomicLong allWaiting = new AtomicLong();
  private final AtomicLong strays = new AtomicLong();
  private final Set<NodeId> sessions = new HashSet<>(); // who can be talked to
  private final Set<NodeId> up = new HashSet<>(); // members to which a connection stands
  private final GossipView view;
  private @Nullable Channel channel;
  private @Nullable EventSubscription subscription;
  private long lookedNanos;
  private boolean alarmSet;
  private long alarmNanos;
  private volatile Agreement agreement = Agreement.LOCAL;
  private volatile boolean over;

  /** Something that happened. */
  @FunctionalInterface
  private interface Input {
    GossipOutcome apply(GossipEngine engine, long nowNanos);
  }

  /**
   * Prepares a run.
   *
   * @param context what the gossiper was given
   * @param settings how to behave
   */
  GossipRun(PartContext context, GossipSettings settings) {
    this.context = context;
    NodeId self = context.self();
    long nowNanos = context.nowNanos();
    engine = new GossipEngine(
        self, context.mode() == StartupMode.MEMBER, settings, self.hashCode(), nowNanos);
    view = new GossipView(context.seeds());
    lookedNanos = nowNanos;
  }

  /** Begins, knowing the seeds and the view that there is. */
  void begin() {
    carryOut(view.begin(engine, context.view().members(), context.nowNanos()));
    channel = context.open(CHANNEL, this);
    context.peers().watch(this);
    subscription = context
        .events()
        .subscribe(
            TopologyUpdated.class,
            event -> put((engine, nowNanos) -> {
              List<NodeId> refused = view.onBlocked(event, engine, nowNanos);
              if (!refused.isEmpty()) {
                context.topology().left(refused);
              }
              carryOut(view.onLeft(event, engine, nowNanos));
              return view.onJoined(event, engine, nowNanos);
            }));
    takeAll();
  }

  /** The node leaves: says so once, and takes no notice of anything after that. On the worker. */
  void leave() {
    takeAll();
    carryOut(engine.leave(context.nowNanos()));
  }

  /** Ends. On the worker. */
  void end() {
    over = true;
    if (subscription != null) {
      subscription.close();
    }
    if (channel != null) {
      channel.close();
    }
    if (strays.get() > 0) {
      LOG.log(Level.DEBUG, "messages of peers that were dropped: {0}", strays.get());
    }
  }

  /** Any thread. */
  Agreement agreement() {
    return agreement;
  }

  // What is told of connections.

  @Override
  public void onUp(Peer peer) {
    if (peer.mode() == StartupMode.MEMBER) {
      put((engine, nowNanos) -> {
        up.add(peer.id());
        return met(peer.id(), nowNanos);
      });
    }
  }

  @Override
  public void onBegun(NodeId peer) {
    put((engine, nowNanos) -> {
      sessions.add(peer);
      return met(peer, nowNanos);
    });
  }

  @Override
  public void onEnded(NodeId peer) {
    waiting.remove(peer);
    put((engine, nowNanos) -> {
      sessions.remove(peer);
      return GossipOutcome.NOTHING;
    });
  }

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {
    put((engine, nowNanos) -> {
      up.remove(peer);
      return engine.onLink(peer, announced ? Link.PAUSED : Link.LOST, nowNanos);
    });
  }

  @Override
  public void onLeaving(NodeId peer) {
    put((engine, nowNanos) -> engine.onLeaving(peer, nowNanos));
  }

  @Override
  public void onRefused(Authority address, boolean nobodyListens, String reason) {
    if (nobodyListens) {
      put((engine, nowNanos) -> engine
          .memberAt(address)
          .map(member -> engine.onLink(member, Link.REFUSED, nowNanos))
          .orElse(GossipOutcome.NOTHING));
    }
  }

  /** A member is met once it has said that it is one and can be talked to; which comes first is chance. */
  private GossipOutcome met(NodeId peer, long nowNanos) {
    return up.contains(peer) && sessions.contains(peer)
        ? engine.onLink(peer, Link.UP, nowNanos)
        : GossipOutcome.NOTHING;
  }

  // What is said.

  @Override
  public void onMessages(NodeId from, List<ByteBuffer> messages) {
    for (ByteBuffer message : messages) {
      int bytes = message.remaining() + OVERHEAD_BYTES;
      GossipMessage.decode(message)
          .ifPresentOrElse(
              read -> onMessage(from, read, bytes), () -> stray(from, "says what makes no sense"));
    }
  }

  private void onMessage(NodeId from, GossipMessage message, int bytes) {
    AtomicLong own = waiting.computeIfAbsent(from, peer -> new AtomicLong());
    boolean room = own.addAndGet(bytes) <= WAITING_BYTES;
    room &= allWaiting.addAndGet(bytes) <= ALL_WAITING_BYTES;
    boolean taken = room
        && inbox.size() < MESSAGES
        && put((engine, nowNanos) -> {
          release(own, bytes);
          return engine.onMessage(from, message, nowNanos);
        });
    if (!taken) {
      release(own, bytes);
      stray(from, "says more than this node can take");
    }
  }

  private void release(AtomicLong own, int bytes) {
    own.addAndGet(-bytes);
    allWaiting.addAndGet(-bytes);
  }

  private void stray(NodeId from, String what) {
    if (strays.incrementAndGet() == 1) {
      LOG.log(
          Level.WARNING, "{0} {1}; that is dropped, and what follows is only counted", from, what);
    }
  }

  // The worker.

  /** Any thread; false if there is no room. */
  private boolean put(Input input) {
    boolean taken = over || inbox.offer(input);
    if (!taken) {
      LOG.log(Level.WARNING, "connections come and go too fast: {0} changes wait", INBOX);
    }
    if (!over && wakeDue.compareAndSet(false, true)) {
      context.execute(this::takeAll);
    }
    return taken;
  }

  private void takeAll() {
    wakeDue.set(false);
    for (Input next = inbox.poll(); next != null && !over; next = inbox.poll()) {
      carryOut(next.apply(engine, context.nowNanos()));
    }
    if (!over) {
      pass();
      agreement = Agreement.of(engine.agreeing(), Math.max(engine.size(), view.size()));
      setAlarm();
    }
  }

  private void pass() {
    long nowNanos = context.nowNanos();
    if (nowNanos - engine.nextDeadlineNanos() >= 0) {
      hear(nowNanos);
      carryOut(engine.tick(nowNanos));
    }
  }

  /** Whoever is watched and has sent something else need not be probed. */
  private void hear(long nowNanos) {
    for (NodeId watched : engine.watched()) {
      context.peers().heardNanos(watched).ifPresent(heardNanos -> {
        if (heardNanos - lookedNanos > 0) {
          engine.onHeard(watched, nowNanos);
        }
      });
    }
    lookedNanos = nowNanos;
  }

  private void setAlarm() {
    long nowNanos = context.nowNanos();
    long deadline = engine.nextDeadlineNanos();
    if (deadline == Long.MAX_VALUE) {
      return; // it has left
    }
    if (!alarmSet || deadline - alarmNanos < 0) {
      alarmSet = true;
      alarmNanos = deadline;
      context.schedule(Duration.ofNanos(Math.max(0, deadline - nowNanos)), () -> ring(deadline));
    }
  }

  private void ring(long deadlineNanos) {
    if (deadlineNanos == alarmNanos) {
      alarmSet = false;
    }
    takeAll();
  }

  private void carryOut(GossipOutcome outcome) {
    outcome.sends().forEach(this::send);
    if (!outcome.dials().isEmpty()) {
      look(outcome.dials());
    }
    if (!outcome.left().isEmpty()) {
      view.tellLeft(outcome.left(), context.nowNanos());
      takeOut(outcome);
    }
    if (!outcome.joined().isEmpty()) {
      view.tellJoined(outcome.joined(), context.nowNanos());
      context.topology().joined(outcome.joined());
    }
    outcome.notes().forEach(this::note);
  }

  /**
   * Looks for somebody who is missing. Whoever is connected without being a member is not dialled again, and may have been let in
   * later than it came: each tells what it knows.
   */
  private void look(List<Authority> addresses) {
    Set<Authority> met = new HashSet<>();
    for (NodeId peer : List.copyOf(up)) {
      if (sessions.contains(peer) && engine.memberAt(peer.authority()).isEmpty()) {
        met.add(peer.authority());
        carryOut(engine.onLink(peer, Link.UP, context.nowNanos()));
      }
    }
    addresses.stream().filter(address -> !met.contains(address)).forEach(context.peers()::dial);
  }

  private void takeOut(GossipOutcome outcome) {
    List<NodeId> byWord = new ArrayList<>(outcome.left());
    byWord.removeAll(outcome.lost());
    if (!outcome.lost().isEmpty()) {
      context.topology().lost(outcome.lost());
    }
    if (!byWord.isEmpty()) {
      context.topology().left(byWord);
    }
  }

  /** What is short is worth nothing later and is cast; what is long is a view, and somebody waits for it. */
  private void send(GossipOutcome.Send send) {
    Channel to = channel;
    int bytes = send.message().encodedBytes();
    if (to == null || bytes > Transport.MESSAGE_LIMIT) {
      return;
    }
    if (bytes <= Channel.CAST_LIMIT) {
      to.cast(send.to(), send.message());
    } else {
      to.send(send.to(), send.message());
    }
  }

  private void note(GossipNote note) {
    NodeId about = note.about();
    switch (note.kind()) {
      case SUSPECTED -> context.tell(new MemberSuspected(about, note.evidence()));
      case RECOVERED -> context.tell(new MemberRecovered(about, note.evidence()));
      case DIED -> {
        VerdictRecording.record(about, note.evidence(), engine.size());
        context.tell(new MemberFailed(about, note.evidence()));
      }
      case ISOLATED -> context.tell(new Isolated(note.evidence()));
      case REJOINED -> context.tell(new Rejoined(note.evidence()));
      case REFUTED ->
        LOG.log(Level.INFO, "this node was accused and has refuted: {0}", note.evidence());
      case JOINED, LEFT -> {} // the view tells
    }
  }
}
