package io.thole.core.run;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.core.Worker;
import io.thole.core.grain.Activation;
import io.thole.core.grain.CallTable.Answer;
import io.thole.core.grain.GrainCodec;
import io.thole.core.grain.GrainCounts;
import io.thole.core.grain.GrainMessage;
import io.thole.core.grain.GrainMessage.Failed;
import io.thole.core.grain.GrainMessage.Live;
import io.thole.core.grain.GrainMessage.Refusal;
import io.thole.core.grain.GrainMessage.Refused;
import io.thole.core.grain.GrainMessage.Reply;
import io.thole.core.grain.GrainMessage.Request;
import io.thole.core.grain.GrainMessage.Survey;
import io.thole.core.grain.GrainRequest;
import io.thole.core.grain.KnownIds;
import io.thole.core.grain.Placement;
import io.thole.core.grain.Surveys;
import io.thole.spi.Channel;
import io.thole.spi.Channel.Sending;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Grains from one start of the node to its stop: leads each call to where it belongs. One made here is among the
 * {@link OpenCalls} until it ends. The {@link Directory} says which node has the grain; over there, or here, it comes to the
 * {@link Turns} of the grains, and what these reply goes into the {@link Answers}, or ends the call if it was made here. Each
 * of them has its own lock; they are taken in the order turns, open calls, directory, and nothing is carried out under them.
 */
final class GrainRun implements ChannelHandler {
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a call rests that was asked of the wrong node: about as long as a change takes to spread. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LocalGrains home;
  private final NodeId self;
  private final Supplier<Placement> placement;
  private final Worker tending;
  private final Pulse sweep;
  private final Pulse tend;
  private final OpenCalls calls;
  private final Directory directory;
  private final Turns turns;
  private final Answers answers;
  private final Moves moves;
  private final Census census;
  private final KnownIds known = new KnownIds();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong malformed = new AtomicLong();
  private volatile boolean open = true;
  private volatile Channel channel = new UnopenedChannel();

  /** What is sent before the channel is there is sent again soon, as where there is no room. */
  private static final class UnopenedChannel implements Channel {
    @Override
    public Sending send(NodeId node, Encodable message) {
      return Sending.NO_SESSION;
    }

    @Override
    public Sending reply(NodeId node, Encodable message) {
      return Sending.NO_CREDIT;
    }

    @Override
    public Sending cast(NodeId node, Encodable message) {
      return Sending.NO_SESSION;
    }

    @Override
    public void close() {}
  }

  GrainRun(LocalGrains home, NodeId self, Supplier<Placement> placement) {
    this.home = home;
    this.self = self;
    this.placement = placement;
    tending = home.workers.open("grain placement", 1);
    sweep = new Pulse(home.loop, SWEEP_NANOS, this::sweep);
    tend = new Pulse(home.loop, REST_NANOS, this::tendSoon);
    directory = new Directory(home.lookup, placement, new Found());
    calls = new OpenCalls(home, this::isMember, directory::rest);
    answers = new Answers(() -> channel, tend::need);
    turns = new Turns(home, self, new Outcomes());
    moves =
        new Moves(self, placement, directory, turns, this::rest, this::refuseToMove, tend::need);
    census = new Census(() -> channel, home::afterwards);
  }

  /** Opens the channel. What others say before this has returned is answered afterwards. */
  void open(Function<ChannelHandler, Channel> opening) {
    channel = opening.apply(this);
  }

  /**
   * Calls a grain.
   *
   * @param chain the grains whose turns wait for this call; the last one makes it
   */
  CompletionStage<CallReport> call(
      GrainId id, byte[] payload, long timeoutNanos, List<GrainId> chain) {
    long number = numbers.incrementAndGet();
    GrainRequest request = new GrainRequest(
        self, number, 0, number, id, chain, home.loop.nowNanos() + timeoutNanos, payload);
    CompletableFuture<CallReport> future = new CompletableFuture<>();
    Optional<NotSent> refusal = calls.open(request, future::complete);
    if (refusal.isPresent()) {
      return home.refused(id, refusal.get());
    }
    sweep.need();
    Placement now = placement.get();
    directory.find(request, now, () -> {}).ifPresent(host -> lead(request, host, now));
    return future;
  }

  /** Where a call made here goes, and where a peer's does. */
  private void lead(GrainRequest request, NodeId host, Placement chosenBy) {
    boolean own = isOwn(request);
    if (own && !calls.sent(request.call(), host)) {
      return; // it has come to its deadline meanwhile
    }
    if (host.equals(self)) {
      turns.enter(List.of(request));
    } else if (!own) {
      notHere(request);
    } else if (isMember(host)) {
      send(request, host, chosenBy);
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

  private void send(GrainRequest request, NodeId host, Placement chosenBy) {
    long remainingNanos = Math.max(0, request.deadlineNanos() - home.loop.nowNanos());
    Sending sending = channel.send(
        host,
        new Request(
            request.call(),
            remainingNanos,
            host.incarnation(),
            chosenBy.viewHash(),
            request.id(),
            request.chain(),
            request.payload()));
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
    public void replied(GrainRequest request, byte[] reply) {
      if (isOwn(request)) {
        calls.answered(self, request.call(), new Ok(reply.clone(), self));
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
    census.begun(peer);
  }

  @Override
  public void onEnded(NodeId peer) {
    census.ended(peer);
    calls.lost(peer);
  }

  @Override
  public void onMessages(NodeId from, List<ByteBuffer> messages) {
    Batch batch = new Batch(from);
    for (ByteBuffer bytes : messages) {
      Optional<GrainMessage> message = GrainCodec.decode(bytes, from, known);
      if (message.isPresent()) {
        batch.take(message.get());
      } else {
        malformed.incrementAndGet();
      }
    }
    batch.enter();
    batch.answer();
  }

  /** What arrives together: all requests of it go into the mailboxes at once, and all answers end their calls at once. */
  private final class Batch {
    private final NodeId from;
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
          home.loop.nowNanos() + asked.remainingNanos(),
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
      Optional<NodeId> host = directory.find(request, placement.get(), this::enter);
      if (host.isEmpty()) {
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

    private void enter() {
      if (!requests.isEmpty()) {
        turns.enter(requests);
        requests.clear();
      }
    }

    private void answer() {
      if (!answered.isEmpty()) {
        calls.answered(from, answered);
      }
    }
  }

  CompletionStage<List<GrainStatus>> survey(long timeoutNanos) {
    CompletionStage<List<GrainStatus>> survey = census.ask(
        numbers.incrementAndGet(),
        turns.statuses(Surveys.LIVE_LIMIT),
        home.loop.nowNanos() + timeoutNanos);
    sweep.need();
    return survey;
  }

  private boolean sweep() {
    long nowNanos = home.loop.nowNanos();
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
    answers.again(home.loop.nowNanos());
  }

  /** The view, or what members host, has changed. Any thread. */
  void onView() {
    tendSoon();
  }

  /**
   * Ends the activations of a kind after their turns; what waits for them is resolved once more.
   *
   * @return completes once their turns are over, or after 2 s
   */
  CompletableFuture<Void> remove(GrainKind kind) {
    List<Activation> ending =
        turns.living().stream().filter(activation -> activation.kind() == kind).toList();
    moves.move(ending);
    return once(() -> turns.calm(ending));
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
   * @return completes once nothing is open, or after 2 s
   */
  CompletableFuture<Void> drain() {
    open = false;
    calls.refuseNew();
    return once(() -> calls.size() == 0 && turns.calm() && answers.isEmpty());
  }

  private CompletableFuture<Void> once(BooleanSupplier calm) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    long deadlineNanos = home.loop.nowNanos() + DRAIN_NANOS;
    home.loop.execute(() -> look(calm, deadlineNanos, reached));
    return reached;
  }

  private void look(BooleanSupplier calm, long deadlineNanos, CompletableFuture<Void> reached) {
    if (calm.getAsBoolean() || home.loop.nowNanos() - deadlineNanos >= 0) {
      reached.complete(null);
    } else {
      home.loop.schedule(LOOK_NANOS, () -> look(calm, deadlineNanos, reached));
    }
  }

  /** Ends everything at once. On the loop. */
  void close() {
    sweep.stop();
    tend.stop();
    open = false;
    calls.refuseNew();
    answers.close();
    moves.close();
    calls.close();
    census.close();
    tending.close();
    channel.close();
  }

  int size() {
    return turns.size();
  }

  GrainCounts counts() {
    return new GrainCounts(
        calls.late(), directory.dropped() + turns.expired(), malformed.get(), answers.unsaid());
  }
}
