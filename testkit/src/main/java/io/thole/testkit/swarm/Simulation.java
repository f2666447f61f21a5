package io.thole.testkit.swarm;

import io.thole.testkit.ManualNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Whole nodes in virtual time, on one thread, over a network in which as much goes wrong as is allowed; for tests of what an
 * application brings: its kinds of grains, its subscribers, its observers.
 *
 * <pre>{@code
 * Simulation.of(17)
 *     .nodes(5)
 *     .with(node -> node.add(new CounterKind()))
 *     .faults(Faults.of(Fault.PARTITION, Fault.CRASH))
 *     .at(Duration.ofSeconds(40), cluster -> cluster.node(0).orElseThrow().grains().call(…))
 *     .run(Duration.ofSeconds(60));
 * }</pre>
 *
 * <p>A seed decides everything: the same one gives the same run, event for event. Where a rule is broken, {@link #run} throws, with the
 * seed, the step, the rule and as few faults as it takes.
 */
public final class Simulation {
  /** How much of what happened last is told of a run that fails. */
  private static final int LINES = 40;

  private final long seed;
  private final List<Consumer<SwarmRun>> script = new ArrayList<>();
  private int nodes = 3;
  private Consumer<ManualNode> setup = node -> {};
  private Faults faults = Faults.none();

  private Simulation(long seed) {
    this.seed = seed;
  }

  /** Begins with three nodes that find each other, and no faults. */
  public static Simulation of(long seed) {
    return new Simulation(seed);
  }

  /**
   * Says how many nodes there are.
   *
   * @throws IllegalArgumentException if there are fewer than 1 or more than 64
   */
  public Simulation nodes(int count) {
    if (count < 1 || count > SwarmOptions.MOST_NODES) {
      throw new IllegalArgumentException(
          count + " nodes; allowed: 1 to " + SwarmOptions.MOST_NODES);
    }
    nodes = count;
    return this;
  }

  /**
   * Has every node be given something before each of its starts; one that was restarted is a new {@link ManualNode}, as a process is. Of
   * everything that belongs to a node, make one for each call.
   */
  public Simulation with(Consumer<ManualNode> parts) {
    setup = setup.andThen(parts);
    return this;
  }

  /** Says what may go wrong; when, how often and how much, the seed decides. */
  public Simulation faults(Faults allowed) {
    faults = allowed;
    return this;
  }

  /**
   * Has something be done at a moment of the virtual time; what it throws ends the run.
   *
   * @param time after the beginning; at one time in the order of these calls
   * @param action is given the nodes
   */
  public Simulation at(Duration time, Consumer<SimulatedCluster> action) {
    script.add(run -> run.at(time.toNanos(), action));
    return this;
  }

  /**
   * Runs it. Faults begin after 4 s and end 25 s before the end, or, in a short run, do not happen; 20 s after the last of them the
   * nodes must agree.
   *
   * @param duration how long, in virtual time
   * @return what came of it
   * @throws AssertionError if a rule was broken, or an action failed
   */
  public SimulationReport run(Duration duration) {
    SwarmSettings settings = new SwarmSettings(
        seed,
        nodes,
        duration,
        faults,
        Optional.empty(),
        setup,
        run -> script.forEach(each -> each.accept(run)),
        run -> Scenario.NONE,
        0);
    SwarmReport report = new SwarmRun(settings).run();
    if (report.violation().isPresent()) {
      throw failure(settings, report);
    }
    return new SimulationReport(
        seed,
        nodes,
        report.steps(),
        Duration.ofNanos(report.virtualNanos()),
        report.trace(),
        report.faults());
  }

  private static AssertionError failure(SwarmSettings settings, SwarmReport failed) {
    SwarmReport least = Shrinking.shrink(settings, failed);
    SwarmReport told =
        new SwarmRun(settings.only(new TreeSet<>(least.disturbances())).traced(LINES)).run();
    List<String> lines = new ArrayList<>();
    lines.add("seed " + failed.seed() + " breaks " + failed.violation().orElseThrow());
    lines.add("the fewest faults with which it does: " + told.faults());
    lines.add("what happened last:");
    lines.addAll(told.lines());
    return new AssertionError(String.join("\n", lines), told.thrown().orElse(null));
  }
}
