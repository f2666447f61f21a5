package io.thole.testkit.sim;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Carries out a {@link Plan}: all runs of all seeds, on as many threads as are asked for, each run on one. The lines come in the
 * order of the seeds, whatever is done first.
 */
final class PlannedExperiment implements Experiment {
  private static final long PROGRESS_NANOS = 5_000_000_000L;
  private static final String TOTAL = "total";

  private final Plan plan;

  PlannedExperiment(Plan plan) {
    this.plan = plan;
  }

  @Override
  public String name() {
    return plan.name();
  }

  @Override
  public String help() {
    StringBuilder help = new StringBuilder("simulate " + name() + " [OPTION VALUE]...\n\n");
    help.append(plan.summary().indent(2)).append('\n');
    List<Plan.Option> options = new ArrayList<>(plan.options());
    options.addAll(Options.COMMON);
    options.forEach(option -> help.append(String.format(
        "  --%-12s %s%s%n",
        option.name(),
        option.meaning(),
        option.initial().isEmpty() ? "" : "; default " + option.initial())));
    help.append("\nKEY is one of, with the default of the engine thole:\n");
    EngineSettings.values(EngineSettings.parse("thole", List.of()))
        .forEach((key, value) ->
            help.append("  ").append(key).append('=').append(value).append('\n'));
    return help.toString();
  }

  @Override
  public boolean run(List<String> words, PrintWriter out, PrintWriter err) {
    Options options = Options.parse(words, plan.options());
    long began = System.nanoTime();
    ExecutorService threads = Executors.newFixedThreadPool(options.threads());
    try {
      Figures total = new Figures();
      List<List<Future<Timed>>> seeds = submit(options, threads);
      for (int i = 0; i < seeds.size(); i++) {
        long seed = options.fromSeed() + i;
        Timed figures = gather(seeds.get(i), seed, err);
        print(out, options, "seed", seed, figures.figures(), figures.nanos());
        total.add(figures.figures());
      }
      print(out, options, TOTAL, true, total, System.nanoTime() - began);
      return total.get(Plan.VIOLATIONS) == 0;
    } finally {
      threads.shutdownNow();
    }
  }

  private record Timed(Figures figures, long nanos) {}

  private List<List<Future<Timed>>> submit(Options options, ExecutorService threads) {
    List<List<Callable<Figures>>> runs = new ArrayList<>();
    for (long seed = options.fromSeed(); seed <= options.toSeed(); seed++) {
      runs.add(plan.runs(options, seed));
    }
    return runs.stream()
        .map(ofSeed ->
            ofSeed.stream().map(run -> threads.submit(() -> timed(run))).toList())
        .toList();
  }

  private static Timed timed(Callable<Figures> run) throws Exception {
    long began = System.nanoTime();
    Figures figures = run.call();
    return new Timed(figures, System.nanoTime() - began);
  }

  private Timed gather(List<Future<Timed>> runs, long seed, PrintWriter err) {
    Figures sum = new Figures();
    long nanos = 0;
    long told = System.nanoTime();
    for (int i = 0; i < runs.size(); i++) {
      Timed one = result(runs.get(i), seed);
      sum.add(one.figures());
      nanos += one.nanos();
      if (System.nanoTime() - told > PROGRESS_NANOS) {
        told = System.nanoTime();
        err.println(name() + ": seed " + seed + ", run " + (i + 1) + " of " + runs.size());
        err.flush();
      }
    }
    return new Timed(sum, nanos);
  }

  private Timed result(Future<Timed> run, long seed) {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          name() + ", seed " + seed + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void print(
      PrintWriter out, Options options, String key, Object value, Figures figures, long nanos) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("experiment", name());
    fields.put("engine", options.settings().name());
    fields.put(key, value);
    if (key.equals(TOTAL)) {
      fields.put("seeds", options.toSeed() - options.fromSeed() + 1);
    }
    fields.putAll(figures.fields());
    fields.put("wallMillis", nanos / 1_000_000);
    out.println(Json.line(fields));
    out.flush();
  }
}
