package io.thole.testkit.swarm;

import io.thole.api.Authority;
import io.thole.api.ClusterEvent;
import io.thole.api.ClusterEvent.TopologyUpdated;
import io.thole.api.ClusterException;
import io.thole.api.ClusterSettings;
import io.thole.api.NodeId;
import io.thole.core.run.ManualNodeLoop;
import io.thole.gossip.GossipMessage;
import io.thole.gossip.GossipSettings;
import io.thole.gossip.run.GossipDriver;
import io.thole.testkit.ManualNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A place in the swarm: a machine with an address, on which one process after the other runs. */
final class SwarmNode implements Host {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long RETRY_NANOS = 1_000_000_000L;

  private final int place;
  private final Authority address;
  private final List<Authority> seeds;
  private final SimulatedNetwork network;
  private final BiConsumer<SwarmNode, Life> setup;
  private final SafetyChecks checks;
  private final RandomGenerator random;
  private final Deque<Runnable> backlog = new ArrayDeque<>();
  private @Nullable Life life;
  private long lastIncarnation;
  private long pausedUntilNanos = Long.MIN_VALUE;
  private long pausedSinceNanos;
  private long stoodStillNanos;
  private boolean standsStill;
  private boolean unbound;
  private long deafUntilNanos = Long.MIN_VALUE;
  private long mutedUntilNanos = Long.MIN_VALUE;

  SwarmNode(
      int place,
      List<Authority> seeds,
      SimulatedNetwork network,
      BiConsumer<SwarmNode, Life> setup,
      SafetyChecks checks,
      RandomGenerator random) {
    this.place = place;
    this.address = network.address(place);
    this.seeds = seeds;
    this.network = network;
    this.setup = setup;
    this.checks = checks;
    this.random = random;
  }

  @Override
  public int place() {
    return place;
  }

  Authority address() {
    return address;
  }

  List<Authority> seeds() {
    return seeds;
  }

  /** Returns the process, if one runs, whatever its node does. */
  Optional<Life> life() {
    return Optional.ofNullable(life);
  }

  /** Returns the process, if one runs and does not stand still. */
  Optional<Life> awake() {
    return life().filter(current -> !paused());
  }

  boolean paused() {
    return now() < pausedUntilNanos;
  }

  /** Returns a time that stands still while the process does. */
  long ranNanos() {
    return (standsStill ? pausedSinceNanos : now()) - stoodStillNanos;
  }

  @Override
  public long mutedUntilNanos() {
    return mutedUntilNanos;
  }

  private long now() {
    return network.agenda.nowNanos();
  }

  // Life and death.

  /** Starts a process, unless one runs. */
  void start() {
    if (life != null) {
      return;
    }
    ManualNodeLoop loop = new ManualNodeLoop();
    loop.advance(now());
    long incarnation = nextIncarnation();
    ManualNode node = ManualNode.create(settings(), loop, () -> incarnation);
    Life begun = new Life(
        place,
        new NodeId(address, incarnation),
        loop,
        node,
        new SimulatedTransport(network, this),
        new ChangingBlockList());
    life = begun;
    checks.began(begun);
    node.stream().subscribe(ClusterEvent.class, event -> happened(begun, event));
    node.add(new SimulatedProvider("one"))
        .add(new SimulatedProvider("two"))
        .add(new TappedGossiper(new GossipDriver(GossipSettings::lan), ear(begun)))
        .add(begun.blocks());
    setup.accept(this, begun);
    node.add(begun.transport());
    node.start();
    settle();
  }

  private ClusterSettings settings() {
    return ClusterSettings.DEFAULTS
        .with("bind", address.toString())
        .with("startWhen", "transport,gossip,provider")
        .with("seeds", seeds.stream().map(Authority::toString).collect(Collectors.joining(",")));
  }

  /** Start numbers as real ones are, of a clock that never goes back: 42 bits of milliseconds, 22 that are random. */
  private long nextIncarnation() {
    long millis = (1L << 40) + now() / 1_000_000;
    lastIncarnation = Math.max(lastIncarnation + 1, millis << 22 | random.nextInt(1 << 22));
    return lastIncarnation;
  }

  private TappedGossiper.Ear ear(Life begun) {
    return new TappedGossiper.Ear() {
      @Override
      public void sent(NodeId to, GossipMessage message) {
        network.trace.line(now(), place, () -> "to " + to + " " + message);
        checks.sent(begun, message);
      }

      @Override
      public void received(NodeId from, GossipMessage message) {
        network.trace.line(now(), place, () -> "from " + from + " " + message);
        checks.received(begun, from, message);
      }

      @Override
      public void failed(Throwable thrown) {
        checks.thrown(begun, thrown);
      }
    };
  }

  private void happened(Life begun, ClusterEvent event) {
    network.trace.note(now(), place, event.toString());
    checks.happened(begun, event);
    if (event instanceof TopologyUpdated update) {
      checks.updated(begun, update, begun.transport()::connected);
    }
    if (event instanceof ClusterEvent.Shutdown || event instanceof ClusterEvent.ShutdownFailed) {
      network.agenda.after(0, () -> end(begun));
    }
  }

  /** The process dies. */
  void crash() {
    if (life != null) {
      network.trace.note(now(), place, "crash");
      life.transport().die();
      end(life);
    }
  }

  @SuppressWarnings("ReferenceEquality") // this very life, which another may have followed
  private void end(Life ended) {
    if (life == ended) {
      checks.ended(ended);
      life = null;
      unbound = false;
      standsStill = false;
      backlog.clear();
      pausedUntilNanos = Long.MIN_VALUE;
      deafUntilNanos = Long.MIN_VALUE;
      mutedUntilNanos = Long.MIN_VALUE;
    }
  }

  // Time.

  /** Returns when the process has something to do by itself. */
  long nextNanos() {
    return life == null || paused() ? NEVER : life.loop().nextDueNanos();
  }

  /** Does what is due by now. */
  void wake() {
    Life current = life;
    if (current != null && !paused()) {
      current.loop().advance(now() - current.loop().nowNanos());
      settle();
    }
  }

  @Override
  public void receive(Runnable input) {
    if (life == null) {
      return;
    }
    if (now() < Math.max(pausedUntilNanos, deafUntilNanos)) {
      backlog.add(input);
    } else {
      act(input);
    }
  }

  /** Has the process do something, at this moment of its own time. */
  void act(Runnable input) {
    Life current = life;
    if (current != null && !paused()) {
      current.loop().advance(now() - current.loop().nowNanos());
      input.run();
      settle();
    }
  }

  private void settle() {
    Life current = life;
    if (current != null) {
      do {
        current.loop().run();
      } while (current.transport().tellDrained());
      checks.settled(current);
    }
  }

  // Faults.

  /** The whole process stands still. */
  void pause(long nanos) {
    if (life != null) {
      long untilNanos = now() + nanos;
      pausedSinceNanos = standsStill ? pausedSinceNanos : now();
      standsStill = true;
      pausedUntilNanos = Math.max(pausedUntilNanos, untilNanos);
      Life paused = life;
      network.agenda.at(untilNanos, () -> resume(paused));
    }
  }

  /** It finds out how late it is: its clock shows it at once. Whether it reads or looks at its timers first is left to chance. */
  @SuppressWarnings("ReferenceEquality") // as above
  private void resume(Life paused) {
    if (life == paused && !paused()) {
      network.trace.note(now(), place, "resume");
      stoodStillNanos += now() - pausedSinceNanos;
      standsStill = false;
      paused.loop().jump(now() - paused.loop().nowNanos());
      if (now() >= deafUntilNanos && random.nextBoolean()) {
        for (Runnable input = backlog.poll(); input != null; input = backlog.poll()) {
          input.run();
        }
      }
      wake();
      catchUp();
    }
  }

  /** The process neither hears nor is heard, but goes on. */
  void block(long nanos) {
    deafUntilNanos = Math.max(deafUntilNanos, now() + nanos);
    mutedUntilNanos = Math.max(mutedUntilNanos, now() + nanos);
    network.agenda.at(now() + nanos, this::catchUp);
  }

  private void catchUp() {
    while (life != null
        && !backlog.isEmpty()
        && now() >= Math.max(pausedUntilNanos, deafUntilNanos)) {
      act(backlog.remove());
    }
  }

  void leave() {
    act(() -> attempt(node -> node.stop(true)));
  }

  /** Takes the transport out, as an update of its bundle does. */
  void unbind() {
    act(() -> life().filter(current -> !unbound && current.running()).ifPresent(current -> {
      unbound = true;
      current.node().remove(current.transport());
    }));
  }

  /** Puts the transport in again; a process that stands still does so when it goes on. */
  void bindAgain() {
    if (unbound && paused()) {
      network.agenda.after(RETRY_NANOS, this::bindAgain);
    } else if (unbound) {
      unbound = false;
      act(() -> life().ifPresent(current -> current.node().add(current.transport())));
    }
  }

  void swapProvider() {
    act(() -> attempt(node -> node.swap(random.nextBoolean() ? "one" : "two")));
  }

  void shiftWall(long millis) {
    life().ifPresent(current -> current.loop().shiftWall(millis));
  }

  void block(Authority other, boolean begins) {
    if (life != null && paused() && !begins) { // heard once the process goes on
      network.agenda.after(RETRY_NANOS, () -> block(other, false));
      return;
    }
    act(() -> life().ifPresent(current -> {
      if (begins) {
        current.blocks().block(other);
      } else {
        current.blocks().unblock(other);
      }
    }));
  }

  /** Asks for what the node may refuse in the state that it is in. */
  private void attempt(Consumer<ManualNode> request) {
    try {
      life().ifPresent(current -> request.accept(current.node()));
    } catch (ClusterException refused) {
      network.trace.note(now(), place, "refused: " + refused.getMessage());
    }
  }
}
