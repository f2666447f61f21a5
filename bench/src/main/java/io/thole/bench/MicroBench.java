package io.thole.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures single pieces with JMH, each in a process of its own, and what they allocate. */
final class MicroBench {
  private final MicroOptions options;

  MicroBench(MicroOptions options) {
    this.options = options;
  }

  /**
   * Measures.
   *
   * @return what JMH says of it: a table, or JSON
   * @throws IllegalStateException if something that is measured fails, or JMH runs on this machine already
   */
  String run() {
    TimeValue round = TimeValue.milliseconds(Math.round(options.seconds() * 1e3));
    try {
      return text(new Runner(new OptionsBuilder()
              .include(included())
              .warmupIterations(options.warmUp())
              .warmupTime(round)
              .measurementIterations(options.rounds())
              .measurementTime(round)
              .forks(options.forks())
              .addProfiler(GCProfiler.class)
              .shouldFailOnError(true)
              .verbosity(VerboseMode.SILENT)
              .build())
          .run());
    } catch (RunnerException e) {
      throw new IllegalStateException(reason(e), e);
    }
  }

  /** JMH says that something failed; what it was stands among the causes of that, and what these suppress. */
  private static String reason(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null || deepest.getSuppressed().length > 0) {
      deepest = deepest.getCause() != null ? deepest.getCause() : deepest.getSuppressed()[0];
    }
    String said = String.valueOf(failure.getMessage());
    return deepest == failure ? said : said + ": " + deepest;
  }

  /** Rows are named for the classes that measure them. */
  private String included() {
    return options.rows().stream()
        .map(row -> row.toLowerCase(Locale.ROOT))
        .collect(Collectors.joining("|", "(?i)\\.(", ")Benchmark\\."));
  }

  private String text(Collection<RunResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream text = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(
              options.json() ? ResultFormatType.JSON : ResultFormatType.TEXT, text)
          .writeOut(results);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
