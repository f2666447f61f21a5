package io.thole.pubsub;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.Subscribed;
import io.thole.api.ClusterEvent.SubscriberFailed;
import io.thole.api.ClusterEvent.SubscriberSlow;
import io.thole.api.ClusterEvent.Unsubscribed;
import io.thole.api.ClusterException;
import io.thole.api.Escaped;
import io.thole.api.EventSubscription;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.pubsub.Backlog;
import io.thole.api.pubsub.MessageHandler;
import io.thole.api.pubsub.Outcome;
import io.thole.api.pubsub.PublishRefusedException;
import io.thole.api.pubsub.PublishRefusedException.Reason;
import io.thole.api.pubsub.PublishReport;
import io.thole.api.pubsub.Subscription;
import io.thole.api.pubsub.Topic;
import io.thole.api.pubsub.TopicFilter;
import io.thole.api.pubsub.TopicStatus;
import io.thole.spi.Channel.Sending;
import io.thole.spi.ChannelHandler;
import io.thole.spi.Encodable;
import io.thole.spi.PartContext;
import io.thole.spi.Peer;
import io.thole.spi.Peers.PeerObserver;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of the broker, from its start to its stop. Whoever publishes does it all on the own thread: reads the route, puts
 * the message into the queues of subscriptions here and into the links to other nodes. Handlers run on a worker of each
 * subscription, the ends of reports on another one. Any thread.
 */
final class Exchange implements ChannelHandler, PeerObserver, LocalSubscription.Watch {
  /** How many subscriptions a node may have: as many as its peers take note of. */
  static final int SUBSCRIPTIONS = PeerSession.SUBSCRIPTIONS;

  private static final System.Logger LOG = System.getLogger(Exchange.class.getName());
  private static final String CHANNEL = "pubsub";

  /** How often to look for what is late, while anything is open: outcomes come within their time and a second. */
  private static final Duration SWEEP = Duration.ofMillis(100);

  /** How long a stop may take to finish what is open. */
  private static final long DRAIN_NANOS = Duration.ofSeconds(2).toNanos();

  /** How often a stop looks whether it is done: what it waits for ends in many places, and a stop is rare. */
  private static final long LOOK_NANOS = Duration.ofMillis(2).toNanos();

  /** How long a stop may take to tell the others that what still waited was not handled. */
  private static final long FAREWELL_NANOS = Duration.ofMillis(200).toNanos();

  /** How many publishers there may be: each is a stream to every node that subscribes. */
  static final int PUBLISHERS = PeerSession.STREAMS;

  /** A worker of {@link Callbacks} or of a subscription has one task that runs and at most one that waits. */
  private static final int TASKS = 2;

  private enum State {
    OPEN,
    CLOSING,
    CLOSED
  }

  private final PartContext context;
  private final NodeId self;
  private final Supplier<PubSubSettings> settings;
  private final Books books;
  private final Routes routes = new Routes();
  private final ReceiveBudget budget = ReceiveBudget.ofHeap();
  private final PeerBudget peerBudget;
  private final LateChannel channel = new LateChannel();
  private final Callbacks answers;
  private final Callbacks callbacks;
  private final Publications publications;
  private final OwnTable table;
  private final Map<Long, LocalSubscription> own = new ConcurrentHashMap<>();
  private final Map<NodeId, PeerSession> sessions = new ConcurrentHashMap<>();

  /** In the order in which they were made, so that a simulation does the same each time. */
  private final Set<TopicPublisher> publishers =
      new ConcurrentSkipListSet<>(Comparator.comparingLong(TopicPublisher::number));

  /** Those for which messages wait. */
  private final Set<LocalSubscription> waitedFor = ConcurrentHashMap.newKeySet();

  /** Streams whose end found no room: it is told before another one begins there, so that a peer keeps no more than there are. */
  private final Queue<Outflow> ending = new ConcurrentLinkedQueue<>();

  private final Chunks chunks = new Chunks();
  private final SelfOutlet selfOutlet;
  private final AtomicInteger streams =
      new AtomicInteger(ThreadLocalRandom.current().nextInt());
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /**
   * The numbers of publications and subscriptions begin anywhere: what a peer says of an earlier run, of the same node and
   * with the same incarnation when only this bundle was updated, must not fit this one.
   */
  private final AtomicLong numbers = new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 62));

  /** For changes of what is subscribed here, and of the first view; never while foreign code runs. */
  private final ReentrantLock changing = new ReentrantLock();

  private final FirstView firstView = new FirstView(); // under the lock
  private volatile boolean joined;
  private volatile List<NodeId> awaited = List.of();
  private volatile boolean started;
  private volatile State state = State.OPEN;
  private @Nullable EventSubscription startup;

  /**
   * Makes one that is not open.
   *
   * @param context the node
   * @param settings what the broker is told at the moment
   * @param books the accounts
   * @param peerBudget what is kept for other nodes
   */
  Exchange(
      PartContext context, Supplier<PubSubSettings> settings, Books books, PeerBudget peerBudget) {
    this.context = context;
    this.self = context.self();
    this.settings = settings;
    this.books = books;
    this.peerBudget = peerBudget;
    selfOutlet = new SelfOutlet();
    answers = new Callbacks(context.worker("answers", TASKS));
    callbacks = new Callbacks(context.worker("callbacks", TASKS));
    publications = new Publications(callbacks);
    table = new OwnTable(channel, callbacks);
  }

  /** Opens it: from now on it may be called by all. */
  void open() {
    channel.opened(context.open(CHANNEL, this));
    table.tick(context.nowNanos()); // of peers that came before the channel was there
    context.peers().watch(this);
    startup = context.events().subscribe(Startup.class, event -> {
      started = true;
      look();
    });
  }

  // Publishing.

  CompletionStage<PublishReport> publish(Label label, byte[] payload) {
    Topic topic = label.topic();
    Book book = books.of(topic);
    List<Target> targets = routes.targets(topic);
    Optional<PublishRefusedException> refusal = refusal(topic, payload)
        .or(() -> publications.reserve(Publication.bytes(payload.length, targets.size()))
            ? Optional.empty()
            : Optional.of(busy(topic)));
    if (refusal.isPresent()) {
      book.refused();
      return CompletableFuture.failedFuture(refusal.get());
    }
    Publication publication = publication(book, targets, payload.length);
    book.accepted(targets.size());
    publications.open(publication);
    send(publication, label, payload);
    trace(
        topic,
        () -> "published " + payload.length + " bytes on topic " + topic + " to " + targets.size()
            + " subscribers");
    wake();
    return publication.report().minimalCompletionStage();
  }

  /** Tells whether a message would be taken, as far as that can be told without effort. */
  boolean takes(int payloadBytes) {
    return state == State.OPEN && joined && payloadBytes <= PeerMessage.PAYLOAD_LIMIT;
  }

  Optional<PublishRefusedException> refusal(Topic topic, byte[] payload) {
    if (state != State.OPEN) {
      return Optional.of(new PublishRefusedException(
          Reason.CLOSING, "publish/subscribe is stopping; topic " + topic));
    }
    if (payload.length > PeerMessage.PAYLOAD_LIMIT) {
      return Optional.of(new PublishRefusedException(
          Reason.TOO_LARGE,
          "a message of " + payload.length + " bytes on topic " + topic + "; allowed: "
              + PeerMessage.PAYLOAD_LIMIT));
    }
    List<NodeId> awaited = joined ? List.of() : look();
    return awaited.isEmpty()
        ? Optional.empty()
        : Optional.of(new PublishRefusedException(
            Reason.NOT_JOINED,
            "the subscriptions of " + awaited + " are not known yet; topic " + topic));
  }

  private static PublishRefusedException busy(Topic topic) {
    return new PublishRefusedException(
        Reason.BUSY,
        "the messages without a report take more than " + Publications.BYTES + " bytes; topic "
            + topic);
  }

  private Publication publication(Book book, List<Target> targets, int payloadBytes) {
    BitSet credited = new BitSet(targets.size());
    for (int place = 0; place < targets.size(); place++) {
      credited.set(place, targets.get(place).take(payloadBytes));
    }
    return new Publication(
        numbers.incrementAndGet(),
        book,
        targets,
        credited,
        payloadBytes,
        context.nowNanos() + settings.get().deliveryTimeout().toNanos());
  }

  /** Gives each node its targets, and one copy of the payload. */
  private void send(Publication publication, Label label, byte[] payload) {
    List<Target> targets = publication.targets();
    int from = 0;
    while (from < targets.size()) {
      NodeId node = targets.get(from).node();
      int most = Math.min(targets.size(), from + PeerMessage.TARGETS);
      int to = from + 1;
      while (to < most && targets.get(to).node().equals(node)) {
        to++;
      }
      int[] places = publication.credited(from, to);
      if (node.equals(self)) {
        deliver(publication, places, label, payload.clone());
      } else if (places.length > 0) {
        send(
            publication, node, places, label, payload); // encoded, and so copied, before it returns
      }
      from = to;
    }
  }

  private void deliver(Publication publication, int[] places, Label label, byte[] payload) {
    for (int place : places) {
      long id = publication.targets().get(place).id();
      accept(publications, publication.number(), place, id, label, self, payload);
    }
  }

  private void send(
      Publication publication, NodeId node, int[] places, Label label, byte[] payload) {
    long[] subscriptions = new long[places.length];
    boolean plain = label.isBytes();
    for (int i = 0; i < places.length; i++) {
      Target target = publication.targets().get(places[i]);
      subscriptions[i] = target.id();
      plain &= !target.isPattern();
    }
    PeerMessage message = new PeerMessage.Published(
        publication.number(), plain ? null : label, subscriptions, places, payload);
    Sending sending = channel.send(node, message);
    if (sending != Sending.SENT) {
      Outcome outcome = sending == Sending.NO_CREDIT ? Outcome.OVERFLOW : Outcome.NODE_LOST;
      for (int place : places) {
        publications.ended(publication.number(), place, outcome, "");
      }
    }
  }

  // Streaming.

  TopicPublisher publisher(OwnedPubSub owner, Label label) {
    Topic topic = label.topic();
    Book book = books.of(topic);
    TopicPublisher publisher =
        new TopicPublisher(numbers.incrementAndGet(), label, owner, this, book);
    changing.lock();
    try {
      if (state != State.OPEN || owner.isClosed()) {
        throw new NotStartedException("no publisher on topic " + topic + ": "
            + (owner.isClosed() ? owner.name() + " is gone" : "publish/subscribe is stopping"));
      }
      if (publishers.size() >= PUBLISHERS) {
        throw new ClusterException("no further publisher on topic " + topic + ": this node has "
            + PUBLISHERS + " already");
      }
      publishers.add(publisher);
    } finally {
      changing.unlock();
    }
    book.add(publisher);
    return publisher;
  }

  NodeId self() {
    return self;
  }

  /** Returns how often targets have changed. */
  long routeChanges() {
    return routes.changes();
  }

  List<Target> targets(Topic topic) {
    return routes.targets(topic);
  }

  /** Returns for how long an outcome may be awaited. */
  long timeoutNanos() {
    return settings.get().deliveryTimeout().toNanos();
  }

  long nowNanos() {
    return context.nowNanos();
  }

  int nextStream() {
    return streams.incrementAndGet();
  }

  /** Says where a stream goes. */
  Sending announce(NodeId node, PeerMessage.Streaming streaming) {
    if (!ending.isEmpty()) {
      ending.removeIf(flow -> flow.node().equals(node) && isEndTold(flow));
      if (ending.stream().anyMatch(flow -> flow.node().equals(node))) {
        return Sending.NO_CREDIT;
      }
    }
    return channel.send(node, streaming);
  }

  Sending append(Outflow flow, Encodable item) {
    return channel.append(flow.node(), flow.head(), item);
  }

  /** Nothing follows in a stream: its node may forget it. */
  void endStream(Outflow flow) {
    if (flow.node().equals(self)) {
      flow.endHere();
    } else if (flow.isAnnounced() && !isEndTold(flow)) {
      ending.add(flow);
      wake();
    }
  }

  private boolean isEndTold(Outflow flow) {
    PeerMessage end = new PeerMessage.StreamEnded(flow.stream());
    return channel.send(flow.node(), end) != Sending.NO_CREDIT;
  }

  /** Hands an item to the subscriptions here. */
  Sending stream(Outflow flow, Label label, long number, Encodable item) {
    flow.hand(label, self, number, item, own::get, chunks, selfOutlet);
    return Sending.SENT;
  }

  /** Runs what is the application's. */
  void call(Runnable callback) {
    callbacks.add(callback);
  }

  /** Its owner has closed a publisher: it is forgotten once all of it has an outcome. */
  void closing(TopicPublisher publisher) {
    if (publisher.isOver()) {
      publishers.remove(publisher);
      publisher.fold();
    }
    wake();
  }

  private void progressed(NodeId node, PeerMessage.Progressed progress) {
    publishers.forEach(publisher -> publisher.progressed(node, progress));
  }

  private void dropped(NodeId node, PeerMessage.Dropped dropped) {
    publishers.forEach(publisher -> publisher.dropped(node, dropped));
  }

  private void told(NodeId node, PeerMessage message) {
    if (message instanceof PeerMessage.Progressed progress) {
      progressed(node, progress);
    } else if (message instanceof PeerMessage.Dropped dropped) {
      dropped(node, dropped);
    } else {
      throw new AssertionError("an inlet says what nobody hears: " + message);
    }
  }

  /** What subscriptions here say to publishers here. */
  private final class SelfOutlet implements Outlet {
    private final Owed owed = new Owed();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Pace pace = new Pace(context, this::flush);

    @Override
    public void owe(Inlet inlet) {
      owed.add(inlet);
      wake();
    }

    @Override
    public void flush() {
      if (scheduled.compareAndSet(false, true)) {
        answers.add(this::tell);
      }
    }

    @Override
    public void say() {
      flush();
    }

    @Override
    public void saySoon() {
      pace.soon();
    }

    @Override
    public boolean take(long bytes) {
      return true; // as much as publishers here have asked for
    }

    @Override
    public void give(long bytes) {}

    @Override
    public boolean tell(PeerMessage.Progressed progress) {
      throw new AssertionError("a stream of this node found no room: " + progress);
    }

    private void tell() {
      scheduled.set(false);
      owed.tell(message -> {
        told(self, message);
        return true;
      });
    }
  }

  // Delivering.

  private void accept(
      Origin origin,
      long publication,
      int place,
      long id,
      @Nullable Label label,
      NodeId publisher,
      byte[] payload) {
    LocalSubscription subscription = own.get(id);
    Label its = subscription == null ? null : subscription.label(label);
    if (subscription == null || its == null) {
      origin.ended(publication, place, Outcome.UNSUBSCRIBED, "");
    } else {
      subscription.accept(new Delivery(origin, publication, place, its, publisher, payload));
    }
  }

  @Override
  public void delivered(LocalSubscription subscription, Delivery delivery) {
    trace(
        delivery.topic(),
        () -> "delivered " + delivery.payloadBytes() + " bytes on topic "
            + delivery.topic() + " of " + delivery.publisher() + " to "
            + Escaped.plain(subscription.toString()));
    delivery.end(Outcome.DELIVERED);
  }

  @Override
  public void failed(LocalSubscription subscription, Throwable thrown) {
    if (subscription.isFirstFailure()) {
      context.tell(
          new SubscriberFailed(subscription.topic().name(), subscription.toString(), text(thrown)));
    }
  }

  /** What was thrown is foreign too, and may throw when it is asked what it is. */
  private static String text(Throwable thrown) {
    try {
      return String.valueOf(thrown);
    } catch (RuntimeException again) {
      return thrown.getClass().getName();
    }
  }

  @Override
  public void waiting(LocalSubscription subscription) {
    waitedFor.add(subscription);
    wake();
  }

  @Override
  public void slow(LocalSubscription subscription, int backlog) {
    if (subscription.isSlowAgain(context.nowNanos())) {
      context.tell(
          new SubscriberSlow(subscription.topic().name(), subscription.toString(), backlog));
    }
  }

  private void trace(Topic topic, Supplier<String> line) {
    if (settings.get().traced().contains(topic)) {
      LOG.log(Level.INFO, line);
    }
  }

  // Subscribing.

  Subscription subscribe(
      OwnedPubSub owner, TopicFilter topic, Backlog backlog, MessageHandler handler) {
    LocalSubscription subscription;
    changing.lock();
    try {
      Optional<LocalSubscription> known = routes.subscribed(topic).stream()
          .flatMap(target -> Optional.ofNullable(own.get(target.id())).stream())
          .filter(other -> other.isOf(owner, handler))
          .findFirst();
      if (known.isPresent()) {
        return known.get().with(backlog);
      }
      subscription = add(owner, topic, backlog, handler);
    } finally {
      changing.unlock();
    }
    context.tell(new Subscribed(topic.name(), subscription.toString()));
    wake();
    return subscription;
  }

  private LocalSubscription add(
      OwnedPubSub owner, TopicFilter topic, Backlog backlog, MessageHandler handler) {
    if (state != State.OPEN || owner.isClosed()) {
      throw new NotStartedException(
          (owner.isClosed() ? owner.name() + " is gone" : "publish/subscribe is stopping")
              + "; topic " + topic);
    }
    if (own.size() >= SUBSCRIPTIONS) {
      throw new ClusterException("no further subscription on topic " + topic + ": this node has "
          + SUBSCRIPTIONS + " already");
    }
    long id = SubscriptionId.of(numbers.incrementAndGet(), backlog.policy());
    Target target = new Target(self, id, topic);
    LocalSubscription subscription = new LocalSubscription(
        target, backlog, handler, owner, context.worker("topic " + topic, TASKS), budget, this);
    own.put(target.id(), subscription);
    if (!routes.add(target)) {
      own.remove(target.id());
      subscription.await();
      throw new ClusterException(
          "no subscription on topic " + topic + ": there are " + Routes.TOPICS + " topics already");
    }
    table.add(
        new PeerMessage.Entry(target.id(), topic),
        others(),
        context.nowNanos(),
        subscription.spreading());
    return subscription;
  }

  @Override
  public void closing(LocalSubscription subscription) {
    end(subscription, Outcome.UNSUBSCRIBED, "it was closed");
    subscription.await();
  }

  /** An owner is gone: its subscriptions end, also those that it forgot. */
  void forget(OwnedPubSub owner) {
    List<LocalSubscription> owned = ownedBy(owner);
    owned.forEach(
        subscription -> end(subscription, Outcome.UNSUBSCRIBED, owner.name() + " is gone"));
    owned.forEach(LocalSubscription::await);
    publishers.stream()
        .filter(publisher -> publisher.owner() == owner)
        .forEach(TopicPublisher::close);
  }

  private List<LocalSubscription> ownedBy(OwnedPubSub owner) {
    changing.lock(); // so that who has seen the owner open has added its subscription
    try {
      return own.values().stream()
          .filter(subscription -> subscription.owner() == owner)
          .toList();
    } finally {
      changing.unlock();
    }
  }

  private void end(LocalSubscription subscription, Outcome outcome, String reason) {
    changing.lock();
    try {
      if (!own.remove(subscription.target().id(), subscription)) {
        return;
      }
      routes.remove(subscription.target());
      table.remove(subscription.target().id());
    } finally {
      changing.unlock();
    }
    subscription.end(outcome);
    context.tell(new Unsubscribed(subscription.topic().name(), subscription.toString(), reason));
    wake();
  }

  List<TopicStatus> topics() {
    return routes.topics(this::backlog);
  }

  /** How much may wait is known of those here alone: it does not travel. */
  private String backlog(Target target) {
    LocalSubscription subscription = target.node().equals(self) ? own.get(target.id()) : null;
    return subscription == null ? SubscriptionId.backlog(target.id()) : subscription.backlogText();
  }

  // The others.

  @Override
  public void onBegun(NodeId peer) {
    sessions.put(
        peer,
        new PeerSession(
            peer, channel, routes, own::get, chunks, peerBudget, context, answers, this::wake));
    table.begun(peer);
    wake();
  }

  @Override
  public void onEnded(NodeId peer) {
    PeerSession session = sessions.remove(peer);
    if (session != null) {
      session.end();
    }
    table.ended(peer);
    ending.removeIf(flow -> flow.node().equals(peer));
    publications.lost(peer);
    publishers.forEach(publisher -> publisher.lost(peer));
    look();
  }

  @Override
  public void onMessages(NodeId from, List<ByteBuffer> messages) {
    PeerSession session = sessions.get(from);
    if (session != null) {
      messages.forEach(message -> PeerMessage.decode(message)
          .ifPresentOrElse(read -> onMessage(session, read), session::onMalformed));
      session.begin();
    }
  }

  private void onMessage(PeerSession session, PeerMessage message) {
    if (message instanceof PeerMessage.Published published) {
      for (int i = 0; i < published.targets(); i++) {
        if (session.takes(published.publication(), published.place(i))) {
          accept(
              session,
              published.publication(),
              published.place(i),
              published.subscription(i),
              published.label(),
              session.peer(),
              published.payload());
        }
      }
    } else if (message instanceof PeerMessage.Streamed streamed) {
      session.onStreamed(streamed);
    } else if (message instanceof PeerMessage.Progressed progress) {
      progressed(session.peer(), progress);
    } else if (message instanceof PeerMessage.Dropped dropped) {
      dropped(session.peer(), dropped);
    } else if (message instanceof PeerMessage.Streaming streaming) {
      session.onStreaming(streaming);
    } else if (message instanceof PeerMessage.StreamEnded ended) {
      session.onStreamEnded(ended);
    } else if (message instanceof PeerMessage.Reported reported) {
      reported.ends().forEach(end -> publications.ended(session.peer(), end));
    } else if (message instanceof PeerMessage.Table part) {
      session.onTable(part);
      look();
    } else if (message instanceof PeerMessage.Subscribed subscribed) {
      session.onSubscribed(subscribed);
    } else if (message instanceof PeerMessage.Unsubscribed unsubscribed) {
      session.onUnsubscribed(unsubscribed);
    } else if (message instanceof PeerMessage.Acknowledged acknowledged) {
      table.acknowledged(session.peer(), acknowledged.version());
    } else {
      throw new AssertionError("a message that nobody handles: " + message);
    }
  }

  @Override
  public void onUp(Peer peer) {}

  @Override
  public void onLost(NodeId peer, boolean announced, String reason) {}

  @Override
  public void onRefused(Authority address, boolean nobodyListens, String reason) {
    changing.lock();
    try {
      firstView.refused(address);
    } finally {
      changing.unlock();
    }
    look();
  }

  private List<NodeId> others() {
    return context.view().members().stream()
        .filter(member -> !member.matches(self))
        .toList();
  }

  /** Looks whether enough is known to publish, and returns of whom it is not. */
  private List<NodeId> look() {
    if (joined) {
      return List.of();
    }
    List<NodeId> before = awaited;
    changing.lock();
    try {
      firstView.look(others(), started, this::isKnown, context.nowNanos());
      awaited = firstView.awaited();
      if (firstView.isComplete() && !joined) {
        joined = true;
        firstView
            .unknown()
            .forEach(member ->
                LOG.log(Level.WARNING, "the subscriptions of " + member + " are not known"));
      }
    } finally {
      changing.unlock();
    }
    if (before
        .isEmpty()) { // the core dials members too; but where it cannot, this is how to learn it
      awaited.forEach(member -> context.peers().dial(member.authority()));
    }
    wake();
    return awaited;
  }

  private boolean isKnown(NodeId member) {
    PeerSession exact = sessions.get(member);
    return exact != null
        ? exact.isKnown()
        : sessions.values().stream()
            .anyMatch(session -> session.peer().matches(member) && session.isKnown());
  }

  // Time.

  /** Has looked after a while, if anything is open. */
  void wake() {
    if (!sweeping.get() && isBusy() && sweeping.compareAndSet(false, true)) {
      context.schedule(SWEEP, () -> {
        sweeping.set(false);
        sweep();
        wake();
      });
    }
  }

  /** Ten times a second, beside messages: as loops, since the compiler gave up the streams that were here each time. */
  private void sweep() {
    long nowNanos = context.nowNanos();
    publications.expire(nowNanos);
    publishers.forEach(publisher -> {
      publisher.expire(nowNanos, timeoutNanos());
      if (publisher.isOver()) {
        publishers.remove(publisher);
        publisher.fold();
      }
    });
    if (!selfOutlet.owed.isEmpty()) {
      selfOutlet.flush();
    }
    ending.removeIf(this::isEndTold);
    lookAtWaiting(nowNanos);
    table.tick(nowNanos);
    for (PeerSession session : sessions.values()) {
      if (session.owes()) {
        session.say();
      }
    }
    look();
  }

  /** Looks at what there is now: what is put back meanwhile would be met again, and again. */
  private void lookAtWaiting(long nowNanos) {
    for (LocalSubscription subscription : List.copyOf(waitedFor)) {
      waitedFor.remove(subscription); // before the look: whoever has it wait then adds it again
      if (subscription.look(nowNanos)) {
        waitedFor.add(subscription);
      }
    }
  }

  private boolean isBusy() {
    return !publications.isEmpty()
        || isPublished()
        || !selfOutlet.owed.isEmpty()
        || !ending.isEmpty()
        || !waitedFor.isEmpty()
        || !awaited.isEmpty()
        || table.isBusy()
        || isOwed();
  }

  private boolean isPublished() {
    for (TopicPublisher publisher : publishers) {
      if (publisher.isOpen()) {
        return true;
      }
    }
    return false;
  }

  private boolean isOwed() {
    for (PeerSession session : sessions.values()) {
      if (session.owes()) {
        return true;
      }
    }
    return false;
  }

  // The end.

  /**
   * Stops. Whatever is open has an outcome when this returns.
   *
   * @param graceful true to finish it first, for at most 2 s
   */
  void close(boolean graceful) {
    become(State.CLOSING);
    if (graceful) {
      table.withdraw();
      await(DRAIN_NANOS, this::isDrained);
    }
    become(State.CLOSED);
    own.values().forEach(subscription -> end(subscription, Outcome.CLOSING, "the node stops"));
    if (graceful) {
      await(FAREWELL_NANOS, () -> sessions.values().stream().noneMatch(PeerSession::owes));
    }
    channel.close();
    publications.close();
    publishers.forEach(TopicPublisher::end);
    table.close();
    callbacks.run();
    if (startup != null) {
      startup.close();
    }
  }

  private void become(State next) {
    changing.lock(); // so that nobody who has seen the former state still adds a subscription
    try {
      state = next;
    } finally {
      changing.unlock();
    }
  }

  /** Once the peers have acknowledged that nothing is subscribed here, nothing more comes: they say so in order. */
  private boolean isDrained() {
    return table.isKnown()
        && own.values().stream().allMatch(LocalSubscription::isIdle)
        && publications.isEmpty()
        && publishers.stream().noneMatch(TopicPublisher::isOpen)
        && sessions.values().stream().noneMatch(PeerSession::owes);
  }

  private void await(long limitNanos, BooleanSupplier condition) {
    long beganNanos = System.nanoTime(); // in a simulation the node's own time stands still here
    while (!condition.getAsBoolean() && System.nanoTime() - beganNanos < limitNanos) {
      sweep();
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
