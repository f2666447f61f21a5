package io.thole.testkit.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** How often the healthy are taken for failed while others are blocked again and again: Lifeguard's second experiment. */
final class IntervalPlan implements Plan {
  /** For at least how long the cycles go on, as in the paper. */
  private static final long LEAST = 120 * Span.SECOND;

  @Override
  public String name() {
    return "interval";
  }

  @Override
  public String summary() {
    return "How often healthy nodes are noted as failed, by anyone (fp) and by healthy ones (fpHealthy), while\n"
        + "others are blocked in cycles for 120 s (Lifeguard's Interval experiment, all C, D and I).";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "128", "how many in all"),
        new Option("blocked", "1,4,8,12,16,20,24,28,32", "how many of them are blocked: C"),
        new Option("millis", "128,512,2048,8192,16384,32768", "for how long each time: D"),
        new Option("between", "1,4,16,64,256,1024,4096,16384", "milliseconds between: I"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    List<Callable<Figures>> runs = new ArrayList<>();
    for (int blocked : options.wholes("blocked", 1, nodes - 1)) {
      for (int millis : options.wholes("millis", 1, 3_600_000)) {
        for (int between : options.wholes("between", 1, 3_600_000)) {
          long own =
              Simulation.mixed(Simulation.mixed(seed, blocked * 4_000_000L + millis), between);
          runs.add(() -> run(
              new Simulation(options.settings(), own),
              new Draw(own),
              nodes,
              blocked,
              millis * Span.MILLI,
              between * Span.MILLI));
        }
      }
    }
    return runs;
  }

  private static Figures run(
      Simulation simulation, Draw draw, int nodes, int blocked, long spanNanos, long betweenNanos) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    int[] victims = draw.some(blocked, nodes);
    FalsePositives positives = new FalsePositives(Draw.others(victims, nodes));
    simulation.watch(positives);
    simulation.countFromHere();
    long until = simulation.nowNanos() + LEAST;
    while (simulation.nowNanos() < until) {
      Arrays.stream(victims).forEach(simulation::block);
      simulation.run(spanNanos);
      Arrays.stream(victims).forEach(simulation::unblock);
      simulation.run(betweenNanos);
    }
    return Figures.of(simulation)
        .sum("runs", 1)
        .sum("fp", positives.anywhere())
        .sum("fpHealthy", positives.atTheWell())
        .sum("messages", simulation.messages())
        .sum("bytes", simulation.bytes());
  }
}
