package io.thole.core;

import io.thole.api.Agreement;
import io.thole.api.AlreadyStartedException;
import io.thole.api.Authority;
import io.thole.api.ClusterEvent.Isolated;
import io.thole.api.ClusterEvent.MemberFailed;
import io.thole.api.ClusterEvent.MemberRecovered;
import io.thole.api.ClusterEvent.MemberSuspected;
import io.thole.api.ClusterEvent.PartEvent;
import io.thole.api.ClusterEvent.PartFailed;
import io.thole.api.ClusterEvent.PartMissing;
import io.thole.api.ClusterEvent.Rejoined;
import io.thole.api.ClusterEvent.Shutdown;
import io.thole.api.ClusterEvent.ShutdownFailed;
import io.thole.api.ClusterEvent.Startup;
import io.thole.api.ClusterEvent.StartupFailed;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ConfigurationException;
import io.thole.api.Metrics;
import io.thole.api.NodeId;
import io.thole.api.NotStartedException;
import io.thole.api.PartKind;
import io.thole.api.ShutdownFailedException;
import io.thole.api.StartupFailedException;
import io.thole.api.StartupMode;
import io.thole.api.SwapFailedException;
import io.thole.api.SwapReport;
import io.thole.api.TopologyStatus;
import io.thole.api.grain.GrainKind;
import io.thole.spi.BlockListProvider;
import io.thole.spi.ClusterGrains;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The node. What is wanted (run or not, and which parts are present) is set by requests; what is, is brought there step by
 * step by {@link #reconcile}, one step at a time, each of which ends before the next begins. So requests may come in any
 * order and at any moment.
 *
 * <p>Confined to the loop.
 */
public final class ClusterCore {
  /** How long the node waits for missing parts before it says so; it goes on waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long a stop waits for what was sent last, and how often it looks. */
  private static final long DRAIN_NANOS = 500_000_000;

  private static final long DRAIN_LOOK_NANOS = 2_000_000;

  /** What is made of a verdict, and what would bring the node back. */
  private static final String REMOVED = "it leaves; back once it refutes, or as a new start";

  private final NodeLoop loop;
  private final SerialEventStream events;
  private final Board board;
  private final LongSupplier incarnations;
  private final ClusterExtension extension;
  private final MemberList members = new MemberList();
  private final Kinds kinds = new Kinds();
  private final BlockRegister blocks;
  private final NodeTopologyPublisher publisher;
  private final PartRoster roster = new PartRoster();
  private final LinkDriver links;
  private final EvidenceLog evidence;
  private final PartitionDriver partition;
  private final PartDriver parts;
  private final PartSuccession succession;
  private final List<Ending<Void>> startEndings = new ArrayList<>();
  private final List<Ending<Void>> shutdownEndings = new ArrayList<>();
  private ClusterSettings settings;
  private ClusterSettings upcoming;
  private ClusterState state = ClusterState.STOPPED;
  private boolean wanted;
  private boolean graceful;
  private boolean stepping;
  private long incarnation;
  private NodeLoop.Timer patience = () -> {};

  /**
   * Makes a node that is stopped.
   *
   * @param loop its loop
   * @param workers where foreign code runs
   * @param events its stream, made on the same loop
   * @param board where it shows itself
   * @param links its links to others
   * @param incarnations a number for each start, each larger than those before
   * @param settings what it is told
   */
  public ClusterCore(
      NodeLoop loop,
      Workers workers,
      SerialEventStream events,
      Board board,
      Links links,
      LongSupplier incarnations,
      ClusterSettings settings) {
    this.loop = loop;
    this.events = events;
    this.board = board;
    this.incarnations = incarnations;
    this.settings = settings;
    this.upcoming = settings;
    this.blocks = new BlockRegister(loop);
    this.publisher = new NodeTopologyPublisher(loop, events, members, blocks, this::show);
    this.evidence = new EvidenceLog(loop);
    this.links = new LinkDriver(
        loop, links, events, members, publisher, evidence, this::show, this::expelled);
    this.partition = new PartitionDriver(
        loop, events, evidence, () -> this.settings.partition(), this::whole, this::expelled);
    this.parts = new PartDriver(loop, workers, board, events, this.links, kinds, this::told);
    this.succession = new PartSuccession(
        loop, events, roster, parts, publisher, members, this::show, this::reconcile);
    this.extension =
        new ClusterExtension(events, kinds, this::admits, this::onTopology, this::show);
    blocks.tell(
        this::blocksChanged,
        (service, reason) -> events.emit(new PartFailed("block list " + service, reason)));
    show();
  }

  /**
   * Asks the node to start; it waits for parts that are missing.
   *
   * @param ending is told when it runs
   */
  public void start(Ending<Void> ending) {
    if (wanted || state != ClusterState.STOPPED) {
      ending.failed(new AlreadyStartedException("the node is " + state + " already"));
      return;
    }
    startEndings.add(ending);
    wanted = true;
    await();
  }

  /** Says that the node cannot start, because what it was told is refused. */
  public void refuse(ClusterException reason) {
    failStart(reason);
  }

  /**
   * Asks the node to stop.
   *
   * @param goodbye whether to drain and say goodbye
   * @param ending is told when it has stopped
   */
  public void shutdown(boolean goodbye, Ending<Void> ending) {
    if (state == ClusterState.STOPPED) {
      ending.succeeded(null);
      return;
    }
    wanted = false;
    graceful = goodbye;
    shutdownEndings.add(ending);
    reconcile();
  }

  /** Takes new settings: coalescing and metrics at once, everything else with the next start, also one that waits. */
  public void configure(ClusterSettings next) {
    upcoming = next;
    boolean begun = state != ClusterState.STOPPED && state != ClusterState.WAITING;
    settings = begun ? settings.withLiveOnes(next) : next;
    publisher.coalesce(settings.coalesce().toNanos());
    for (PartKind kind : PartKind.values()) {
      roster.forgive(kind);
    }
    show();
    reconcile();
  }

  /** A part came. */
  public void add(Part part) {
    roster.add(part);
    show();
    reconcile();
  }

  /** A part changed: if it had failed, it gets another chance. */
  public void touch(Part part) {
    roster.forgive(part.kind());
    reconcile();
  }

  /**
   * A part ranks otherwise than before.
   *
   * @param origin where it comes from, and how it ranks from now on
   */
  public void rank(Part part, Part.Origin origin) {
    roster.rank(part, origin);
    show();
    reconcile();
  }

  /**
   * A part goes.
   *
   * @param part the part
   * @param gone runs when the node has let go of it
   */
  public void remove(Part part, Runnable gone) {
    roster.remove(part);
    parts.whenGone(part, gone);
    show();
    reconcile();
  }

  /** A block list service came. */
  public void add(BlockListProvider service) {
    blocks.add(service);
  }

  /** A block list service changed, and is asked again. */
  public void refreshBlockList() {
    blocks.refresh();
  }

  /** A block list service goes. */
  public void remove(BlockListProvider service) {
    blocks.remove(service);
  }

  /**
   * A kind came.
   *
   * @param name its name
   */
  public void addKind(String name, GrainKind kind) {
    kinds.register(name, kind);
    describe();
    show();
  }

  /**
   * A kind goes.
   *
   * @param name its name
   * @param gone runs when none of its grains serves any more
   */
  public void removeKind(String name, GrainKind kind, Runnable gone) {
    kinds.unregister(name, kind);
    describe();
    show();
    endGrains(kind, parts.inUse(PartKind.GRAINS).iterator(), gone);
  }

  private void endGrains(GrainKind kind, Iterator<PartRun> hosts, Runnable gone) {
    if (hosts.hasNext()) {
      hosts.next().remove(kind, () -> endGrains(kind, hosts, gone));
    } else {
      gone.run();
    }
  }

  /** Tells others which kinds this node has. */
  private void describe() {
    links.links().describe(settings.mode(), kinds.names());
  }

  /** Refuses an address on behalf of the operator. */
  public void block(
      Authority address, String reason, Optional<Instant> expires, Ending<Void> ending) {
    if (members.self().isEmpty()) {
      ending.failed(new NotStartedException("cannot block " + address + ": the node is " + state));
      return;
    }
    if (address.equals(self())) {
      ending.failed(new ClusterException("cannot block " + address + ": it is this node"));
      return;
    }
    Optional<String> full = blocks.full(address);
    if (full.isPresent()) {
      ending.failed(new ClusterException("cannot block " + address + ": " + full.get()));
      return;
    }
    blocks.block(address, reason, expires);
    ending.succeeded(null);
  }

  /** Takes back what the operator said. */
  public void unblock(Authority address, Ending<Boolean> ending) {
    List<String> others = blocks.servicesBlocking(address);
    boolean removed = blocks.unblock(address);
    if (!removed && !others.isEmpty()) {
      ending.failed(new ClusterException(
          "cannot unblock " + address + ": it is blocked by " + String.join(", ", others)));
      return;
    }
    ending.succeeded(removed);
  }

  /** Asks for a hand-over; those that wait are carried out one after the other. */
  public void swap(String name, Ending<SwapReport> ending) {
    if (state == ClusterState.RUNNING) {
      succession.ask(name, ending);
      reconcile();
    } else {
      ending.failed(new SwapFailedException("cannot swap to " + name + ": the node is " + state));
    }
  }

  /** Judges a topology that anyone published: what is no news is passed over, what makes no sense is rejected. */
  private boolean admits(TopologyUpdated event) {
    if (!publisher.isOpen() || members.self().isEmpty() || !members.isNews(event)) {
      return false;
    }
    Optional<String> flaw = members.flaw(event).or(() -> refused(event));
    flaw.ifPresent(reason -> publisher.reject("stream", reason));
    if (flaw.isEmpty()) {
      publisher.adopt(event);
    }
    return flaw.isEmpty();
  }

  private Optional<String> refused(TopologyUpdated event) {
    for (NodeId id : event.members()) {
      if (blocks.refuses(id)) {
        return Optional.of(id.authority() + " is refused by the block list");
      }
    }
    return Optional.empty();
  }

  /** Applies a topology. There is no way here but through the extension. */
  void onTopology(TopologyUpdated event) {
    members.apply(event, loop.wallMillis());
    String version = " in version " + event.topology().version();
    event
        .joined()
        .forEach(address -> evidence.note(address, "joined" + version, "core", "a member"));
    event.left().forEach(address -> evidence.note(address, "left" + version, "core", "no member"));
    partition.onTopology(members.addresses(), publisher.lost(event));
    links.onView();
  }

  /** Tells whether everyone in the view can be reached. Without a transport nobody ever can, which then says nothing. */
  private boolean whole() {
    return parts.running(PartKind.TRANSPORT).isEmpty()
        || members.view().members().stream()
            .allMatch(id -> id.authority().equals(self()) || links.linked(id).isPresent());
  }

  /** A part tells something of itself; what it holds of members is kept as evidence, too. */
  private void told(Part part, PartEvent event) {
    if (event instanceof MemberSuspected suspected) {
      members.suspect(suspected.member());
      judged(part, suspected.member(), "suspected " + suspected.evidence(), "it may refute");
    } else if (event instanceof MemberRecovered recovered) {
      members.trust(recovered.member());
      judged(part, recovered.member(), "recovered: " + recovered.evidence(), "trusted again");
    } else if (event instanceof MemberFailed failed) {
      members.trust(failed.member());
      judged(part, failed.member(), "found dead, " + failed.evidence(), REMOVED);
    } else if (event instanceof Isolated isolated) {
      members.self().ifPresent(self -> judged(part, self, isolated.evidence(), "accuses nobody"));
    } else if (event instanceof Rejoined rejoined) {
      members
          .self()
          .ifPresent(self -> judged(part, self, rejoined.evidence(), "asks what it missed"));
    }
    events.emit(event);
  }

  private void judged(Part part, NodeId about, String verdict, String rule) {
    evidence.note(about.authority(), verdict, part.name(), rule);
    show();
  }

  /** A member refuses this node, or another side of a partition goes on: this node leaves; its process stays. */
  private void expelled() {
    shutdown(true, Ending.either(() -> {}));
  }

  /** Shows the state as it is. */
  private void show() {
    TopologyStatus topology = new TopologyStatus(
        members.view(),
        members.last(),
        state == ClusterState.RUNNING && succession.stale(),
        succession.source(),
        Agreement.of(
            Math.min(1, members.view().members().size()),
            members.view().members().size()));
    if (parts.running(PartKind.GOSSIP).isEmpty()) {
      members.trustAll();
    }
    Optional<ClusterGrains> grains =
        parts.running(PartKind.GRAINS).map(run -> (ClusterGrains) run.part().service());
    boolean reachesOthers = parts.running(PartKind.TRANSPORT).isPresent();
    board.show(new NodeStatus(
        state,
        members.self(),
        topology,
        members.members(kinds.names(), links::linked),
        kinds.names(),
        links.linked(),
        evidence.snapshot(),
        succession.providers(),
        parts.running(PartKind.PUBSUB).map(run -> (ClusterPubSub) run.part().service()),
        grains,
        parts.running(PartKind.GOSSIP).map(run -> (Gossiper) run.part().service()),
        blocks.entries(),
        new Metrics(
            members.view().members().size(),
            0, // which are counted when somebody asks
            kinds.names().size(),
            blocks.entries().size(),
            members.view().version(),
            events.published(),
            events.dropped(),
            publisher.rejected()),
        settings.metrics(),
        reachesOthers,
        roster.missing(settings.startWhen()),
        roster.failures()));
  }

  private void become(ClusterState next) {
    state = next;
    show();
  }

  private Authority self() {
    return members.self().orElseThrow().authority();
  }

  private void blocksChanged() {
    links.onBlocked(blocks.entries());
    publisher.flush();
    show();
  }

  private static Optional<ClusterException> flaw(ClusterSettings settings) {
    if (settings.bind().wildcard() && settings.advertise().isEmpty()) {
      return Optional.of(new ConfigurationException(
          ClusterSettings.PID,
          "advertise",
          "",
          "HOST:PORT, which others dial; it is required because bind=" + settings.bind()
              + " is a wildcard"));
    }
    return Optional.empty();
  }

  // The one place that decides what is done next.

  private void reconcile() {
    if (stepping) {
      return;
    }
    switch (state) {
      case STOPPED -> {}
      case WAITING -> {
        if (!wanted) {
          patience.cancel();
          become(ClusterState.STOPPED);
          endStart(new StartupFailedException("the node was stopped while it waited"));
          endShutdown(List.of());
        } else if (flaw(settings).isPresent()) {
          refuseToWait(flaw(settings).get());
        } else if (roster.missing(settings.startWhen()).isEmpty()) {
          begin();
        }
      }
      case STARTING, STOPPING -> throw new AssertionError("no step is under way in " + state);
      case RUNNING -> {
        if (!wanted) {
          stop();
        } else {
          step();
          if (!succession.advance(new PartSuccession.Terms(settings, incarnation), this::stepped)) {
            stepping = false;
          }
        }
      }
    }
  }

  private void step() {
    stepping = true;
  }

  private void stepped() {
    stepping = false;
    reconcile();
  }

  private void await() {
    settings = upcoming;
    become(ClusterState.WAITING);
    patience = loop.schedule(PATIENCE.toNanos(), this::losePatience);
    reconcile();
  }

  private void refuseToWait(ClusterException reason) {
    wanted = false;
    patience.cancel();
    become(ClusterState.STOPPED);
    failStart(reason);
    endShutdown(List.of());
  }

  private void losePatience() {
    List<PartKind> missing = roster.missing(settings.startWhen());
    if (state == ClusterState.WAITING && !missing.isEmpty()) {
      events.emit(new PartMissing(missing.stream().map(PartKind::label).toList()));
    }
  }

  // Start.

  private void begin() {
    step();
    patience.cancel();
    state = ClusterState.STARTING;
    incarnation = incarnations.getAsLong();
    publisher.open(settings.coalesce().toNanos());
    try {
      extension.register();
    } catch (RuntimeException thrown) {
      unwind(new StartupFailedException("the core cannot subscribe: " + Failure.reason(thrown)));
      return;
    }
    links.open(settings.mode(), kinds.names());
    show();
    StartSequence sequence = new StartSequence(parts, roster, publisher, settings, incarnation);
    sequence.run(() -> wanted, this::open, failure -> {
      if (failure == null) {
        started();
      } else if (wanted && sequence.lostPart()) {
        unwindAndWait();
      } else {
        unwind(failure);
      }
    });
  }

  /** The node has its address, and is the first member of its own view. */
  private void open(Authority address) {
    members.open(new NodeId(address, incarnation), settings.mode(), loop.wallMillis());
    if (settings.mode() == StartupMode.MEMBER) {
      partition.open(members.self().orElseThrow());
    }
    blocks.open();
    links.onBlocked(blocks.entries());
    show();
  }

  private void started() {
    succession.open();
    publisher.release();
    state = ClusterState.RUNNING;
    events.emit(new Startup(self(), settings.mode()));
    take(startEndings).forEach(ending -> ending.succeeded(null));
    stepped();
  }

  private void unwind(ClusterException reason) {
    wanted = false;
    publisher.close();
    parts.stopAll(parts.startedLastFirst(), false, failures -> {
      failures.forEach(events::emit);
      forget();
      become(ClusterState.STOPPED);
      stepping = false;
      failStart(reason);
      endShutdown(List.of());
      reconcile();
    });
  }

  /** A part that was taken out during the start is no failure: the start begins anew once all is there. */
  private void unwindAndWait() {
    publisher.close();
    parts.stopAll(parts.startedLastFirst(), false, failures -> {
      failures.forEach(events::emit);
      forget();
      events.forgetTopology();
      stepping = false;
      await();
    });
  }

  private void failStart(ClusterException reason) {
    events.emit(
        new StartupFailed(settings.bind(), settings.mode(), String.valueOf(reason.getMessage())));
    endStart(reason);
  }

  // Stop.

  private void stop() {
    step();
    become(ClusterState.STOPPING);
    publisher.close();
    partition.close();
    succession.close();
    Authority address = self();
    parts.stopAll(
        parts.runningOf(PartKind.PUBSUB, PartKind.GRAINS),
        graceful,
        first -> parts.stopAll(
            afterTheGoodbye(),
            graceful,
            second -> whenDrained(loop.nowNanos(), () -> {
              members.clear();
              blocks.close();
              show();
              parts.stopAll(
                  parts.running(),
                  graceful,
                  third -> stopped(
                      address,
                      Stream.of(first, second, third).flatMap(List::stream).toList()));
            })));
  }

  /** Says goodbye, where there is one to say, and returns what stops next. */
  private List<PartRun> afterTheGoodbye() {
    if (graceful && settings.mode() == StartupMode.MEMBER) {
      links.links().leave();
      parts.running(PartKind.GOSSIP).ifPresent(PartRun::leave);
    }
    return parts.runningOf(PartKind.PROVIDER, PartKind.GOSSIP);
  }

  /** What was sent last, the goodbye among it, is written before the transport goes; a peer that does not read is not waited for. */
  private void whenDrained(long sinceNanos, Runnable next) {
    if (graceful && !links.links().drained() && loop.nowNanos() - sinceNanos < DRAIN_NANOS) {
      loop.schedule(DRAIN_LOOK_NANOS, () -> whenDrained(sinceNanos, next));
    } else {
      next.run();
    }
  }

  private void stopped(Authority address, List<PartFailed> failed) {
    List<String> failures =
        failed.stream().map(each -> each.part() + ": " + each.reason()).toList();
    forget();
    become(ClusterState.STOPPED);
    events.emit(
        failures.isEmpty()
            ? new Shutdown(address, settings.mode())
            : new ShutdownFailed(address, settings.mode(), failures));
    stepping = false;
    endShutdown(failures);
    reconcile();
  }

  /** Leaves nothing of this run behind. */
  private void forget() {
    publisher.close();
    partition.close();
    extension.unregister();
    links.close();
    evidence.clear();
    members.clear();
    blocks.close();
    succession.close();
  }

  private void endStart(ClusterException reason) {
    take(startEndings).forEach(ending -> ending.failed(reason));
  }

  private void endShutdown(List<String> failures) {
    take(shutdownEndings).forEach(ending -> {
      if (failures.isEmpty()) {
        ending.succeeded(null);
      } else {
        ending.failed(new ShutdownFailedException(String.join("; ", failures)));
      }
    });
  }

  private static <T> List<T> take(List<T> list) {
    List<T> taken = List.copyOf(list);
    list.clear();
    return taken;
  }
}
