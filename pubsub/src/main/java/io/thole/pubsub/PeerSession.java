package io.thole.pubsub;

import io.thole.api.NodeId;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.TopicFilter;
import io.thole.spi.Channel.Sending;
import io.thole.spi.PartContext;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A session with the broker of another node: what it subscribes to, and what it is still to be told. What the peer says is
 * confined to the calls of the channel for this peer, which come one at a time; the rest is for any thread.
 */
final class PeerSession implements Origin, Outlet {
  private static final System.Logger LOG = System.getLogger(PeerSession.class.getName());

  /** How many subscriptions a peer may have; further ones are passed over. */
  static final int SUBSCRIPTIONS = 10_000;

  /** How many streams a peer may have; what further ones bring is passed over. */
  static final int STREAMS = 10_000;

  /** At how many places all its streams may end: many times what a node has subscriptions. */
  static final int STREAM_ENDS = 100_000;

  /** What a stream takes beside its label and where it ends: the flow, its entry, and the objects that a label is. */
  static final int STREAM_BYTES = 384;

  private final NodeId peer;
  private final LateChannel channel;
  private final Routes routes;
  private final Callbacks answers;
  private final Runnable stuck;
  private final LongFunction<@Nullable LocalSubscription> own;
  private final Chunks chunks;
  private final Pace pace;
  private final PartContext context;
  private final PeerBudget budget;
  private final PeerBudget.Share share;
  private final Map<Long, Target> targets = new HashMap<>();
  private final Map<Integer, Inflow> streams = new HashMap<>();
  private int streamEnds;
  private final Set<LocalSubscription> beginning = new LinkedHashSet<>();
  private final Owed progress = new Owed();
  private Map<Long, TopicFilter> staged = new LinkedHashMap<>();
  private long passedOver;
  private long malformed;
  private boolean unkept; // a stream found no room
  private List<PeerMessage.Ended> refused = new ArrayList<>();
  private volatile boolean known;

  private final AtomicLong owed = new AtomicLong();
  private final Outcomes outcomes = new Outcomes();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean answering = new AtomicBoolean(); // held while answers are sent
  private volatile long acknowledged;
  private List<PeerMessage.Ended> unsent = List.of(); // of who is answering

  /**
   * Begins one.
   *
   * @param peer the other node
   * @param channel the way there
   * @param routes learns what the peer subscribes to
   * @param own the subscriptions here, by their ids
   * @param chunks where items of its streams wait
   * @param budget what is kept for all peers
   * @param context the node
   * @param answers runs what sends answers
   * @param stuck is told that there was no room for an answer: {@link #flush} it later
   */
  PeerSession(
      NodeId peer,
      LateChannel channel,
      Routes routes,
      LongFunction<@Nullable LocalSubscription> own,
      Chunks chunks,
      PeerBudget budget,
      PartContext context,
      Callbacks answers,
      Runnable stuck) {
    this.peer = peer;
    this.channel = channel;
    this.routes = routes;
    this.own = own;
    this.chunks = chunks;
    this.budget = budget;
    this.share = budget.share(peer);
    this.context = context;
    this.pace = new Pace(context, this::say);
    this.answers = answers;
    this.stuck = stuck;
  }

  NodeId peer() {
    return peer;
  }

  /** Tells whether the peer has sent its whole table once. */
  boolean isKnown() {
    return known;
  }

  /** Takes a part of the peer's table; with the last one, it counts. */
  void onTable(PeerMessage.Table table) {
    if (table.first()) {
      staged = new LinkedHashMap<>();
    }
    for (PeerMessage.Entry entry : table.entries()) {
      if (staged.size() < SUBSCRIPTIONS) {
        staged.put(entry.id(), entry.topic());
      } else {
        passOver();
      }
    }
    if (table.last()) {
      replace(staged);
      staged = new LinkedHashMap<>();
      known = true;
      acknowledge(table.version());
    }
  }

  private void replace(Map<Long, TopicFilter> table) {
    List<Target> gone = targets.values().stream()
        .filter(target -> !target.topic().equals(table.get(target.id())))
        .toList();
    gone.forEach(target -> remove(target.id()));
    table.forEach(this::add);
  }

  void onSubscribed(PeerMessage.Subscribed subscribed) {
    add(subscribed.entry().id(), subscribed.entry().topic());
    acknowledge(subscribed.version());
  }

  void onUnsubscribed(PeerMessage.Unsubscribed unsubscribed) {
    remove(unsubscribed.id());
    acknowledge(unsubscribed.version());
  }

  /** The peer has published; each target for which its outcome finds room is to be told to this, once. */
  boolean takes(long publication, int place) {
    if (take(Outcomes.BYTES)) {
      return true;
    }
    refused.add(new PeerMessage.Ended(publication, place, Outcome.OVERFLOW));
    if (refused.size() == PeerMessage.OUTCOMES) {
      sayRefused();
    }
    return false;
  }

  /** For what was not taken there is no room to wait either: if the link has none, the peer finds out by its timeout. */
  private void sayRefused() {
    if (!refused.isEmpty()) {
      channel.reply(peer, new PeerMessage.Reported(refused));
      refused = new ArrayList<>();
    }
  }

  /** The peer streams, or to others than before. */
  void onStreaming(PeerMessage.Streaming streaming) {
    Inflow known = streams.get(streaming.stream());
    int others = streamEnds - (known == null ? 0 : known.ends());
    boolean goesOn = known == null
        ? streams.size() < STREAMS
        : known.goesOn(streaming.label(), streaming.next());
    if (!goesOn
        || !areFor(streaming.label(), streaming.targets())
        || others + streaming.targets().size() > STREAM_ENDS) {
      onMalformed();
    } else {
      Inflow flow = known == null ? begin(streaming) : known;
      if (flow != null) {
        flow.target(streaming.targets());
        streamEnds = others + flow.ends();
      }
    }
  }

  /** A stream begins, if there is room for it; else its publisher finds out by its timeout. */
  private @Nullable Inflow begin(PeerMessage.Streaming streaming) {
    if (!take(bytes(streaming.label()))) {
      unkept = true;
      return null;
    }
    Inflow flow = new Inflow(
        streaming.stream(), streaming.label(), peer, streaming.next(), own, chunks, this);
    streams.put(streaming.stream(), flow);
    return flow;
  }

  private static long bytes(Label label) {
    return (long) STREAM_BYTES + label.topic().name().length() + label.type().length();
  }

  private boolean areFor(Label label, List<Long> subscriptions) {
    return subscriptions.stream().allMatch(id -> {
      LocalSubscription subscription = own.apply(id);
      return subscription == null || subscription.topic().matches(label.topic());
    });
  }

  /** Items of a stream came. */
  void onStreamed(PeerMessage.Streamed streamed) {
    Inflow flow = streams.get(streamed.stream());
    if (flow == null) {
      if (!unkept) {
        onMalformed();
      }
    } else {
      flow.take(streamed.items(), streamed.count(), beginning::add);
    }
  }

  /** All that came together was taken: those for whom it is begin with it. */
  void begin() {
    sayRefused();
    beginning.forEach(LocalSubscription::begin);
    beginning.clear();
  }

  void onStreamEnded(PeerMessage.StreamEnded ended) {
    Inflow flow = streams.remove(ended.stream());
    if (flow != null) {
      streamEnds -= flow.ends();
      flow.end();
      give(bytes(flow.label()));
    }
  }

  @Override
  public void owe(Inlet inlet) {
    progress.add(inlet);
    stuck.run(); // looked at again soon, also where the handler takes its time
  }

  @Override
  public boolean take(long bytes) {
    boolean room = share.take(bytes);
    if (!room) {
      budget
          .complaint(context.nowNanos())
          .ifPresent(complaint -> LOG.log(Level.WARNING, complaint));
    }
    return room;
  }

  @Override
  public void give(long bytes) {
    share.give(bytes);
  }

  @Override
  public boolean tell(PeerMessage.Progressed progress) {
    return channel.reply(peer, progress) == Sending.SENT;
  }

  private void add(long id, TopicFilter topic) {
    if (targets.containsKey(id)) {
      return;
    }
    Target target = new Target(peer, id, topic);
    if (targets.size() < SUBSCRIPTIONS && routes.add(target)) {
      targets.put(id, target);
    } else {
      passOver();
    }
  }

  private void remove(long id) {
    Target target = targets.remove(id);
    if (target != null) {
      routes.remove(target);
    }
  }

  private void passOver() {
    if (++passedOver == 1) {
      LOG.log(
          Level.WARNING,
          "subscriptions of " + peer + " are passed over: it has more than " + SUBSCRIPTIONS
              + ", or there are more than " + Routes.TOPICS + " topics");
    }
  }

  /** The peer sent what no broker sends. */
  void onMalformed() {
    if (++malformed == 1) {
      LOG.log(Level.WARNING, "messages of " + peer + " make no sense to this node and are dropped");
    }
  }

  /** Returns how many subscriptions were passed over. */
  long passedOver() {
    return passedOver;
  }

  /** Returns how many messages made no sense. */
  long malformed() {
    return malformed;
  }

  /** The session has ended: what the peer subscribed to is gone. */
  void end() {
    List.copyOf(targets.keySet()).forEach(this::remove);
    streams.values().forEach(Inflow::end);
    streams.clear();
    progress.clear();
    outcomes.clear();
    share.close();
  }

  @Override
  public void ended(long publication, int place, Outcome outcome, String reason) {
    boolean kept = reason.isEmpty() || take(Outcomes.bytes(reason));
    outcomes.add(publication, place, outcome, reason, kept);
    flush();
  }

  private void acknowledge(long version) {
    owed.set(version);
    flush();
  }

  /** Has answered what can be answered now; what finds no room waits for the next time. */
  @Override
  public void flush() {
    if (scheduled.compareAndSet(false, true)) {
      answers.add(() -> {
        scheduled.set(false);
        say();
      });
    }
  }

  /** Answers here and now; if another thread is at it, that one looks again after letting go. */
  @Override
  public void say() {
    wanted.set(true);
    while (wanted.get() && answering.compareAndSet(false, true)) {
      try {
        wanted.set(false);
        answer();
      } finally {
        answering.set(false);
      }
    }
  }

  @Override
  public void saySoon() {
    pace.soon();
  }

  /** Tells whether the peer is still to be told something. */
  boolean owes() {
    return !outcomes.isEmpty() || owed.get() != acknowledged || !progress.isEmpty();
  }

  /** Outcomes gather while this sends others: so a busy peer is told many at once. */
  private void answer() {
    long version = owed.get();
    if (version != acknowledged) {
      if (!sent(new PeerMessage.Acknowledged(version))) {
        return;
      }
      acknowledged = version;
    }
    do {
      if (!unsent.isEmpty()) {
        if (!sent(new PeerMessage.Reported(unsent))) {
          return;
        }
        share.give(bytes(unsent));
        outcomes.said(unsent.size());
      }
      unsent = outcomes.next();
    } while (!unsent.isEmpty());
    progress.tell(this::sent);
  }

  private boolean sent(PeerMessage answer) {
    Sending sending = channel.reply(peer, answer);
    if (sending == Sending.NO_CREDIT) {
      stuck.run();
    }
    return sending == Sending.SENT;
  }

  private static long bytes(List<PeerMessage.Ended> ends) {
    long bytes = (long) ends.size() * Outcomes.BYTES;
    for (PeerMessage.Ended end : ends) {
      bytes += Outcomes.bytes(end.reason());
    }
    return bytes;
  }
}
