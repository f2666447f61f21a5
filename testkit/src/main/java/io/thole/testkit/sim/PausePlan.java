package io.thole.testkit.sim;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** Whom nodes take for failed that were stopped as a whole, for so long that others gave them up, and go on. */
final class PausePlan implements Plan {
  /** For how long is watched after they go on: longer than the longest suspicion. */
  private static final long TAIL = 60 * Span.SECOND;

  @Override
  public String name() {
    return "pause";
  }

  @Override
  public String summary() {
    return "How often healthy nodes are noted as failed where others are stopped as a whole (SIGSTOP) and go on.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "128", "how many in all"),
        new Option("victims", "8", "how many are stopped at once"),
        new Option("seconds", "65", "for how long"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    int victims = options.whole("victims", 1, nodes - 1);
    long span = Span.seconds(options.number("seconds", 0.001, 86_400));
    return List.of(
        () -> run(new Simulation(options.settings(), seed), new Draw(seed), nodes, victims, span));
  }

  private static Figures run(
      Simulation simulation, Draw draw, int nodes, int count, long spanNanos) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    int[] victims = draw.some(count, nodes);
    FalsePositives positives = new FalsePositives(Draw.others(victims, nodes));
    simulation.watch(positives);
    Arrays.stream(victims).forEach(simulation::pause);
    simulation.run(spanNanos);
    Arrays.stream(victims).forEach(simulation::resume);
    boolean right = simulation.runUntilAllRight(TAIL);
    simulation.run(TAIL);
    return Figures.of(simulation)
        .sum("runs", 1)
        .sum("fp", positives.anywhere())
        .sum("fpHealthy", positives.atTheWell())
        .ratio("fpPerRun", "fp", "runs", 1)
        .sum("stuck", right ? 0 : simulation.views().wrong())
        .sum(VIOLATIONS, right ? 0 : 1);
  }
}
