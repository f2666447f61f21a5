package io.thole.testkit.sim;

import java.util.List;
import java.util.concurrent.Callable;

/** How soon all see all where a whole cluster starts at once. */
final class StormPlan implements Plan {
  private static final long LIMIT = 300 * Span.SECOND;

  @Override
  public String name() {
    return "storm";
  }

  @Override
  public String summary() {
    return "How soon all have published all where all nodes start within a second and know one seed.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "1000", "how many"),
        new Option("within", "1", "seconds within which they start"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    long within = Span.seconds(options.number("within", 0.001, 3_600));
    return List.of(
        () -> run(new Simulation(options.settings(), seed), new Draw(seed), nodes, within));
  }

  private static Figures run(Simulation simulation, Draw draw, int nodes, long within) {
    simulation.cluster(1);
    for (int i = 1; i < nodes; i++) {
      int address = i;
      simulation.at(draw.span(within), () -> simulation.join(address, 0));
    }
    simulation.run(within);
    boolean right = simulation.runUntilAllRight(LIMIT);
    return Figures.of(simulation)
        .median(
            "allSeeAllSeconds",
            right ? Span.inSeconds(simulation.nowNanos()) : Double.POSITIVE_INFINITY)
        .most("viewsPublished", simulation.views().distinctSizes())
        .sum("nodes", nodes)
        .sum("publications", simulation.views().publications())
        .sum("messages", simulation.messages())
        .sum("bytes", simulation.bytes())
        .ratio("bytesPerNode", "bytes", "nodes", 1)
        .ratio("publicationsPerNode", "publications", "nodes", 1)
        .sum(VIOLATIONS, right ? 0 : 1);
  }
}
