package io.thole.testkit.sim;

import java.util.List;
import java.util.concurrent.Callable;

/** Whether a cluster finds together again whose nodes all restart at the same addresses, within seconds of each other. */
final class RestartPlan implements Plan {
  private static final long LIMIT = 60 * Span.SECOND;
  private static final int SEEDS = 3;

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String summary() {
    return "How many nodes have a wrong view 60 s after all processes were killed and started again at the same\n"
        + "addresses, each knowing three seeds.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "1000", "how many"),
        new Option("within", "5", "seconds within which all are killed"),
        new Option("down", "2", "seconds until each starts again"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", SEEDS + 1, 10_000);
    long within = Span.seconds(options.number("within", 0.001, 3_600));
    long down = Span.seconds(options.number("down", 0.001, 3_600));
    return List.of(
        () -> run(new Simulation(options.settings(), seed), new Draw(seed), nodes, within, down));
  }

  private static Figures run(
      Simulation simulation, Draw draw, int nodes, long within, long downNanos) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE);
    simulation.countFromHere();
    int[] seeds = draw.some(SEEDS, nodes);
    long began = simulation.nowNanos();
    for (int i = 0; i < nodes; i++) {
      int node = i;
      long killed = began + draw.span(within);
      simulation.at(killed, () -> simulation.kill(node));
      simulation.at(killed + downNanos, () -> simulation.join(node, seeds));
    }
    simulation.run(within + downNanos);
    long restarted = simulation.nowNanos();
    boolean right = simulation.runUntilAllRight(LIMIT);
    return Figures.of(simulation)
        .sum("stuck", right ? 0 : simulation.views().wrong())
        .median(
            "allSeeAllSeconds",
            right ? Span.inSeconds(simulation.nowNanos() - restarted) : Double.POSITIVE_INFINITY)
        .most("viewsPublished", simulation.views().distinctSizes())
        .sum("nodes", nodes)
        .sum("bytes", simulation.bytes())
        .ratio("bytesPerNode", "bytes", "nodes", 1)
        .sum(VIOLATIONS, right ? 0 : 1);
  }
}
