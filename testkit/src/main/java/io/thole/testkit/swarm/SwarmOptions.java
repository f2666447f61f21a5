package io.thole.testkit.swarm;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the command line of the swarm says. */
record SwarmOptions(
    long firstSeed,
    long lastSeed,
    int leastNodes,
    int mostNodes,
    int seconds,
    int threads,
    Faults faults,
    Optional<Set<Integer>> only,
    boolean shrink,
    boolean trace,
    boolean first) {

  static final SwarmOptions DEFAULTS =
      new SwarmOptions(1, 100, 3, 9, 60, 1, Faults.all(), Optional.empty(), true, false, false);

  private static final int FEWEST_NODES = 2;
  static final int MOST_NODES = 64;
  private static final int FEWEST_SECONDS = 30; // after the faults there are 25 s to settle

  static String usage(String experiment) {
    return "usage: " + experiment
        + " [--seeds FROM..TO] [--nodes FROM..TO] [--seconds N] [--threads N] [--faults NAME,NAME]"
        + " [--only N,N|none] [--no-shrink] [--trace] [--until-violation] [--engine thole]";
  }

  static SwarmOptions parse(List<String> arguments, SwarmOptions defaults) {
    SwarmOptions options = defaults;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      options = options.with(rest.next(), rest);
    }
    return options.checked();
  }

  private SwarmOptions with(String key, Iterator<String> rest) {
    return switch (key) {
      case "--seeds" -> seeds(range(key, value(key, rest)));
      case "--nodes" -> nodesOf(range(key, value(key, rest)));
      case "--seconds" ->
        new SwarmOptions(
            firstSeed,
            lastSeed,
            leastNodes,
            mostNodes,
            (int) number(key, value(key, rest)),
            threads,
            faults,
            only,
            shrink,
            trace,
            first);
      case "--threads" ->
        new SwarmOptions(
            firstSeed,
            lastSeed,
            leastNodes,
            mostNodes,
            seconds,
            (int) number(key, value(key, rest)),
            faults,
            only,
            shrink,
            trace,
            first);
      case "--faults" ->
        new SwarmOptions(
            firstSeed,
            lastSeed,
            leastNodes,
            mostNodes,
            seconds,
            threads,
            faults(value(key, rest)),
            only,
            shrink,
            trace,
            first);
      case "--only" ->
        new SwarmOptions(
            firstSeed,
            lastSeed,
            leastNodes,
            mostNodes,
            seconds,
            threads,
            faults,
            Optional.of(numbers(value(key, rest))),
            shrink,
            trace,
            first);
      case "--no-shrink" ->
        new SwarmOptions(
            firstSeed,
            lastSeed,
            leastNodes,
            mostNodes,
            seconds,
            threads,
            faults,
            only,
            false,
            trace,
            first);
      case "--trace" ->
        new SwarmOptions(
            firstSeed,
            lastSeed,
            leastNodes,
            mostNodes,
            seconds,
            threads,
            faults,
            only,
            false,
            true,
            first);
      case "--until-violation" ->
        new SwarmOptions(
            firstSeed,
            lastSeed,
            leastNodes,
            mostNodes,
            seconds,
            threads,
            faults,
            only,
            shrink,
            trace,
            true);
      case "--engine" -> engine(value(key, rest));
      default ->
        throw new IllegalArgumentException("unknown option " + key
            + "; allowed: --seeds, --nodes, --seconds, --threads, --faults, --only, --no-shrink, --trace,"
            + " --until-violation, --engine");
    };
  }

  private SwarmOptions checked() {
    check(
        firstSeed <= lastSeed, "--seeds", firstSeed + ".." + lastSeed, "FROM..TO with FROM <= TO");
    check(
        FEWEST_NODES <= leastNodes && leastNodes <= mostNodes && mostNodes <= MOST_NODES,
        "--nodes",
        leastNodes + ".." + mostNodes,
        "FROM..TO within " + FEWEST_NODES + ".." + MOST_NODES);
    check(
        seconds >= FEWEST_SECONDS,
        "--seconds",
        String.valueOf(seconds),
        "at least " + FEWEST_SECONDS);
    check(threads >= 1 && threads <= 256, "--threads", String.valueOf(threads), "1..256");
    return this;
  }

  private SwarmOptions seeds(long[] range) {
    return new SwarmOptions(
        range[0],
        range[1],
        leastNodes,
        mostNodes,
        seconds,
        threads,
        faults,
        only,
        shrink,
        trace,
        first);
  }

  private SwarmOptions nodesOf(long[] range) {
    return nodes((int) range[0], (int) range[1]);
  }

  SwarmOptions nodes(int least, int most) {
    return new SwarmOptions(
        firstSeed, lastSeed, least, most, seconds, threads, faults, only, shrink, trace, first);
  }

  /** The swarm runs what a node runs; the engines to compare with are no part of a node. */
  private SwarmOptions engine(String name) {
    check(name.equals("thole"), "--engine", name, "thole");
    return this;
  }

  private static Faults faults(String value) {
    if (value.equals("none")) {
      return Faults.none();
    }
    try {
      return value.equals("all") ? Faults.all() : Faults.labelled(Arrays.asList(value.split(",")));
    } catch (IllegalArgumentException unknown) {
      String known =
          String.join(", ", Arrays.stream(Fault.values()).map(Fault::label).toList());
      throw new IllegalArgumentException("--faults " + value + "; allowed: all, none, " + known);
    }
  }

  private static Set<Integer> numbers(String value) {
    Set<Integer> numbers = new TreeSet<>();
    if (!value.equals("none")) {
      Arrays.stream(value.split(",")).forEach(each -> numbers.add((int) number("--only", each)));
    }
    return numbers;
  }

  private static long[] range(String key, String value) {
    String[] ends = value.split("\\.\\.", 2);
    return new long[] {number(key, ends[0]), number(key, ends[ends.length - 1])};
  }

  private static long number(String key, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException malformed) {
      throw new IllegalArgumentException(key + " " + value + "; allowed: a number");
    }
  }

  private static String value(String key, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(key + " wants a value");
    }
    return rest.next();
  }

  private static void check(boolean sound, String key, String value, String allowed) {
    if (!sound) {
      throw new IllegalArgumentException(key + " " + value + "; allowed: " + allowed);
    }
  }
}
