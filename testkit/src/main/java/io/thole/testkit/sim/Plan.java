package io.thole.testkit.sim;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** An experiment as a set of runs that know nothing of each other, so that they may be done side by side. */
interface Plan {
  /** The figure that counts what must not be: where it is not 0, the experiment has failed. */
  String VIOLATIONS = "violations";

  /** Returns the word by which it is called. */
  String name();

  /** Returns what it shows, in a line or two. */
  String summary();

  /** Returns its own options, each with its default and what it means. */
  List<Option> options();

  /**
   * Returns the runs of one seed; the order in which they are done does not matter.
   *
   * @throws IllegalArgumentException if an option's value makes no sense
   */
  List<Callable<Figures>> runs(Options options, long seed);

  /**
   * An option of an experiment.
   *
   * @param name without the dashes
   * @param initial what it is where nobody says
   * @param meaning for a person
   */
  record Option(String name, String initial, String meaning) {}

  /** Returns the names and defaults of options. */
  static Map<String, String> defaults(List<Option> options) {
    Map<String, String> defaults = new java.util.LinkedHashMap<>();
    options.forEach(option -> defaults.put(option.name(), option.initial()));
    return defaults;
  }
}
