package io.thole.testkit.sim;

import io.thole.gossip.GossipSettings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a person asked of an experiment.
 *
 * @param settings how the engines behave
 * @param fromSeed the first seed
 * @param toSeed the last one
 * @param threads how many runs are done side by side
 * @param values the experiment's own options, by name
 */
record Options(
    GossipSettings settings, long fromSeed, long toSeed, int threads, Map<String, String> values) {
  private static final int MOST_THREADS = 256;

  /** What every experiment takes. */
  static final List<Plan.Option> COMMON = List.of(
      new Plan.Option("engine", "thole", "swim, lifeguard or thole"),
      new Plan.Option("seeds", "1..1", "FROM..TO, or one number; a seed decides everything"),
      new Plan.Option(
          "threads",
          String.valueOf(Runtime.getRuntime().availableProcessors()),
          "runs done side by side; the figures do not depend on it"),
      new Plan.Option("set", "", "KEY=VALUE, once or more: a setting of the engine; see below"));

  Options {
    values = Map.copyOf(values);
  }

  /**
   * Reads what was typed.
   *
   * @param words the words after the experiment's name
   * @param own the experiment's own options
   * @throws IllegalArgumentException with the option, its value and what is allowed
   */
  static Options parse(List<String> words, List<Plan.Option> own) {
    Map<String, String> given = new LinkedHashMap<>();
    COMMON.forEach(option -> given.put(option.name(), option.initial()));
    own.forEach(option -> given.put(option.name(), option.initial()));
    List<String> changes = new ArrayList<>();
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String name = name(rest.next(), given);
      if (!rest.hasNext()) {
        throw new IllegalArgumentException("--" + name + " needs a value");
      }
      if (name.equals("set")) {
        changes.add(rest.next());
      } else {
        given.put(name, rest.next());
      }
    }
    String range = Objects.requireNonNull(given.get("seeds"));
    String[] seeds = range.split("\\.\\.", 2);
    Options options = new Options(
        EngineSettings.parse(Objects.requireNonNull(given.get("engine")), changes),
        seed(seeds[0], range),
        seed(seeds[seeds.length - 1], range),
        1,
        given);
    if (options.toSeed < options.fromSeed) {
      throw new IllegalArgumentException("--seeds " + range + "; FROM is after TO");
    }
    return options.withThreads(options.whole("threads", 1, MOST_THREADS));
  }

  private Options withThreads(int count) {
    return new Options(settings, fromSeed, toSeed, count, values);
  }

  /** Returns a whole number within bounds. */
  int whole(String name, int least, int most) {
    return (int) number(name, least, most, true);
  }

  /** Returns a number within bounds. */
  double number(String name, double least, double most) {
    return number(name, least, most, false);
  }

  /** Returns whole numbers within bounds, as {@code 1,4,8}. */
  List<Integer> wholes(String name, int least, int most) {
    List<Integer> numbers = new ArrayList<>();
    for (String text : value(name).split(",", -1)) {
      numbers.add((int) number(name, text, least, most, true));
    }
    return numbers;
  }

  /** Returns whether something is so, {@code true} or {@code false}. */
  boolean flag(String name) {
    String value = value(name);
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException("--" + name + " " + value + "; allowed: true, false");
    }
    return value.equals("true");
  }

  private double number(String name, double least, double most, boolean whole) {
    return number(name, value(name), least, most, whole);
  }

  private static double number(String name, String text, double least, double most, boolean whole) {
    try {
      double value = whole ? Integer.parseInt(text) : Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, with the bounds
    }
    throw new IllegalArgumentException(
        "--" + name + " " + text + "; allowed: " + plain(least) + ".." + plain(most));
  }

  private String value(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new AssertionError("no such option: " + name);
    }
    return value;
  }

  private static String name(String word, Map<String, String> known) {
    if (word.startsWith("--") && known.containsKey(word.substring(2))) {
      return word.substring(2);
    }
    throw new IllegalArgumentException("unknown option " + word + "; allowed: "
        + known.keySet().stream().map(name -> "--" + name).collect(Collectors.joining(", ")));
  }

  private static long seed(String text, String range) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--seeds " + range + "; expected FROM..TO", e);
    }
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? String.valueOf((long) bound) : String.valueOf(bound);
  }
}
