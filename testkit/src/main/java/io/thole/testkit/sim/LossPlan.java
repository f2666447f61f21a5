package io.thole.testkit.sim;

import java.util.List;
import java.util.concurrent.Callable;

/** How often nodes that are well are taken for failed where the network loses messages. */
final class LossPlan implements Plan {
  @Override
  public String name() {
    return "loss";
  }

  @Override
  public String summary() {
    return "How often nodes are noted as failed, though all are well, while the network loses messages.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "128", "how many"),
        new Option("percent", "10", "how many messages of a hundred are lost, each by itself"),
        new Option("seconds", "600", "for how long"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    double share = options.number("percent", 0, 100) / 100;
    long span = Span.seconds(options.number("seconds", 1, 86_400));
    return List.of(() -> run(new Simulation(options.settings(), seed), nodes, share, span));
  }

  private static Figures run(Simulation simulation, int nodes, double share, long spanNanos) {
    simulation.cluster(nodes);
    simulation.run(Span.SETTLE);
    FalsePositives positives = new FalsePositives(Draw.others(new int[0], nodes));
    simulation.watch(positives);
    simulation.network().lose(share);
    simulation.countFromHere();
    simulation.run(spanNanos);
    double seconds = nodes * Span.inSeconds(spanNanos);
    return Figures.of(simulation)
        .sum("nodeHours", seconds / 3_600)
        .sum("fp", positives.anywhere())
        .ratio("fpPerNodeHour", "fp", "nodeHours", 1)
        .sum("messages", simulation.messages())
        .sum("bytes", simulation.bytes())
        .ratio("bytesPerNodeSecond", "bytes", "nodeHours", 1 / 3_600.0);
  }
}
