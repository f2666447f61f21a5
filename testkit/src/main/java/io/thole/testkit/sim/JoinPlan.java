package io.thole.testkit.sim;

import java.util.List;
import java.util.concurrent.Callable;

/** How soon all have published that one node has come. */
final class JoinPlan implements Plan {
  private static final long LIMIT = 120 * Span.SECOND;

  @Override
  public String name() {
    return "join";
  }

  @Override
  public String summary() {
    return "How soon all have published that one node has come, and it all of them.";
  }

  @Override
  public List<Option> options() {
    return List.of(new Option("nodes", "30", "how many, with the one that comes"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    return List.of(() -> run(new Simulation(options.settings(), seed), new Draw(seed), nodes));
  }

  private static Figures run(Simulation simulation, Draw draw, int nodes) {
    simulation.cluster(nodes - 1);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    simulation.countFromHere();
    long began = simulation.nowNanos();
    simulation.join(nodes - 1, draw.some(1, nodes - 1));
    boolean right = simulation.runUntilAllRight(LIMIT);
    return Figures.of(simulation)
        .spread(
            "seen",
            right ? Span.inSeconds(simulation.nowNanos() - began) : Double.POSITIVE_INFINITY)
        .most("viewsPublished", simulation.views().distinctSizes())
        .sum("bytes", simulation.bytes())
        .sum(VIOLATIONS, right ? 0 : 1);
  }
}
