package io.thole.testkit.sim;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;

/** How soon all others have published that nodes are gone which crashed without a word. */
final class CrashPlan implements Plan {
  /** How long is waited for all to see it. */
  private static final long LIMIT = 300 * Span.SECOND;

  @Override
  public String name() {
    return "crash";
  }

  @Override
  public String summary() {
    return "How soon the first and the last of the others have published that a node is gone which crashed.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "128", "how many in all"),
        new Option("victims", "1", "how many crash at once"),
        new Option("kill", "false", "true: the process alone, so that connections are refused"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    int victims = options.whole("victims", 1, nodes - 1);
    boolean kill = options.flag("kill");
    return List.of(() -> {
      Simulation simulation = new Simulation(options.settings(), seed);
      return run(
          simulation, new Draw(seed), nodes, victims, kill ? simulation::kill : simulation::crash);
    });
  }

  private static Figures run(
      Simulation simulation, Draw draw, int nodes, int count, IntConsumer end) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    int[] victims = draw.some(count, nodes);
    Detections detections =
        new Detections(false, victims, Draw.others(victims, nodes), simulation.nowNanos());
    simulation.watch(detections);
    simulation.countFromHere();
    for (int victim : victims) {
      end.accept(victim);
    }
    boolean right = simulation.runUntilAllRight(LIMIT);
    return Figures.of(simulation)
        .spread("first", detections.first())
        .spread("full", detections.full())
        .most("viewsPublished", simulation.views().distinctSizes())
        .sum("publications", simulation.views().publications())
        .sum(VIOLATIONS, right ? 0 : 1);
  }
}
