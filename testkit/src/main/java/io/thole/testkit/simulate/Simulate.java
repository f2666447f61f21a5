package io.thole.testkit.simulate;

import io.thole.spi.ClusterPubSub;
import io.thole.testkit.sim.Experiment;
import io.thole.testkit.sim.Experiments;
import io.thole.testkit.swarm.SwarmExperiment;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** The command {@code simulate}: runs an experiment with a cluster in virtual time, and prints what it saw. */
public final class Simulate implements ToolProvider {
  private static final int VIOLATED = 1;
  private static final int USAGE = 2; // as the whole command line has it

  /** Makes the command. */
  public Simulate() {}

  /**
   * Runs the command and ends the process with its exit code.
   *
   * @param arguments what a person typed
   */
  public static void main(String[] arguments) {
    System.exit(new Simulate().run(System.out, System.err, arguments));
  }

  @Override
  public String name() {
    return "simulate";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... arguments) {
    List<String> words = Arrays.asList(arguments);
    if (words.isEmpty() || words.get(0).equals("--help")) {
      out.print(help());
      out.flush();
      return 0;
    }
    try {
      Experiment experiment = named(words.get(0));
      List<String> rest = words.subList(1, words.size());
      if (rest.contains("--help")) {
        out.print(experiment.help());
        out.flush();
        return 0;
      }
      return experiment.run(rest, out, err) ? 0 : VIOLATED;
    } catch (IllegalArgumentException e) {
      return failed(err, e, USAGE);
    } catch (IllegalStateException e) {
      return failed(err, e, VIOLATED);
    }
  }

  /** Returns all experiments, in the order in which a person is told of them. */
  static List<Experiment> experiments() {
    List<Experiment> all = new ArrayList<>(List.of(new SwarmExperiment()));
    messages().ifPresent(all::add);
    all.addAll(Experiments.all());
    return List.copyOf(all);
  }

  /** Messages need publish/subscribe, which the testkit finds where it is and does not bring. */
  private static Optional<Experiment> messages() {
    return ServiceLoader.load(ClusterPubSub.class, Simulate.class.getClassLoader()).stream()
        .findFirst()
        .map(found -> SwarmExperiment.messages(found)); // each time another one
  }

  private static Experiment named(String name) {
    return experiments().stream()
        .filter(experiment -> experiment.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown experiment " + name
            + "; allowed: "
            + experiments().stream().map(Experiment::name).collect(Collectors.joining(", "))));
  }

  private static String help() {
    return """
        simulate EXPERIMENT [OPTION VALUE]...     a whole cluster in virtual time; a seed decides everything
        simulate EXPERIMENT --help                what it shows, and its options

        experiments: %s

        Prints one JSON object a line for each seed, and a last one with "total":true.
        exit codes: 0 done, 1 something was violated, 2 usage
        """.formatted(
            experiments().stream().map(Experiment::name).collect(Collectors.joining(", ")));
  }

  private static int failed(PrintWriter err, RuntimeException reason, int exitCode) {
    err.println("simulate: " + reason.getMessage());
    err.flush();
    return exitCode;
  }
}
