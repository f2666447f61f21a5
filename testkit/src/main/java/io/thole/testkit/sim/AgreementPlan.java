package io.thole.testkit.sim;

import io.thole.gossip.GossipEngine;
import java.util.List;
import java.util.concurrent.Callable;

/** How soon every node knows that more than half of its view, and all of it, has the same view. */
final class AgreementPlan implements Plan {
  private static final long LIMIT = 60 * Span.SECOND;

  /** How exactly is looked. */
  private static final long LOOK = 10 * Span.MILLI;

  @Override
  public String name() {
    return "agreement";
  }

  @Override
  public String summary() {
    return "How soon after a node has come, every node knows that more than half of its view (majority), and\n"
        + "that all of it (all), has the same view.";
  }

  @Override
  public List<Option> options() {
    return List.of(new Option("nodes", "128", "how many, with the one that comes"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 3, 10_000);
    return List.of(() -> run(new Simulation(options.settings(), seed), new Draw(seed), nodes));
  }

  private static Figures run(Simulation simulation, Draw draw, int nodes) {
    simulation.cluster(nodes - 1);
    simulation.run(Span.SETTLE + draw.span(Span.SECOND));
    long began = simulation.nowNanos();
    simulation.join(nodes - 1, draw.some(1, nodes - 1));
    double majority = until(simulation, began, nodes, nodes / 2 + 1);
    double all = until(simulation, began, nodes, nodes);
    return Figures.of(simulation)
        .spread("majority", majority)
        .spread("all", all)
        .sum(VIOLATIONS, Double.isInfinite(all) ? 1 : 0);
  }

  private static double until(Simulation simulation, long began, int nodes, int least) {
    while (simulation.nowNanos() < began + LIMIT) {
      if (everyoneKnows(simulation, nodes, least)) {
        return Span.inSeconds(simulation.nowNanos() - began);
      }
      simulation.run(LOOK);
    }
    return Double.POSITIVE_INFINITY;
  }

  private static boolean everyoneKnows(Simulation simulation, int nodes, int least) {
    for (int node = 0; node < nodes; node++) {
      GossipEngine engine = simulation.engine(node);
      if (!simulation.views().isRight(node) || engine.agreeing() < least) {
        return false;
      }
    }
    return true;
  }
}
