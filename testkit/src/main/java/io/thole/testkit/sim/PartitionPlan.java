package io.thole.testkit.sim;

import java.util.List;
import java.util.concurrent.Callable;

/** How soon two halves that did not reach each other for long have equal views again. */
final class PartitionPlan implements Plan {
  private static final long LIMIT = 120 * Span.SECOND;

  @Override
  public String name() {
    return "partition";
  }

  @Override
  public String summary() {
    return "How soon all have published all again after a partition into two halves has healed, and how many\n"
        + "have not after 120 s.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "128", "how many in all"),
        new Option("seconds", "3600", "for how long they are parted"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    long span = Span.seconds(options.number("seconds", 0.001, 86_400));
    return List.of(
        () -> run(new Simulation(options.settings(), seed), new Draw(seed), nodes, span));
  }

  private static Figures run(Simulation simulation, Draw draw, int nodes, long spanNanos) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    byte[] sides = new byte[nodes];
    for (int node : draw.some(nodes / 2, nodes)) {
      sides[node] = 1;
    }
    simulation.network().cut(sides);
    simulation.run(spanNanos);
    int apart = simulation.views().wrong();
    simulation.network().heal();
    long healed = simulation.nowNanos();
    boolean right = simulation.runUntilAllRight(LIMIT);
    return Figures.of(simulation)
        .sum("apart", apart)
        .sum("stuck", right ? 0 : simulation.views().wrong())
        .median(
            "healSeconds",
            right ? Span.inSeconds(simulation.nowNanos() - healed) : Double.POSITIVE_INFINITY)
        .sum(VIOLATIONS, right ? 0 : 1);
  }
}
