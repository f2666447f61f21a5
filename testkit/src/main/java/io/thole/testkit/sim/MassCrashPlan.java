package io.thole.testkit.sim;

import java.util.List;
import java.util.concurrent.Callable;

/** How soon the few survivors agree where most of a cluster crashes at once. */
final class MassCrashPlan implements Plan {
  private static final long LIMIT = 600 * Span.SECOND;

  @Override
  public String name() {
    return "masscrash";
  }

  @Override
  public String summary() {
    return "How soon the survivors have published exactly themselves where most nodes crash at once.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "30", "how many in all"),
        new Option("victims", "27", "how many crash"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    int victims = options.whole("victims", 1, nodes - 1);
    return List.of(
        () -> run(new Simulation(options.settings(), seed), new Draw(seed), nodes, victims));
  }

  private static Figures run(Simulation simulation, Draw draw, int nodes, int victims) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    simulation.countFromHere();
    long began = simulation.nowNanos();
    for (int victim : draw.some(victims, nodes)) {
      simulation.crash(victim);
    }
    boolean right = simulation.runUntilAllRight(LIMIT);
    return Figures.of(simulation)
        .spread(
            "agree",
            right ? Span.inSeconds(simulation.nowNanos() - began) : Double.POSITIVE_INFINITY)
        .most("viewsPublished", simulation.views().distinctSizes())
        .sum(VIOLATIONS, right ? 0 : 1);
  }
}
