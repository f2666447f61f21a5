package io.thole.core.run;

import io.thole.api.NodeId;
import io.thole.api.grain.CallReport;
import io.thole.api.grain.CallReport.AppError;
import io.thole.api.grain.CallReport.NotSent;
import io.thole.api.grain.CallReport.NotSentReason;
import io.thole.api.grain.CallReport.Ok;
import io.thole.api.grain.CallReport.Unknown;
import io.thole.api.grain.CallReport.UnknownReason;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.GrainStatus;
import io.thole.core.Worker;
import io.thole.core.grain.Activation;
import io.thole.core.grain.ActivationTable;
import io.thole.core.grain.ActivationTable.Entry;
import io.thole.core.grain.CallTable;
import io.thole.core.grain.CallTable.Ended;
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
import io.thole.core.grain.Placement;
import io.thole.core.grain.Rendezvous;
import io.thole.core.grain.Road;
import io.thole.core.grain.Roads;
import io.thole.core.grain.Surveys;
import io.thole.spi.Channel;
import io.thole.spi.Channel.Sending;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Grains from one start of the node to its stop. A call, made here or by a peer, goes on the road of its grain until the
 * host is found, and from there into a mailbox of this node or over the channel. The tables are under the lock of
 * {@link LocalGrains}; they decide, and what they decide is carried out after the lock is let go.
 */
final class GrainRun implements ChannelHandler {
  /** How many bytes of answers may wait for peers that do not read: as much as a link keeps of its own, twice. */
  private static final long ANSWERS_BYTES = 16 << 20;

  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a call rests that was asked of the wrong node: about as long as a change takes to spread. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** For how long an answer may wait for those that follow: a fraction of what the write of each alone would cost its reader. */
  private static final long HOLD_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LocalGrains home;
  private final NodeId self;
  private final Supplier<Placement> placement;
  private final Worker tending;
  private final Pulse sweep;
  private final Pulse tend;

  private final AtomicLong numbers = new AtomicLong();
  private final CallTable calls = new CallTable(); // these under the lock
  private final ActivationTable activations = new ActivationTable();
  private final Roads roads = new Roads();
  private final Surveys surveys = new Surveys();
  private final Set<NodeId> sessions = new HashSet<>();
  private final List<Answer> answers = new ArrayList<>();
  private final List<Activation> leaving = new ArrayList<>(); // they belong elsewhere
  private Phase phase = Phase.OPEN;
  private long answersBytes;
  private long late;
  private long expired;
  private long malformed;
  private long unsaid;

  /** Whether the answers came several at a time of late: then the next calls will, too. */
  private volatile boolean several;

  /** Who takes in what arrived together: it has grains serve when all of it is in their mailboxes. */
  private volatile @Nullable Thread taking;

  private volatile Channel channel = new UnopenedChannel();
  private Placement checked = Placement.NOWHERE; // the tending worker's own

  private enum Phase {
    OPEN,
    DRAINING,
    CLOSED
  }

  /** What could not be told yet: the peer's room for answers is full. */
  private record Answer(GrainRequest request, GrainMessage message) {}

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
    CallEnd future = new CallEnd();
    Optional<NotSent> refusal = home.locked(() -> refusal(request, future));
    if (refusal.isPresent()) {
      return home.refused(id, refusal.get());
    }
    sweep.need();
    resolve(request);
    return future;
  }

  private Optional<NotSent> refusal(GrainRequest request, Consumer<CallReport> end) {
    if (phase != Phase.OPEN) {
      return Optional.of(new NotSent(NotSentReason.CLOSING, "the node is stopping"));
    }
    if (!calls.open(request, end)) {
      return Optional.of(new NotSent(
          NotSentReason.BUSY, calls.size() + " calls of this node are open, which is too many"));
    }
    home.books.called(request.id().kind());
    return Optional.empty();
  }

  /** Sends a request to its grain: at once if its host can be told without asking, and nobody waits who would be overtaken. */
  private void resolve(GrainRequest request) {
    GrainId id = request.id();
    Placement now = placement.get();
    List<NodeId> hosts = now.hosts(id.kind());
    if (home.lookup instanceof RendezvousLookup
        && !hosts.isEmpty()
        && !home.locked(() -> roads.stands(id))) {
      dispatch(request, Rendezvous.choose(id, hosts), now);
    } else {
      home.locked(() -> roads.join(request)).ifPresent(this::find);
    }
  }

  private void find(Road road) {
    Placement now = placement.get();
    String kind = road.id().kind();
    List<NodeId> hosts = now.hosts(kind);
    if (hosts.isEmpty()) {
      NotSent nowhere = now.knows(kind)
          ? new NotSent(NotSentReason.NO_HOST, "no member that can be reached hosts kind " + kind)
          : new NotSent(NotSentReason.UNKNOWN_KIND, "no node has kind " + kind);
      walk(road, request -> unplaced(request, nowhere));
      return;
    }
    lookup(road.id(), now).whenComplete((host, thrown) -> {
      if (thrown == null && host != null && hosts.contains(host)) {
        walk(road, request -> dispatch(request, host, now));
      } else {
        NotSent failed = new NotSent(
            NotSentReason.NO_HOST,
            "the lookup of " + road.id() + " failed: "
                + GrainCodec.harmless(thrown == null ? "it says " + host : thrown.toString()));
        walk(road, request -> unplaced(request, failed));
      }
    });
  }

  private CompletionStage<NodeId> lookup(GrainId id, Placement now) {
    try {
      return Objects.requireNonNull(home.lookup.lookup(id, now.view(), now.hosts(id.kind())));
    } catch (Throwable thrown) { // a lookup may be anyone's
      return CompletableFuture.failedFuture(thrown);
    }
  }

  private void walk(Road road, Consumer<GrainRequest> step) {
    for (Optional<GrainRequest> next = home.locked(() -> roads.next(road));
        next.isPresent();
        next = home.locked(() -> roads.next(road))) {
      step.accept(next.get());
    }
  }

  private void unplaced(GrainRequest request, NotSent reason) {
    if (request.caller().equals(self)) {
      end(() -> calls.end(request.call(), reason));
    } else {
      notHere(request);
    }
  }

  private void dispatch(GrainRequest request, NodeId host, Placement chosenBy) {
    boolean own = request.caller().equals(self);
    if (own && !home.locked(() -> calls.sent(request.call(), host))) {
      return; // it has come to its deadline meanwhile
    }
    if (host.equals(self)) {
      enter(request);
    } else if (!own) {
      notHere(request);
    } else if (isMember(host)) {
      send(request, host, chosenBy);
    } else {
      takeBack(request.call(), host, host + " has left while its host was looked up");
    }
  }

  /** Who was removed may be connected again, and not know it. */
  private boolean isMember(NodeId node) {
    return node.equals(self) || placement.get().has(node);
  }

  private void send(GrainRequest request, NodeId host, Placement chosenBy) {
    long remainingNanos = Math.max(0, request.deadlineNanos() - home.loop.nowNanos());
    Request message = new Request(
        request.call(),
        remainingNanos,
        host.incarnation(),
        chosenBy.viewHash(),
        request.id(),
        request.chain(),
        request.payload());
    boolean many = several || home.locked(calls::size) > 1;
    Sending sending = many ? channel.gather(host, message) : channel.send(host, message);
    switch (sending) {
      case SENT -> {}
      case NO_CREDIT ->
        answered(
            request.call(),
            host,
            new NotSent(NotSentReason.BUSY, "too much waits already for " + host));
      case NO_SESSION -> takeBack(request.call(), host, "there is no link to " + host);
    }
  }

  /** A node has certainly not executed a call: it goes back on its road, until its deadline. */
  private void takeBack(long call, NodeId node, String why) {
    home.locked(() -> {
      Optional<GrainRequest> again = calls.refused(call, node, why);
      again.ifPresent(roads::rest);
      return again;
    });
    tend.need();
  }

  private void answered(long call, NodeId node, CallReport report) {
    home.tell(heard(call, node, report));
  }

  private List<Ended> heard(long call, NodeId node, CallReport report) {
    return booked(() -> {
      Optional<Ended> ended = calls.answered(call, node, fenced(node, report));
      late += ended.isEmpty() ? 1 : 0;
      return ended.stream().toList();
    });
  }

  /** What a node has done of which this one holds that it left does not count: the grain may live elsewhere by now. */
  private CallReport fenced(NodeId node, CallReport report) {
    return report instanceof NotSent || isMember(node)
        ? report
        : new Unknown(UnknownReason.NODE_LOST);
  }

  private void end(Supplier<Optional<Ended>> decision) {
    endAll(() -> decision.get().stream().toList());
  }

  private void endAll(Supplier<List<Ended>> decision) {
    home.tell(booked(decision));
  }

  private List<Ended> booked(Supplier<List<Ended>> decision) {
    return home.locked(() -> {
      List<Ended> decided = decision.get();
      decided.forEach(one -> home.books.ended(one.request().id().kind(), one.report()));
      return decided;
    });
  }

  private void enter(GrainRequest request) {
    if (home.loop.wasStopped()) {
      wasStopped(request);
      return;
    }
    Entry entry = home.locked(() -> {
      Optional<GrainKind> kind = home.kind(request.id().kind());
      return phase == Phase.CLOSED || kind.isEmpty()
          ? Entry.ENDING
          : activations.enter(request, kind.get());
    });
    switch (entry) {
      case TAKEN -> {
        if (taking != Thread.currentThread()) {
          serveNext();
        }
      }
      case FULL -> busy(request);
      case ENDING -> notHere(request);
    }
  }

  /** Whoever waits for this has perhaps gone on without this node, and then does not ask again. */
  private void wasStopped(GrainRequest request) {
    if (request.caller().equals(self)) {
      takeBack(request.call(), self, "this node was stopped for a while");
    } else {
      refuse(request, Refusal.WAS_STOPPED);
    }
  }

  private void busy(GrainRequest request) {
    if (request.caller().equals(self)) {
      answered(request.call(), self, new NotSent(NotSentReason.BUSY, busyText(self, request.id())));
    } else {
      refuse(request, Refusal.BUSY);
    }
  }

  private static String busyText(NodeId node, Object id) {
    return "too many requests wait for " + id + " on " + node;
  }

  private void notHere(GrainRequest request) {
    if (request.caller().equals(self)) {
      takeBack(request.call(), self, "it cannot live on " + self + " at the moment");
    } else {
      boolean sameView = request.view() == placement.get().viewHash();
      refuse(request, sameView ? Refusal.NOT_HERE : Refusal.OTHER_VIEW);
    }
  }

  private void refuse(GrainRequest request, Refusal refusal) {
    reply(request, new Refused(request.call(), refusal), false);
  }

  /** Has every activation serve that has mail and a turn, on a worker that it has for as long as it has mail. */
  private void serveNext() {
    for (Optional<Activation> next = home.locked(activations::successor);
        next.isPresent();
        next = home.locked(activations::successor)) {
      Activation serving = next.get();
      Worker worker = home.workers.open("grain " + serving.id(), 1);
      worker.offer(() -> serve(serving, worker));
    }
  }

  private void serve(Activation activation, Worker worker) {
    boolean stopped = false; // of what waits for one grain, nothing overtakes what is refused
    long sinceNanos = home.loop.nowNanos(); // something was held, at the earliest
    for (Optional<GrainRequest> next = next(activation, true);
        next.isPresent();
        next = next(activation, false)) {
      stopped |= home.loop.wasStopped();
      if (stopped) {
        wasStopped(next.get());
      } else {
        CallReport report = turn(activation, next.get());
        long nowNanos = home.loop.nowNanos();
        boolean held = activation.isFollowed() && nowNanos - sinceNanos < HOLD_NANOS;
        sinceNanos = held ? sinceNanos : nowNanos;
        answer(next.get(), report, held);
      }
    }
    worker.close();
    serveNext();
  }

  private Optional<GrainRequest> next(Activation activation, boolean first) {
    return home.locked(() -> activations.next(activation, first, home.loop.nowNanos()));
  }

  private CallReport turn(Activation activation, GrainRequest request) {
    List<GrainId> chain = new ArrayList<>(request.chain());
    chain.add(request.id());
    home.begin(List.copyOf(chain));
    try {
      byte[] reply = grain(activation).onRequest(request.payload());
      return reply.length <= GrainRequest.PAYLOAD_LIMIT
          ? new Ok(reply.clone(), self)
          : new AppError(
              IllegalStateException.class.getName(),
              "a reply of " + reply.length + " bytes; at most " + GrainRequest.PAYLOAD_LIMIT
                  + " are allowed");
    } catch (Throwable thrown) { // a grain may throw anything; its caller is told
      return new AppError(
          GrainCodec.harmless(thrown.getClass().getName()),
          GrainCodec.harmless(Objects.requireNonNullElse(thrown.getMessage(), "")));
    } finally {
      home.begin(List.of());
    }
  }

  private Grain grain(Activation activation) {
    return activation.grain().orElseGet(() -> {
      Grain made = Objects.requireNonNull(
          activation.kind().activate(activation.id(), self), "activate returned nothing");
      return home.locked(() -> activations.made(activation, made));
    });
  }

  private void answer(GrainRequest request, CallReport report, boolean held) {
    if (request.caller().equals(self)) {
      answered(request.call(), self, report);
    } else if (report instanceof Ok ok) {
      reply(request, new Reply(request.call(), ok.reply()), held);
    } else if (report instanceof AppError error) {
      reply(request, new Failed(request.call(), error.type(), error.message()), held);
    } else {
      throw new AssertionError("no report of a turn: " + report);
    }
  }

  /** Tells a peer. Where the session has ended it has been told so, and does not wait. */
  private void reply(GrainRequest request, GrainMessage message, boolean held) {
    NodeId caller = request.caller();
    Sending sending = held ? channel.hold(caller, message) : channel.reply(caller, message);
    if (sending == Sending.NO_CREDIT) {
      home.locked(() -> keep(new Answer(request, message)));
      tend.need();
    }
  }

  private boolean keep(Answer answer) {
    int bytes = answer.message().encodedBytes();
    if (phase == Phase.CLOSED || answersBytes + bytes > ANSWERS_BYTES) {
      unsaid++; // the caller hears nothing, and says so at its deadline
      return false;
    }
    answersBytes += bytes;
    return answers.add(answer);
  }

  private List<Answer> takeAnswers() {
    answersBytes = 0;
    return takeAll(answers);
  }

  @Override
  public void onBegun(NodeId peer) {
    home.locked(() -> sessions.add(peer));
  }

  @Override
  public void onEnded(NodeId peer) {
    List<Runnable> ends = home.locked(() -> {
      sessions.remove(peer);
      return surveys.lost(peer);
    });
    ends.forEach(home::afterwards);
    endAll(() -> calls.lost(peer));
  }

  @Override
  public void onMessages(NodeId from, List<ByteBuffer> messages) {
    taking = Thread.currentThread();
    List<Ended> ended = new ArrayList<>();
    try {
      for (ByteBuffer bytes : messages) {
        Optional<GrainMessage> message = GrainCodec.decode(bytes, from);
        if (message.isPresent()) {
          ended.addAll(take(from, message.get()));
        } else {
          home.locked(() -> malformed++);
        }
      }
    } finally {
      taking = null; // two at a time just serve sooner
      serveNext();
      tell(ended);
    }
  }

  /** Told together: to wake whoever waits costs more than all else about a call. */
  private void tell(List<Ended> ended) {
    if (!ended.isEmpty()) {
      several = ended.size() > 1;
      home.tell(ended);
    }
  }

  /** Takes a message, and returns the call that it ends. */
  private List<Ended> take(NodeId from, GrainMessage message) {
    if (message instanceof Request m) {
      requested(from, m);
    } else if (message instanceof Reply m) {
      return heard(m.call(), from, new Ok(m.payload(), from));
    } else if (message instanceof Failed m) {
      return heard(m.call(), from, new AppError(m.type(), m.message()));
    } else if (message instanceof Refused m) {
      switch (m.refusal()) {
        case NOT_HERE -> takeBack(m.call(), from, from + " says that it does not live there");
        case OTHER_VIEW ->
          takeBack(
              m.call(),
              from,
              from + " says that it does not live there, and sees another cluster than this node");
        case WAS_STOPPED ->
          takeBack(m.call(), from, from + " says that it was stopped for a while");
        case OTHER_RUN ->
          takeBack(m.call(), from, from + " says that it is another run than the one asked");
        case BUSY -> {
          return heard(
              m.call(), from, new NotSent(NotSentReason.BUSY, busyText(from, "the grain")));
        }
      }
    } else if (message instanceof Survey m) {
      tellLive(from, m.number());
    } else if (message instanceof Live m) {
      home.locked(() -> surveys.told(from, m)).forEach(home::afterwards);
    } else {
      throw new AssertionError("a message that nobody takes: " + message.getClass());
    }
    return List.of();
  }

  private void requested(NodeId from, Request asked) {
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
    } else if (home.locked(() -> phase != Phase.OPEN)) {
      notHere(request);
    } else if (!home.locked(() -> roads.admits(request))) {
      busy(request);
    } else {
      resolve(request);
      sweep.need();
    }
  }

  CompletionStage<List<GrainStatus>> survey(long timeoutNanos) {
    CompletableFuture<List<GrainStatus>> future = new CompletableFuture<>();
    long number = numbers.incrementAndGet();
    long nowNanos = home.loop.nowNanos();
    List<NodeId> asked = home.locked(() -> {
      surveys.open(
          number,
          sessions,
          activations.statuses(self, Surveys.LIVE_LIMIT, nowNanos),
          nowNanos + timeoutNanos,
          future::complete);
      return List.copyOf(sessions);
    });
    for (NodeId node : asked) {
      if (channel.send(node, new Survey(number)) != Sending.SENT) {
        home.locked(() -> surveys.told(node, new Live(number, true, List.of())))
            .forEach(home::afterwards);
      }
    }
    home.locked(surveys::complete).forEach(home::afterwards);
    sweep.need();
    return future;
  }

  private void tellLive(NodeId asker, long number) {
    List<GrainStatus> live =
        home.locked(() -> activations.statuses(self, Surveys.LIVE_LIMIT, home.loop.nowNanos()));
    int from = 0;
    do {
      int to = Math.min(live.size(), from + GrainCodec.LIVE_LIMIT);
      boolean last = to == live.size();
      channel.reply(asker, new Live(number, last, live.subList(from, to))); // or it hears less
      from = to;
    } while (from < live.size());
  }

  private boolean sweep() {
    long nowNanos = home.loop.nowNanos();
    endAll(() -> calls.expired(nowNanos));
    home.locked(() -> surveys.expired(nowNanos)).forEach(home::afterwards);
    return home.locked(() -> {
      expired += roads.drop(nowNanos);
      return calls.size() > 0 || roads.size() > 0 || surveys.size() > 0;
    });
  }

  private boolean tendSoon() {
    tending.offer(this::tend); // or it waits already, and will see all that there is
    return false;
  }

  /** Ends what has no place here any more, and takes up again what rests. On the tending worker. */
  private void tend() {
    Placement now = placement.get();
    if (now != checked) {
      checked = now;
      home.locked(activations::living).forEach(living -> check(living, now));
      endAll(() -> calls.lost(node -> !isMember(node)));
    }
    move(home.locked(() -> takeAll(leaving)));
    home.locked(this::takeAnswers).stream()
        .filter(answer -> !answer.request().expired(home.loop.nowNanos()))
        .forEach(answer -> reply(answer.request(), answer.message(), false));
  }

  private void check(Activation living, Placement now) {
    if (now.hosts(living.id().kind()).contains(self)) {
      lookup(living.id(), now).whenComplete((host, thrown) -> {
        boolean elsewhere = thrown == null && !self.equals(host);
        if (elsewhere && placement.get() == now) { // a later one is checked by itself
          leave(living);
        }
      });
    } else {
      leave(living);
    }
  }

  private void leave(Activation living) {
    home.locked(() -> leaving.add(living));
    tend.need(); // where the lookup took its time
  }

  private static <T> List<T> takeAll(Collection<T> from) {
    List<T> taken = List.copyOf(from);
    from.clear();
    return taken;
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
    List<Activation> ending = home.locked(activations::living).stream()
        .filter(activation -> activation.kind() == kind)
        .toList();
    move(ending);
    return once(() -> activations.calm(ending));
  }

  private void move(List<Activation> ending) {
    List<GrainRequest> left = home.locked(() -> {
      List<GrainRequest> waiting = activations.end(ending);
      waiting.forEach(request -> rest(request, "it has to move"));
      return waiting;
    });
    left.stream().filter(request -> !request.caller().equals(self)).forEach(this::notHere);
    home.locked(roads::rested).forEach(this::find);
  }

  private void rest(GrainRequest request, String why) {
    if (request.caller().equals(self)) {
      calls.refused(request.call(), self, why).ifPresent(roads::rest);
    }
  }

  /**
   * Refuses what is new, and lets what is open come to an end.
   *
   * @return completes once nothing is open, or after 2 s
   */
  CompletableFuture<Void> drain() {
    home.locked(() -> phase = Phase.DRAINING);
    return once(() -> calls.size() == 0 && activations.calm() && answers.isEmpty());
  }

  private CompletableFuture<Void> once(Supplier<Boolean> calm) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    long deadlineNanos = home.loop.nowNanos() + DRAIN_NANOS;
    home.loop.execute(() -> look(calm, deadlineNanos, reached));
    return reached;
  }

  private void look(Supplier<Boolean> calm, long deadlineNanos, CompletableFuture<Void> reached) {
    if (home.locked(calm) || home.loop.nowNanos() - deadlineNanos >= 0) {
      reached.complete(null);
    } else {
      home.loop.schedule(LOOK_NANOS, () -> look(calm, deadlineNanos, reached));
    }
  }

  /** Ends everything at once. On the loop. */
  void close() {
    sweep.stop();
    tend.stop();
    List<GrainRequest> left = home.locked(() -> {
      phase = Phase.CLOSED;
      List<GrainRequest> waiting = activations.end(activations.living());
      waiting.forEach(request -> rest(request, "the node is stopping"));
      return waiting;
    });
    left.stream().filter(request -> !request.caller().equals(self)).forEach(this::notHere);
    endAll(calls::close);
    home.locked(surveys::close).forEach(home::afterwards);
    tending.close();
    channel.close();
  }

  int size() {
    return home.locked(activations::size);
  }

  GrainCounts counts() {
    return home.locked(
        () -> new GrainCounts(late, expired + activations.expired(), malformed, unsaid));
  }
}
