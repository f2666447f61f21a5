package io.thole.testkit.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/** How soon nodes that are blocked once are found: the first experiment of the Lifeguard paper. */
final class ThresholdPlan implements Plan {
  /** How long is waited for verdicts after the block: longer than the longest suspicion. */
  private static final long TAIL = 30 * Span.SECOND;

  @Override
  public String name() {
    return "threshold";
  }

  @Override
  public String summary() {
    return "How soon nodes that are blocked once, before each send and after each receipt, are noted as failed\n"
        + "by the first and by the last healthy node (Lifeguard's Threshold experiment, all C and D).";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "128", "how many in all"),
        new Option("blocked", "1,4,8,12,16,20,24,28,32", "how many of them are blocked: C"),
        new Option("millis", "128,512,2048,8192,16384,32768", "for how long: D"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    List<Callable<Figures>> runs = new ArrayList<>();
    for (int blocked : options.wholes("blocked", 1, nodes - 1)) {
      for (int millis : options.wholes("millis", 1, 3_600_000)) {
        long own = Simulation.mixed(seed, blocked * 4_000_000L + millis);
        runs.add(() -> run(
            new Simulation(options.settings(), own),
            new Draw(own),
            nodes,
            blocked,
            millis * Span.MILLI));
      }
    }
    return runs;
  }

  private static Figures run(
      Simulation simulation, Draw draw, int nodes, int blocked, long spanNanos) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    int[] victims = draw.some(blocked, nodes);
    Detections detections =
        new Detections(true, victims, Draw.others(victims, nodes), simulation.nowNanos());
    simulation.watch(detections);
    Arrays.stream(victims).forEach(simulation::block);
    simulation.run(spanNanos);
    Arrays.stream(victims).forEach(simulation::unblock);
    simulation.run(TAIL);
    return Figures.of(simulation)
        .sum("detected", found(detections.first()).length)
        .spread("first", found(detections.first()))
        .spread("full", found(detections.full()));
  }

  /** Only those that were blocked long enough to be found count. */
  private static double[] found(double[] seconds) {
    return Arrays.stream(seconds).filter(Double::isFinite).toArray();
  }
}
