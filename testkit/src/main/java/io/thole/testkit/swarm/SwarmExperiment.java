package io.thole.testkit.swarm;

import io.thole.spi.ClusterPubSub;
import io.thole.testkit.sim.Experiment;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The experiments {@code swarm} and {@code messages} of the command line: many runs, each with another seed. Prints one JSON object for each seed and a last
 * one with {@code "total":true}; of a run in which a rule was broken, what it was, with as few faults as it takes, and the command that
 * repeats it.
 */
public final class SwarmExperiment implements Experiment {
  private static final int LINES = 100_000;

  /** Logs of links that are cut on purpose; held here, as loggers that nobody holds are forgotten with their level. */
  private static final Logger NODES = Logger.getLogger("io.thole");

  private final String name;
  private final SwarmOptions defaults;
  private final Function<SwarmRun, Scenario> scenario;

  /** Makes the experiment {@code swarm}, in which nodes do nothing but be a cluster. */
  public SwarmExperiment() {
    this("swarm", SwarmOptions.DEFAULTS, run -> Scenario.NONE);
  }

  private SwarmExperiment(
      String name, SwarmOptions defaults, Function<SwarmRun, Scenario> scenario) {
    this.name = name;
    this.defaults = defaults;
    this.scenario = scenario;
  }

  /**
   * Makes the experiment {@code messages}: the same, and nodes subscribe, publish and call.
   *
   * @param pubSubs makes publish/subscribe for each start of a node
   */
  public static SwarmExperiment messages(Supplier<ClusterPubSub> pubSubs) {
    return new SwarmExperiment(
        "messages", SwarmOptions.DEFAULTS.nodes(2, 6), run -> new Traffic(run, pubSubs));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String help() {
    return SwarmOptions.usage(name) + "\n";
  }

  @Override
  public boolean run(List<String> words, PrintWriter out, PrintWriter err) {
    SwarmOptions options = SwarmOptions.parse(words, defaults);
    NODES.setLevel(Level.OFF);
    return new Round(options, out, err).run();
  }

  /** The runs of one call. */
  private final class Round {
    private final PrintWriter out;
    private final PrintWriter err;
    private final SwarmOptions options;

    Round(SwarmOptions options, PrintWriter out, PrintWriter err) {
      this.options = options;
      this.out = out;
      this.err = err;
    }

    boolean run() {
      long beganNanos = System.nanoTime();
      ExecutorService threads = Executors.newFixedThreadPool(options.threads());
      Totals totals = new Totals();
      try {
        Queue<Future<Timed>> runs = new ArrayDeque<>();
        for (long seed = options.firstSeed();
            seed <= options.lastSeed() && goesOn(totals);
            seed++) {
          SwarmSettings settings = settings(seed);
          runs.add(threads.submit(() -> timed(settings)));
          if (runs.size() >= 4 * options.threads()) {
            totals.add(told(runs.remove()));
          }
        }
        while (!runs.isEmpty()) {
          totals.add(told(runs.remove()));
        }
      } finally {
        threads.shutdownNow();
      }
      out.println(totals.json((System.nanoTime() - beganNanos) / 1_000_000));
      out.flush();
      err.flush();
      return totals.violations == 0;
    }

    private boolean goesOn(Totals totals) {
      return !options.first() || totals.violations == 0;
    }

    private SwarmSettings settings(long seed) {
      int nodes = options.leastNodes()
          + new Random(seed).nextInt(options.mostNodes() - options.leastNodes() + 1);
      SwarmSettings settings = SwarmSettings.of(
              seed, nodes, Duration.ofSeconds(options.seconds()), options.faults())
          .with(scenario);
      return options
          .only()
          .map(settings::only)
          .orElse(settings)
          .traced(options.trace() ? LINES : 0);
    }

    /** A run, and how long it took. */
    private record Timed(SwarmSettings settings, SwarmReport report, long wallMillis) {}

    private Timed timed(SwarmSettings settings) {
      long beganNanos = System.nanoTime();
      SwarmReport report = new SwarmRun(settings).run();
      return new Timed(settings, report, (System.nanoTime() - beganNanos) / 1_000_000);
    }

    private Timed told(Future<Timed> run) {
      Timed timed = joined(run);
      out.println(json(timed));
      out.flush();
      timed
          .report()
          .violation()
          .ifPresentOrElse(
              violation -> explain(timed, violation),
              () -> timed.report().lines().forEach(err::println));
      return timed;
    }

    private Timed joined(Future<Timed> run) {
      try {
        return run.get();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", interrupted);
      } catch (ExecutionException failed) {
        throw new IllegalStateException(failed.getCause());
      }
    }

    private String json(Timed timed) {
      SwarmReport report = timed.report();
      return String.format(
          Locale.ROOT,
          "{\"experiment\":\"%s\",\"engine\":\"thole\",\"seed\":%d,\"nodes\":%d,\"virtualSeconds\":%.3f,"
              + "\"nodeSeconds\":%.1f,\"violations\":%d,\"trace\":\"%016x\",\"faults\":%d,\"settledSeconds\":%.2f,"
              + "\"wallMillis\":%d}",
          name,
          report.seed(),
          report.nodes(),
          report.virtualNanos() / 1e9,
          report.nodes() * report.virtualNanos() / 1e9,
          report.violation().isPresent() ? 1 : 0,
          report.trace(),
          report.disturbances().size(),
          report.settledNanos() / 1e9,
          timed.wallMillis());
    }

    private void explain(Timed timed, Violation violation) {
      err.println("seed " + timed.report().seed() + " breaks " + violation);
      SwarmReport least =
          options.shrink() ? Shrinking.shrink(timed.settings(), timed.report()) : timed.report();
      if (options.shrink()) {
        err.println("with as few faults as it takes: " + least.violation().orElseThrow());
      }
      least.faults().forEach(fault -> err.println("  " + fault));
      err.println("repeat it: " + replay(least));
      least.lines().forEach(err::println);
    }

    private String replay(SwarmReport least) {
      String numbers =
          least.disturbances().stream().map(String::valueOf).collect(Collectors.joining(","));
      return "./thole simulate %s --seeds %d..%d --nodes %d..%d --seconds %d%s --only %s --trace"
          .formatted(
              name,
              least.seed(),
              least.seed(),
              options.leastNodes(),
              options.mostNodes(),
              options.seconds(),
              options.faults().equals(Faults.all())
                  ? ""
                  : " --faults "
                      + options.faults().kinds().stream()
                          .map(Fault::label)
                          .collect(Collectors.joining(",")),
              numbers.isEmpty() ? "none" : numbers);
    }

    /** The sums of all runs. */
    private final class Totals {
      private long runs;
      private long violations;
      private long steps;
      private double virtualSeconds;
      private double nodeSeconds;
      private long trace;

      void add(Timed timed) {
        SwarmReport report = timed.report();
        runs++;
        violations += report.violation().isPresent() ? 1 : 0;
        steps += report.steps();
        virtualSeconds += report.virtualNanos() / 1e9;
        nodeSeconds += report.nodes() * report.virtualNanos() / 1e9;
        trace = trace * 31 + report.trace();
      }

      String json(long wallMillis) {
        return String.format(
            Locale.ROOT,
            "{\"experiment\":\"%s\",\"engine\":\"thole\",\"total\":true,\"seeds\":\"%d..%d\",\"runs\":%d,"
                + "\"nodes\":\"%d..%d\",\"virtualSeconds\":%.0f,\"nodeSeconds\":%.0f,\"events\":%d,\"violations\":%d,"
                + "\"trace\":\"%016x\",\"wallMillis\":%d}",
            name,
            options.firstSeed(),
            options.lastSeed(),
            runs,
            options.leastNodes(),
            options.mostNodes(),
            virtualSeconds,
            nodeSeconds,
            steps,
            violations,
            trace,
            wallMillis);
      }
    }
  }
}
