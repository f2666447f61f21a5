package io.thole.testkit.sim;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;

/** How fast the simulator is: what it costs that nothing happens. */
final class SpeedPlan implements Plan {
  @Override
  public String name() {
    return "speed";
  }

  @Override
  public String summary() {
    return "How many seconds of how many nodes a second of one thread simulates, where all is well and nodes\n"
        + "probe each other. Give --threads 1 to measure.";
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option("nodes", "100", "how many"),
        new Option("seconds", "60", "of virtual time that are measured"),
        new Option("warm", "20", "of virtual time before"));
  }

  @Override
  public List<Callable<Figures>> runs(Options options, long seed) {
    int nodes = options.whole("nodes", 2, 10_000);
    long span = Span.seconds(options.number("seconds", 1, 86_400));
    long warm = Span.seconds(options.number("warm", 1, 86_400));
    return List.of(() -> run(new Simulation(options.settings(), seed), nodes, warm, span));
  }

  private static Figures run(Simulation simulation, int nodes, long warm, long span) {
    simulation.cluster(nodes);
    simulation.run(warm);
    simulation.countFromHere();
    long began = System.nanoTime();
    long beganBusy = busyNanos();
    simulation.run(span);
    double wall = Span.inSeconds(System.nanoTime() - began);
    double busy = Span.inSeconds(busyNanos() - beganBusy);
    return Figures.of(simulation)
        .sum("measured", nodes * Span.inSeconds(span))
        .sum("messages", simulation.messages())
        .sum("bytes", simulation.bytes())
        .sum("wallSeconds", wall)
        .sum("cpuSeconds", busy)
        .ratio("nodeSecondsPerSecond", "measured", "wallSeconds", 1)
        .ratio("nodeSecondsPerCpuSecond", "measured", "cpuSeconds", 1)
        .ratio("bytesPerNodeSecond", "bytes", "measured", 1)
        .sum(VIOLATIONS, simulation.views().wrong());
  }

  /** What this thread has had of a processor: it tells the cost where others want the processor as well. */
  private static long busyNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
