package io.thole.testkit.swarm;

import io.thole.api.Authority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One run: some nodes, one network, one plan of faults, on one thread. Each turn takes whatever comes first, of the network, the faults
 * and every node's own timers, and does it at its time; after each, what must always hold has been checked.
 */
final class SwarmRun {
  /** How long nodes have to find each other before the first fault. */
  static final long CALM_NANOS = 4_000_000_000L;

  /** How long after the last fault everything must be as it should be (G9 gives a partition 15 s). */
  static final long SETTLE_NANOS = 20_000_000_000L;

  /** How much of a run belongs to what comes after the faults. */
  private static final long QUIET_NANOS = 25_000_000_000L;

  private static final long LOOK_NANOS = 250_000_000L;

  private static final int FIRST_PORT = 7_001;
  private static final Authority NOBODY = new Authority("nobody", 7_000);

  private final SwarmSettings settings;
  private final Agenda agenda = new Agenda();
  private final Trace trace;
  private final Weather weather;
  private final SimulatedNetwork network;
  private final SafetyChecks safety;
  private final LivenessChecks liveness;
  private final List<SwarmNode> nodes = new ArrayList<>();
  private final FaultPlan plan;
  private final Scenario scenario;
  private final long endNanos;
  private final long faultsEndNanos;
  private long settledAtNanos = Long.MAX_VALUE;

  SwarmRun(SwarmSettings settings) {
    this.settings = settings;
    this.endNanos = settings.lasts().toNanos();
    this.faultsEndNanos = Math.max(CALM_NANOS + 1, endNanos - QUIET_NANOS);
    FaultPlan drawn =
        FaultPlan.draw(settings.faults(), settings.nodes(), CALM_NANOS, faultsEndNanos, random(1));
    this.plan = settings.only().map(drawn::only).orElse(drawn);
    this.trace = new Trace(settings.traceLines());
    this.weather = new Weather(settings.nodes());
    this.safety = new SafetyChecks(agenda, trace);
    List<Authority> addresses = IntStream.range(0, settings.nodes())
        .mapToObj(place -> new Authority("n" + place, FIRST_PORT + place))
        .toList();
    this.network =
        new SimulatedNetwork(addresses, agenda, weather, trace, random(2), safety::linked);
    Random seeds = random(3);
    int seedCount = 1 + seeds.nextInt(Math.min(3, settings.nodes()));
    for (int place = 0; place < settings.nodes(); place++) {
      nodes.add(new SwarmNode(
          place,
          seeds(place, seedCount, addresses),
          network,
          this::equip,
          safety,
          random(100 + place)));
    }
    this.liveness = new LivenessChecks(nodes, safety);
    this.scenario = settings.scenario().apply(this);
  }

  private void equip(SwarmNode node, Life life) {
    settings.setup().accept(life.node());
    scenario.equip(node, life);
  }

  /** Returns what is left to chance in one concern, whatever happens in the others. */
  Random random(long concern) {
    return new Random(settings.seed() * 0x9E3779B97F4A7C15L ^ concern * 0xBF58476D1CE4E5B9L);
  }

  /** Everyone has the first few as seeds; where the plan has dead seeds, some lists begin with one. */
  private List<Authority> seeds(int place, int count, List<Authority> addresses) {
    List<Authority> seeds = new ArrayList<>(addresses.subList(0, count));
    plan.disturbances().stream()
        .filter(each -> each.fault() == Fault.DEAD_SEEDS && (each.place() + place) % 2 == 0)
        .findFirst()
        .ifPresent(each -> seeds.add(0, NOBODY));
    return seeds;
  }

  SwarmReport run() {
    Random starts = random(4);
    nodes.forEach(node -> agenda.at(starts.nextLong(CALM_NANOS / 4), node::start));
    new FaultScript(network, nodes, scenario).enter(plan);
    agenda.at(faultsEndNanos, this::look);
    settings.script().accept(this);
    try {
      while (safety.violation().isEmpty() && turn()) {
        trace.step();
      }
    } catch (RuntimeException | Error thrown) {
      safety.thrown("-", thrown);
    }
    agenda.advanceTo(Math.min(endNanos, agenda.nowNanos()));
    if (safety.violation().isEmpty()) {
      scenario.judge();
    }
    return report();
  }

  /** Does what comes first; false if that is after the end. */
  private boolean turn() {
    SwarmNode first = null;
    long atNanos = agenda.nextNanos();
    for (SwarmNode node : nodes) {
      long nodeNanos = node.nextNanos();
      if (nodeNanos < atNanos) {
        atNanos = nodeNanos;
        first = node;
      }
    }
    if (atNanos > endNanos) {
      return false;
    }
    if (first == null) {
      agenda.runNext();
    } else {
      agenda.advanceTo(atNanos);
      trace.note(agenda.nowNanos(), first.place(), 1);
      first.wake();
    }
    return true;
  }

  /** Looks whether everything is as it should be, again and again until the end. */
  private void look() {
    Optional<Violation> unsettled = liveness.unsettled(trace.steps(), agenda.nowNanos());
    if (unsettled.isEmpty()) {
      settledAtNanos = Math.min(settledAtNanos, agenda.nowNanos());
    } else if (agenda.nowNanos() - faultsEndNanos >= SETTLE_NANOS) {
      Violation violation = unsettled.get();
      safety.violate(violation.rule(), violation.node(), violation.detail());
    } else {
      settledAtNanos = Long.MAX_VALUE;
    }
    agenda.after(LOOK_NANOS, this::look);
  }

  private SwarmReport report() {
    return new SwarmReport(
        settings.seed(),
        settings.nodes(),
        trace.steps(),
        agenda.nowNanos(),
        safety.violation(),
        trace.hash(),
        settledAtNanos == Long.MAX_VALUE ? -1 : settledAtNanos - faultsEndNanos,
        plan.numbers(),
        plan.disturbances().stream().map(Disturbance::toString).toList(),
        trace.lines(),
        safety.thrown());
  }

  Agenda agenda() {
    return agenda;
  }

  Trace trace() {
    return trace;
  }

  FaultPlan plan() {
    return plan;
  }

  SafetyChecks safety() {
    return safety;
  }

  LivenessChecks liveness() {
    return liveness;
  }

  SwarmNode node(int place) {
    return nodes.get(place);
  }

  /** Returns when the last fault has ended. */
  long faultsEndNanos() {
    return faultsEndNanos;
  }

  long endNanos() {
    return endNanos;
  }

  /** Has something be done with the nodes at a time. */
  void at(long atNanos, Consumer<SimulatedCluster> action) {
    agenda.at(atNanos, () -> {
      nodes.forEach(SwarmNode::wake);
      action.accept(new SimulatedCluster(nodes, agenda.nowNanos()));
      nodes.forEach(SwarmNode::wake);
    });
  }
}
