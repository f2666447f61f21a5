package io.thole.tcpprovider;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.spi.Channel;
import io.thole.spi.Channel.Sending;
import io.thole.spi.ChannelHandler;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers.PeerObserver;
import io.thole.tcpprovider.Membership.Step;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link TcpClusterProvider}: hands what happens to the {@link Membership} and carries out what that decides. What
 * happens is told on many threads and waits in an inbox; the part's worker takes it from there, and alone touches the rest. A
 * start takes from it, too, while it waits for the seeds.
 */
final class MembershipRun implements PeerObserver, ChannelHandler {
  /** The channel on which providers talk. */
  static final String CHANNEL = "tcp";

  /** How much may wait to be taken in: several events for each of the most peers that a transport can have. */
  static final int INBOX = 65_536;

  /** How many messages of one peer may wait: more than a whole WELCOME. */
  static final int WAITING = 64;

  private static final System.Logger LOG = System.getLogger(TcpClusterProvider.class.getName());

  private final PartContext context;
  private final Membership membership;
  private final BlockingQueue<Input> inbox = new ArrayBlockingQueue<>(INBOX);
  private final AtomicBoolean wakeDue = new AtomicBoolean();
  private final Map<NodeId, AtomicInteger> waiting = new ConcurrentHashMap<>();
  private final AtomicLong strays = new AtomicLong();
  private @Nullable Channel channel;
  private @Nullable EventSubscription subscription;
  private boolean alarmSet;
  private long alarmNanos;
  private volatile boolean over;

  /** Something that happened. */
  @FunctionalInterface
  private interface Input {
    List<Step> apply(Membership membership, long nowNanos);
  }

  /**
   * Prepares a run.
   *
   * @param context what the provider was given
   * @param settings how long to wait
   */
  MembershipRun(PartContext context, MembershipSettings settings) {
    this.context = context;
    NodeId self = context.self();
    this.membership = new Membership(
        self.authority(),
        context.seeds(),
        context.view().members(),
        settings,
        new Random(self.incarnation() ^ self.authority().hashCode()),
        context.nowNanos());
  }

  /**
   * Begins, and waits until the node has met whom it can meet at once.
   *
   * @param patience how long to wait at most
   */
  void start(Duration patience) {
    channel = context.open(CHANNEL, this);
    context.peers().watch(this);
    subscription = context
        .events()
        .subscribe(
            TopologyUpdated.class,
            event -> put((membership, nowNanos) -> membership.onView(event.members(), nowNanos)));
    membership.onStart().forEach(this::carryOut);
    awaitSeeds(patience);
    List<Authority> silent = membership.silentSeeds();
    if (!membership.met() && !silent.isEmpty()) {
      LOG.log(Level.WARNING, "no answer within {0} ms of seeds {1}", patience.toMillis(), silent);
    }
    takeAll();
  }

  /** Takes other times. On the worker. */
  void configure(MembershipSettings settings) {
    if (!over) {
      membership.configure(settings);
      takeAll();
    }
  }

  /** Ends. On the worker. */
  void stop() {
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

  @Override
  public void onUp(Peer peer) {
    put((membership, nowNanos) -> membership.onUp(peer, nowNanos));
  }

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {
    put((membership, nowNanos) -> membership.onLost(peer, announced, nowNanos));
  }

  @Override
  public void onLeaving(NodeId peer) {
    put((membership, nowNanos) -> membership.onLeave(peer));
  }

  @Override
  public void onRefused(Authority address, boolean nobodyListens, String reason) {
    put((membership, nowNanos) -> membership.onRefused(address, nobodyListens, reason, nowNanos));
  }

  @Override
  public void onBegun(NodeId peer) {
    waiting.put(peer, new AtomicInteger());
    put((membership, nowNanos) -> membership.onBegun(peer));
  }

  @Override
  public void onEnded(NodeId peer) {
    waiting.remove(peer);
    put((membership, nowNanos) -> membership.onEnded(peer));
  }

  @Override
  public void onMessages(NodeId from, List<ByteBuffer> messages) {
    messages.forEach(message -> MembershipMessage.decode(message)
        .ifPresentOrElse(read -> onMessage(from, read), () -> stray(from)));
  }

  private void onMessage(NodeId from, MembershipMessage message) {
    AtomicInteger before = waiting.computeIfAbsent(from, peer -> new AtomicInteger());
    if (before.incrementAndGet() > WAITING) {
      before.decrementAndGet();
      stray(from);
      return;
    }
    put((membership, nowNanos) -> {
      before.decrementAndGet();
      return steps(from, message);
    });
  }

  private List<Step> steps(NodeId from, MembershipMessage message) {
    if (message instanceof MembershipMessage.Join) {
      return membership.onJoin(from);
    } else if (message instanceof MembershipMessage.Welcome welcome) {
      return membership.onWelcome(from, welcome);
    }
    throw new AssertionError("no such message: " + message);
  }

  /** Any thread. */
  private void put(Input input) {
    if (over) {
      return;
    }
    if (!inbox.offer(input)) {
      LOG.log(Level.WARNING, "connections come and go too fast: {0} changes wait", INBOX);
    } else if (wakeDue.compareAndSet(false, true)) {
      context.execute(this::takeAll);
    }
  }

  private void takeAll() {
    wakeDue.set(false);
    for (Input next = inbox.poll(); next != null && !over; next = inbox.poll()) {
      take(next);
    }
    if (!over) {
      take(Membership::onTime);
      setAlarm();
    }
  }

  private void take(Input input) {
    long nowNanos = context.nowNanos();
    membership.leaveVerdicts(context.verdicts(), nowNanos);
    input.apply(membership, nowNanos).forEach(this::carryOut);
  }

  private void awaitSeeds(Duration patience) {
    long beganNanos =
        System.nanoTime(); // of those who wait: a start that blocks stops virtual time
    try {
      for (long leftNanos = patience.toNanos();
          leftNanos > 0 && !membership.met();
          leftNanos = beganNanos + patience.toNanos() - System.nanoTime()) {
        long dueNanos = membership.deadlineNanos(context.nowNanos()).orElse(Long.MAX_VALUE);
        long untilDueNanos = Math.max(1, dueNanos - context.nowNanos());
        Input next = inbox.poll(Math.min(leftNanos, untilDueNanos), TimeUnit.NANOSECONDS);
        take(next == null ? Membership::onTime : next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void setAlarm() {
    long nowNanos = context.nowNanos();
    membership.deadlineNanos(nowNanos).ifPresent(deadline -> {
      if (!alarmSet || deadline - alarmNanos < 0) {
        alarmSet = true;
        alarmNanos = deadline;
        Duration delay = Duration.ofNanos(Math.max(0, deadline - nowNanos));
        context.schedule(delay, () -> ring(deadline));
      }
    });
  }

  private void ring(long deadlineNanos) {
    if (deadlineNanos == alarmNanos) {
      alarmSet = false;
    }
    takeAll();
  }

  private void carryOut(Step step) {
    if (step instanceof Step.Joined joined) {
      context.topology().joined(List.of(joined.node()));
    } else if (step instanceof Step.Left left) {
      takeOut(left.node());
    } else if (step instanceof Step.Dial dial) {
      context.peers().dial(dial.address());
    } else if (step instanceof Step.Ask ask) {
      send(ask.peer(), new MembershipMessage.Join());
    } else if (step instanceof Step.Answer answer) {
      MembershipMessage.welcome(view()).forEach(message -> send(answer.peer(), message));
    } else if (step instanceof Step.Note note) {
      LOG.log(Level.WARNING, note.line());
    } else if (step instanceof Step.Stray stray) {
      stray(stray.peer());
    } else {
      throw new AssertionError("no such step: " + step);
    }
  }

  private void takeOut(NodeId node) {
    if (membership.lost(node)) {
      context.topology().lost(List.of(node));
    } else {
      context.topology().left(List.of(node));
    }
  }

  /** Who is there, also those whom the node was told of and has not published yet. */
  private Collection<NodeId> view() {
    Map<Authority, NodeId> view = new TreeMap<>();
    context.view().members().forEach(node -> view.put(node.authority(), node));
    membership.members().forEach(node -> view.put(node.authority(), node));
    return view.values();
  }

  private void send(NodeId peer, MembershipMessage message) {
    Channel to = channel;
    Sending sending = to == null ? Sending.NO_SESSION : to.reply(peer, message);
    if (sending != Sending.SENT) {
      LOG.log(Level.DEBUG, "not told to {0}: {1} ({2})", peer, message, sending);
    }
  }

  private void stray(NodeId from) {
    if (strays.incrementAndGet() == 1) {
      LOG.log(
          Level.WARNING,
          "{0} says what no provider says; that is dropped, and what follows is only counted",
          from);
    }
  }
}
