package io.thole.core;

import io.thole.api.Account;
import io.thole.api.Authority;
import io.thole.api.BindAddress;
import io.thole.api.BlockEntry;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.ClusterState;
import io.thole.api.ClusterTopology;
import io.thole.api.NodeId;
import io.thole.api.PartKind;
import io.thole.api.SwapReport;
import io.thole.api.grain.Grain;
import io.thole.api.grain.GrainId;
import io.thole.api.grain.GrainKind;
import io.thole.api.grain.Grains;
import io.thole.api.pubsub.PubSub;
import io.thole.core.run.LinkPort;
import io.thole.core.run.ManualNodeLoop;
import io.thole.core.run.VolatileBoard;
import io.thole.spi.BlockListProvider;
import io.thole.spi.ClusterGrains;
import io.thole.spi.ClusterProvider;
import io.thole.spi.ClusterPubSub;
import io.thole.spi.Gossiper;
import io.thole.spi.Introduction;
import io.thole.spi.PartContext;
import io.thole.spi.Transport;
import io.thole.spi.TransportHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node on a manual loop, with an observer that writes down every event and parts that do what a test says. */
final class ManualNode {
  /** The workers of a node that is stopped: the observer of the test. */
  static final int WORKERS = 1;

  /** A kind of which a test needs no grain. */
  static final GrainKind COUNTER = counter();

  static final Authority SELF = at("127.0.0.1:26050");

  final ManualNodeLoop loop = new ManualNodeLoop();
  final VolatileBoard board = new VolatileBoard();
  final SerialEventStream events = new SerialEventStream(loop, loop);
  final ClusterCore core;

  /** What the parts were asked, in order. */
  final List<String> calls = new ArrayList<>();

  private final List<ClusterEvent> seen = new ArrayList<>();
  private long starts;
  private long registrations;

  ManualNode() {
    this(ClusterSettings.DEFAULTS);
  }

  ManualNode(ClusterSettings settings) {
    core = new ClusterCore(loop, loop, events, board, new LinkPort(loop), () -> ++starts, settings);
    events.subscribe(ClusterEvent.class, seen::add);
    loop.run();
  }

  static GrainKind counter() {
    return new GrainKind() {
      @Override
      public String name() {
        return "counter";
      }

      @Override
      public Grain activate(GrainId id, NodeId node) {
        throw new UnsupportedOperationException("nobody hosts it");
      }
    };
  }

  /** Returns a node that waits for no part. */
  static ManualNode waitingForNothing() {
    return new ManualNode(ClusterSettings.DEFAULTS.with("startWhen", ""));
  }

  static Authority at(String address) {
    return Authority.parse(address);
  }

  static NodeId id(String address, long incarnation) {
    return new NodeId(at(address), incarnation);
  }

  /** Returns this node's id in its given start. */
  static NodeId self(long incarnation) {
    return new NodeId(SELF, incarnation);
  }

  static List<Authority> all(String... addresses) {
    return Arrays.stream(addresses).map(ManualNode::at).toList();
  }

  static List<NodeId> nodes(String... addresses) {
    return Arrays.stream(addresses).map(address -> NodeId.at(at(address))).toList();
  }

  /** Returns the event by which a node in its first start, itself aside, has these members. */
  static TopologyUpdated update(
      long version, List<Authority> joined, List<Authority> left, NodeId... others) {
    return blocking(version, joined, left, List.of(), others);
  }

  static TopologyUpdated blocking(
      long version,
      List<Authority> joined,
      List<Authority> left,
      List<Authority> blocked,
      NodeId... others) {
    List<NodeId> members = new ArrayList<>(List.of(others));
    members.add(self(1));
    return new TopologyUpdated(new ClusterTopology(joined, left, version), blocked, members);
  }

  /** Adds a part that starts and stops without ado. */
  Scripted add(PartKind kind, String name, int ranking) {
    Scripted scripted = new Scripted(kind, name, ranking);
    core.add(scripted.part);
    return scripted;
  }

  Scripted provider(String name) {
    return add(PartKind.PROVIDER, name, 0);
  }

  /** Asks the node to start, and lets it. */
  Recorded<Void> start() {
    Recorded<Void> ending = new Recorded<>();
    core.start(ending);
    loop.run();
    return ending;
  }

  Recorded<Void> shutdown() {
    Recorded<Void> ending = new Recorded<>();
    core.shutdown(true, ending);
    loop.run();
    return ending;
  }

  Recorded<SwapReport> swap(String name) {
    Recorded<SwapReport> ending = new Recorded<>();
    core.swap(name, ending);
    loop.run();
    return ending;
  }

  Recorded<Void> block(String address) {
    return block(address, Optional.empty());
  }

  Recorded<Void> block(String address, Optional<Duration> duration) {
    Recorded<Void> ending = new Recorded<>();
    core.block(
        at(address),
        "test",
        duration.map(d -> java.time.Instant.ofEpochMilli(loop.wallMillis()).plus(d)),
        ending);
    loop.run();
    return ending;
  }

  Recorded<Boolean> unblock(String address) {
    Recorded<Boolean> ending = new Recorded<>();
    core.unblock(at(address), ending);
    loop.run();
    return ending;
  }

  /** Takes a part out, and tells whether the node has let go of it. */
  Recorded<Void> remove(Scripted scripted) {
    Recorded<Void> ending = new Recorded<>();
    core.remove(scripted.part, () -> ending.succeeded(null));
    loop.run();
    return ending;
  }

  void configure(String key, Object value) {
    core.configure(ClusterSettings.DEFAULTS.with(key, value));
    loop.run();
  }

  void publish(TopologyUpdated event) {
    events.publish(event);
    loop.run();
  }

  void pass(Duration time) {
    loop.advance(time.toNanos());
  }

  /** Lets one coalescing period pass. */
  void settle() {
    pass(ClusterSettings.DEFAULTS.coalesce());
  }

  NodeStatus shown() {
    return board.shown();
  }

  ClusterState state() {
    return shown().state();
  }

  List<Authority> members() {
    return shown().topology().view().authorities();
  }

  /** Returns what the observer was told since this was asked last. */
  List<ClusterEvent> told() {
    loop.run();
    List<ClusterEvent> news = List.copyOf(seen);
    seen.clear();
    return news;
  }

  List<ClusterEvent> told(Class<? extends ClusterEvent> type) {
    return told().stream().filter(type::isInstance).toList();
  }

  /** How a request ended. */
  static final class Recorded<T> implements Ending<T> {
    private final List<String> ends = new ArrayList<>();
    private @Nullable T result;
    private @Nullable ClusterException failure;

    @Override
    public void succeeded(@Nullable T brought) {
      ends.add("succeeded");
      result = brought;
    }

    @Override
    public void failed(ClusterException reason) {
      ends.add("failed: " + reason.getMessage());
      failure = reason;
    }

    /** Returns each end, in words: one at most, if the core keeps its promise. */
    List<String> ends() {
      return List.copyOf(ends);
    }

    T result() {
      if (result == null) {
        throw new AssertionError("no result, but " + ends);
      }
      return result;
    }

    ClusterException failure() {
      if (failure == null) {
        throw new AssertionError("no failure, but " + ends);
      }
      return failure;
    }
  }

  /** A part that does what a test says, and writes down what it is asked. */
  final class Scripted {
    final Part part;

    /** What it throws when it is started, if anything. */
    @Nullable
    RuntimeException startFails;

    /** What it throws when it is stopped, if anything. */
    @Nullable
    RuntimeException stopFails;

    /** What it does in its start. */
    Consumer<PartContext> onStart = context -> {};

    /** What it does in its stop. */
    Runnable onStop = () -> {};

    /** What it does when it is to drain. */
    Consumer<Runnable> onDrain = Runnable::run;

    /** What it does when a kind goes. */
    BiConsumer<GrainKind, Runnable> onRemove = (kind, gone) -> gone.run();

    /** How often it was started and not stopped since. */
    int running;

    private @Nullable PartContext given;

    private Scripted(PartKind kind, String name, int ranking) {
      Part.Origin origin = new Part.Origin("a test", ranking, ++registrations);
      part = switch (kind) {
        case TRANSPORT -> Part.of(new ScriptedTransport(this, name), origin);
        case PUBSUB -> Part.of(new ScriptedPubSub(this, name), origin);
        case GRAINS -> Part.of(new ScriptedGrains(this, name), origin);
        case GOSSIP -> Part.of(new ScriptedGossiper(this, name), origin);
        case PROVIDER -> Part.of(new ScriptedProvider(this, name), origin);
      };
    }

    PartContext context() {
      if (given == null) {
        throw new AssertionError(part + " was never started");
      }
      return given;
    }

    void tellView(String... addresses) {
      context().topology().view(nodes(addresses));
      loop.run();
    }

    void tellJoined(String address, long incarnation) {
      context().topology().joined(List.of(id(address, incarnation)));
      loop.run();
    }

    void tellLeft(String address, long incarnation) {
      context().topology().left(List.of(id(address, incarnation)));
      loop.run();
    }

    void tellLost(String... addresses) {
      context().topology().lost(nodes(addresses));
      loop.run();
    }

    private void note(String what) {
      calls.add(what + " " + part);
    }

    private void begin(String what, @Nullable PartContext context) {
      note(what);
      given = context;
      if (startFails != null) {
        throw startFails;
      }
      running++;
      if (context != null) {
        onStart.accept(context);
      }
    }

    private void end(String how) {
      calls.add("stop " + part + how);
      running--;
      onStop.run();
      if (stopFails != null) {
        throw stopFails;
      }
    }
  }

  private record ScriptedProvider(Scripted script, String name) implements ClusterProvider {
    @Override
    public void startMember(PartContext context) {
      script.begin("start", context);
    }

    @Override
    public void startClient(PartContext context) {
      script.begin("start as client", context);
    }

    @Override
    public void shutdown(boolean graceful) {
      script.end(graceful ? " gracefully" : "");
    }
  }

  private record ScriptedGossiper(Scripted script, String name) implements Gossiper {
    @Override
    public boolean givesVerdicts() {
      return false;
    }

    @Override
    public void start(PartContext context) {
      script.begin("start", context);
    }

    @Override
    public void stop() {
      script.end("");
    }
  }

  private record ScriptedPubSub(Scripted script, String name) implements ClusterPubSub {
    @Override
    public void start(PartContext context) {
      script.begin("start", context);
    }

    @Override
    public void stop(boolean graceful) {
      script.end(graceful ? " gracefully" : "");
    }

    @Override
    public List<Account> accounts() {
      return List.of();
    }

    @Override
    public PubSub pubSub(String owner) {
      throw new UnsupportedOperationException("no test needs it");
    }
  }

  private record ScriptedGrains(Scripted script, String name) implements ClusterGrains {
    @Override
    public void start(PartContext context) {
      script.begin("start", context);
    }

    @Override
    public void drain(Runnable drained) {
      script.note("drain");
      script.onDrain.accept(drained);
    }

    @Override
    public void stop() {
      script.end("");
    }

    @Override
    public void remove(GrainKind kind, Runnable gone) {
      script.onRemove.accept(kind, gone);
    }

    @Override
    public Grains grains() {
      throw new UnsupportedOperationException("no test needs it");
    }

    @Override
    public int activations() {
      return 7;
    }

    @Override
    public List<Account> accounts() {
      return List.of();
    }
  }

  /** Binds port 1 where any will do. */
  private record ScriptedTransport(Scripted script, String name) implements Transport {
    @Override
    public Authority bind(BindAddress bind, Introduction self, TransportHandler handler) {
      script.begin("start", null);
      return new Authority(bind.host(), bind.anyPort() ? 1 : bind.port());
    }

    @Override
    public void dial(Authority peer) {}

    @Override
    public boolean send(NodeId peer, ByteBuffer frame) {
      return false;
    }

    @Override
    public void disconnect(NodeId peer) {}

    @Override
    public void unbind(boolean announced) {
      script.end(announced ? " gracefully" : "");
    }
  }

  /** A block list service whose answer a test changes. */
  static final class ScriptedBlockList implements BlockListProvider {
    Collection<BlockEntry> answer = List.of();

    @Nullable
    RuntimeException fails;

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Collection<BlockEntry> entries() {
      if (fails != null) {
        throw fails;
      }
      return answer;
    }

    @Override
    public AutoCloseable watch(Runnable changed) {
      return () -> {};
    }

    static BlockEntry entry(NodeId subject) {
      return new BlockEntry(subject, "test", "scripted", Optional.empty());
    }
  }
}
