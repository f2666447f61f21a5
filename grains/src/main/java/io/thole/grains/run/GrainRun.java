package io.thole.grains.run;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.grains.Activation;
import io.thole.grains.CallTable.Answer;
import io.thole.grains.GrainCodec;
import io.thole.grains.GrainCounts;
import io.thole.grains.GrainMessage;
import io.thole.grains.GrainMessage.Closing;
import io.thole.grains.GrainMessage.Failed;
import io.thole.grains.GrainMessage.Heeded;
import io.thole.grains.GrainMessage.Live;
import io.thole.grains.GrainMessage.Refusal;
import io.thole.grains.GrainMessage.Refused;
import io.thole.grains.GrainMessage.Reply;
import io.thole.grains.GrainMessage.Request;
import io.thole.grains.GrainMessage.Survey;
import io.thole.grains.GrainRequest;
import io.thole.grains.KnownIds;
import io.thole.grains.Placement;
import io.thole.grains.Surveys;
import io.thole.grains.run.Directory.Look;
import io.thole.spi.Channel.Sending;
import io.thole.spi.ChannelHandler;
import io.thole.spi.IdentityLookup;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers.PeerObserver;
import io.thole.spi.SerialWorker;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Grains from one start of the node to its stop: leads each call to where it belongs. One made here is among the
 * {@link OpenCalls} until it ends. The {@link Directory} says which node has the grain; over there, or here, it comes to the
 * {@link Turns} of the grains, and what these reply goes into the {@link Answers}, or ends the call if it was made here. Each
 * of them has its own lock; they are taken in the order turns, open calls, directory, and nothing is carried out under them.
 * Any thread.
 */
final class GrainRun implements ChannelHandler {
  private static final Duration SWEEP = Duration.ofMillis(100);

  /** How long a call rests that was asked of the wrong node: about as long as a change takes to spread. */
  private static final Duration REST = Duration.ofMillis(50);

  private static final Duration LOOK = Duration.ofMillis(10);
  private static final long REMOVE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final PartContext context;
  private final NodeId self;
  private final Supplier<Placement> placement;
  private final Ledger ledger;
  private final SerialWorker tending;
  private final Pulse sweep;
  private final Pulse tend;
  private final Callbacks callbacks;
  private final Sessions sessions;
  private final OpenCalls calls;
  private final Directory directory;
  private final Turns turns;
  private final Answers answers;
  private final Moves moves;
  private final Census census;
  private final KnownIds known = new KnownIds();

  /** Never used again, also not by a later run of this part in the same run of the node: what was asked by this one may be answered then. */
  private final AtomicLong numbers;

  private final AtomicLong malformed = new AtomicLong();
  private final Set<Runnable> awaited = ConcurrentHashMap.newKeySet();
  private volatile boolean open = true;
  private volatile boolean closed;
  private boolean heeded; // at the last look; the part's own
  private final LateChannel channel = new LateChannel();
  private @Nullable EventSubscription views; // the part's own

  /** Whether the answers came several at a time of late: then the next calls will, too. */
  private volatile boolean several;

  GrainRun(PartContext context, IdentityLookup lookup, Ledger ledger) {
    this.context = context;
    this.ledger = ledger;
    self = context.self();
    numbers = new AtomicLong(context.nowNanos()); // no run makes a call in each nanosecond
    placement = new CurrentPlacement(context, self);
    tending = context.worker("placement", 1);
    callbacks = new Callbacks(context.worker("callbacks", 2));
    sweep = new Pulse(context, SWEEP, this::sweep);
    tend = new Pulse(context, REST, this::tendSoon);
    directory = new Directory(lookup, placement, new Found());
    calls = new OpenCalls(ledger, this::isMember, directory::rest, callbacks::tell);
    answers = new Answers(channel, tend::need);
    turns = new Turns(context, self, new Outcomes());
    moves =
        new Moves(self, placement, directory, turns, this::rest, this::refuseToMove, tend::need);
    sessions = new Sessions(channel);
    census = new Census(channel, sessions, callbacks::afterwards);
  }

  /** Opens the channel, and looks out for changes. What others say before this has returned is answered afterwards. */
  void open() {
    channel.opened(context.open("grains", this));
    context.peers().watch(new Neighbours());
    views = context.events().subscribe(TopologyUpdated.class, changed -> tendSoon());
  }

  /** Calls a grain, on behalf of the grains whose turn this thread serves, if it does. */
  CompletionStage<CallReport> call(GrainId id, byte[] payload, long timeoutNanos) {
    List<GrainId> chain = turns.chain();
    Optional<NotSent> cycle = cycle(id, chain);
    if (cycle.isPresent()) {
      return CompletableFuture.completedFuture(ledger.refused(id, cycle.get()));
    }
    long number = numbers.incrementAndGet();
    long deadlineNanos = context.nowNanos() + timeoutNanos;
    GrainRequest request =
        new GrainRequest(self, number, 0, number, id, chain, deadlineNanos, payload);
    CallEnd future = new CallEnd();
    Look look = directory.look(id, placement.get());
    Optional<NodeId> host = look.host();
    Optional<NotSent> refusal =
        host.isPresent() ? calls.open(request, host.get(), future) : calls.open(request, future);
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(ledger.refused(id, refusal.get()));
    }
    sweep.need();
    if (host.isPresent()) {
      go(request, host.get(), look.now(), timeoutNanos);
    } else {
      directory.find(request, look);
    }
    return future;
  }

  private static Optional<NotSent> cycle(GrainId id, List<GrainId> chain) {
    if (chain.contains(id)) {
      return Optional.of(
          new NotSent(NotSentReason.CYCLE, "the call would wait for itself: " + text(chain, id)));
    }
    return chain.size() < GrainRequest.CHAIN_LIMIT
        ? Optional.empty()
        : Optional.of(new NotSent(
            NotSentReason.CYCLE,
            "more than " + GrainRequest.CHAIN_LIMIT + " grains would wait for each other: "
                + text(chain, id)));
  }

  private static String text(List<GrainId> chain, GrainId id) {
    return Stream.concat(chain.stream(), Stream.of(id))
        .map(GrainId::toString)
        .collect(Collectors.joining(" -> "));
  }

  /** Where a call made here goes, and where a peer's does. */
  private void lead(GrainRequest request, NodeId host, Placement chosenBy) {
    if (isOwn(request)) {
      if (calls.sent(request.call(), host)) { // else it has come to its deadline meanwhile
        go(request, host, chosenBy, Math.max(0, request.deadlineNanos() - context.nowNanos()));
      }
    } else if (host.equals(self)) {
      turns.enter(List.of(request));
    } else {
      notHere(request);
    }
  }

  private void go(GrainRequest request, NodeId host, Placement chosenBy, long remainingNanos) {
    if (host.equals(self)) {
      turns.enter(List.of(request));
    } else if (sessions.isClosing(host)) {
      takeBack(request.call(), host, host + " serves no more calls for now");
    } else if (isMember(host)) {
      send(request, host, chosenBy, remainingNanos);
    } else {
      takeBack(request.call(), host, host + " has left while its host was looked up");
    }
  }

  private boolean isOwn(GrainRequest request) {
    return request.caller().equals(self);
  }

  /** Who was removed may be connected again, and not know it. */
  private boolean isMember(NodeId node) {
    return node.equals(self) || placement.get().has(node);
  }

  private void send(GrainRequest request, NodeId host, Placement chosenBy, long remainingNanos) {
    Request message = new Request(
        request.call(),
        remainingNanos,
        host.incarnation(),
        chosenBy.viewHash(),
        request.id(),
        request.chain(),
        request.payload());
    boolean many = several || calls.size() > 1;
    Sending sending = many ? channel.gather(host, message) : channel.send(host, message);
    switch (sending) {
      case SENT -> {}
      case NO_CREDIT ->
        calls.answered(
            host,
            request.call(),
            new NotSent(NotSentReason.BUSY, "too much waits already for " + host));
      case NO_SESSION -> takeBack(request.call(), host, "there is no link to " + host);
    }
  }

  /** A node has certainly not executed a call: it goes back on its road, until its deadline. */
  private void takeBack(long call, NodeId node, String why) {
    calls.takeBack(call, node, why);
    tend.need();
  }

  private void notHere(GrainRequest request) {
    if (isOwn(request)) {
      takeBack(request.call(), self, "it cannot live on " + self + " at the moment");
    } else {
      boolean sameView = request.view() == placement.get().viewHash();
      refuse(request, sameView ? Refusal.NOT_HERE : Refusal.OTHER_VIEW);
    }
  }

  private void full(GrainRequest request) {
    if (isOwn(request)) {
      calls.answered(
          self, request.call(), new NotSent(NotSentReason.BUSY, busyText(self, request.id())));
    } else {
      refuse(request, Refusal.BUSY);
    }
  }

  private static String busyText(NodeId node, Object id) {
    return "too many requests wait for " + id + " on " + node;
  }

  private void refuse(GrainRequest request, Refusal refusal) {
    answers.give(request, new Refused(request.call(), refusal));
  }

  /** What the directory says of requests that had to wait for it. */
  private final class Found implements Directory.Guide {
    @Override
    public void found(GrainRequest request, NodeId host, Placement chosenBy) {
      lead(request, host, chosenBy);
    }

    @Override
    public void nowhere(GrainRequest request, NotSent why) {
      if (isOwn(request)) {
        calls.end(request.call(), why);
      } else {
        notHere(request);
      }
    }
  }

  /** What became of requests that came to their grains here. */
  private final class Outcomes implements Turns.Outcomes {
    @Override
    public void replied(GrainRequest request, byte[] reply, boolean held) {
      if (isOwn(request)) {
        calls.answered(self, request.call(), new Ok(reply.clone(), self));
      } else if (held) {
        answers.hold(request, new Reply(request.call(), reply));
      } else {
        answers.give(request, new Reply(request.call(), reply));
      }
    }

    @Override
    public void failed(GrainRequest request, AppError error) {
      if (isOwn(request)) {
        calls.answered(self, request.call(), error);
      } else {
        answers.give(request, new Failed(request.call(), error.type(), error.message()));
      }
    }

    @Override
    public void full(GrainRequest request) {
      GrainRun.this.full(request);
    }

    @Override
    public void notHere(GrainRequest request) {
      GrainRun.this.notHere(request);
    }

    /** Whoever waits for this has perhaps gone on without this node, and then does not ask again. */
    @Override
    public void wasStopped(GrainRequest request) {
      if (isOwn(request)) {
        takeBack(request.call(), self, "this node was stopped for a while");
      } else {
        refuse(request, Refusal.WAS_STOPPED);
      }
    }
  }

  @Override
  public void onBegun(NodeId peer) {
    sessions.begun(peer);
  }

  @Override
  public void onEnded(NodeId peer) {
    sessions.ended(peer);
    census.ended(peer);
    calls.lost(peer);
  }

  @Override
  public void onMessages(NodeId from, List<ByteBuffer> messages) {
    Batch batch = new Batch(from);
    try {
      for (ByteBuffer bytes : messages) {
        Optional<GrainMessage> message = GrainCodec.decode(bytes, from, known);
        if (message.isPresent()) {
          batch.take(message.get());
        } else {
          malformed.incrementAndGet();
        }
      }
    } finally { // also where one of them failed, what came with it is served and told
      batch.end();
    }
  }

  /** What arrives together: all requests of it go into the mailboxes at once, and all answers end their calls at once. */
  private final class Batch {
    private final NodeId from;
    private final long nowNanos = context.nowNanos();
    private final List<GrainRequest> requests = new ArrayList<>();
    private final List<Answer> answered = new ArrayList<>();

    Batch(NodeId from) {
      this.from = from;
    }

    void take(GrainMessage message) {
      if (message instanceof Request m) {
        request(m);
      } else if (message instanceof Reply m) {
        answered.add(new Answer(m.call(), new Ok(m.payload(), from)));
      } else if (message instanceof Failed m) {
        answered.add(new Answer(m.call(), new AppError(m.type(), m.message())));
      } else if (message instanceof Refused m) {
        refused(m);
      } else if (message instanceof Survey m) {
        census.tell(from, m.number(), turns.statuses(Surveys.LIVE_LIMIT));
      } else if (message instanceof Live m) {
        census.told(from, m);
      } else if (message instanceof Closing) {
        sessions.heed(from);
      } else if (message instanceof Heeded) {
        sessions.heeded(from);
      } else {
        throw new AssertionError("a message that nobody takes: " + message.getClass());
      }
    }

    private void request(Request asked) {
      GrainRequest request = new GrainRequest(
          from,
          asked.call(),
          asked.view(),
          numbers.incrementAndGet(),
          asked.id(),
          asked.chain(),
          nowNanos + asked.remainingNanos(),
          asked.payload());
      if (asked.owner() != self.incarnation()) {
        refuse(request, Refusal.OTHER_RUN);
      } else if (!open) {
        notHere(request);
      } else if (!directory.admits(request)) {
        full(request);
      } else {
        find(request);
      }
    }

    private void find(GrainRequest request) {
      Look look = directory.look(request.id(), placement.get());
      Optional<NodeId> host = look.host();
      if (host.isEmpty()) {
        enter(); // what came before it is not overtaken
        directory.find(request, look);
        sweep.need();
      } else if (host.get().equals(self)) {
        requests.add(request);
      } else {
        notHere(request);
      }
    }

    private void refused(Refused refused) {
      switch (refused.refusal()) {
        case NOT_HERE -> takeBack(refused, "does not live there");
        case OTHER_VIEW ->
          takeBack(refused, "does not live there, and sees another cluster than this node");
        case WAS_STOPPED -> takeBack(refused, "was stopped for a while");
        case OTHER_RUN -> takeBack(refused, "is another run than the one asked");
        case BUSY ->
          answered.add(new Answer(
              refused.call(), new NotSent(NotSentReason.BUSY, busyText(from, "the grain"))));
      }
    }

    private void takeBack(Refused refused, String why) {
      GrainRun.this.takeBack(refused.call(), from, from + " says that it " + why);
    }

    void end() {
      try {
        enter();
      } finally {
        answer();
      }
    }

    private void enter() {
      if (!requests.isEmpty()) {
        turns.enter(requests);
        requests.clear();
      }
    }

    private void answer() {
      if (!answered.isEmpty()) {
        several = answered.size() > 1;
        calls.answered(from, answered);
      }
    }
  }

  CompletionStage<List<GrainStatus>> survey(long timeoutNanos) {
    CompletionStage<List<GrainStatus>> survey = census.ask(
        numbers.incrementAndGet(),
        turns.statuses(Surveys.LIVE_LIMIT),
        context.nowNanos() + timeoutNanos);
    sweep.need();
    return survey;
  }

  private boolean sweep() {
    long nowNanos = context.nowNanos();
    calls.expire(nowNanos);
    census.expire(nowNanos);
    directory.expire(nowNanos);
    return calls.size() > 0 || directory.size() > 0 || census.size() > 0;
  }

  private boolean tendSoon() {
    tending.offer(this::tend); // or it waits already, and will see all that there is
    return false;
  }

  /** Ends what has no place here any more, and takes up again what rests. On the tending worker. */
  private void tend() {
    if (moves.look()) {
      calls.checkMembers();
    }
    answers.again(context.nowNanos());
  }

  /** What members host may have changed. */
  private final class Neighbours implements PeerObserver {
    @Override
    public void onUp(Peer peer) {
      tendSoon();
    }

    @Override
    public void onLost(NodeId peer, boolean announced, String reason) {
      tendSoon();
    }

    @Override
    public void onRefused(Authority address, boolean nobodyListens, String reason) {}
  }

  /**
   * Ends the activations of a kind after their turns; what waits for them is resolved once more.
   *
   * @param gone runs once their turns are over, or after 2 s
   */
  void remove(GrainKind kind, Runnable gone) {
    long deadlineNanos = context.nowNanos() + REMOVE_NANOS;
    await(gone);
    context.execute(() -> {
      List<Activation> ending = turns.living().stream()
          .filter(activation -> activation.kind() == kind)
          .toList();
      moves.move(ending);
      look(() -> turns.calm(ending) || context.nowNanos() - deadlineNanos >= 0, gone);
    });
  }

  /** Under the lock of the turns. */
  private void rest(GrainRequest request, String why) {
    if (isOwn(request)) {
      calls.takeBack(request.call(), self, why);
    }
  }

  private void refuseToMove(GrainRequest request) {
    if (!isOwn(request)) {
      notHere(request);
    }
  }

  /**
   * Refuses what is new, and lets what is open come to an end.
   *
   * @param drained runs once nothing is open here, and all peers know that nothing is served any more
   */
  void drain(Runnable drained) {
    open = false;
    calls.refuseNew();
    await(drained);
    context.execute(() -> look(this::isDrained, drained));
  }

  private boolean isDrained() {
    boolean before = heeded || sessions.all().isEmpty(); // then nobody can be late
    sessions.close();
    heeded = sessions.areHeeding();
    return before
        && heeded
        && calls.size() == 0
        && directory.size() == 0
        && turns.calm()
        && answers.isEmpty();
  }

  /** Has something run later, or when this ends. */
  private void await(Runnable then) {
    awaited.add(then);
    if (closed) {
      end(then);
    }
  }

  private void end(Runnable awaiting) {
    if (awaited.remove(awaiting)) {
      awaiting.run();
    }
  }

  private void look(BooleanSupplier condition, Runnable then) {
    if (!condition.getAsBoolean()) {
      context.schedule(LOOK, () -> look(condition, then));
    } else {
      end(then);
    }
  }

  /** Ends everything at once; nothing is open when this returns. */
  void close() {
    open = false;
    if (views != null) {
      views.close();
    }
    calls.refuseNew();
    answers.close();
    moves.close();
    calls.close();
    census.close();
    tending.close();
    channel.close();
    callbacks.close(); // nobody ends a call any more
    closed = true;
    awaited.forEach(this::end);
  }

  int size() {
    return turns.size();
  }

  GrainCounts counts() {
    return new GrainCounts(
        calls.late(), directory.dropped() + turns.expired(), malformed.get(), answers.unsaid());
  }
}
