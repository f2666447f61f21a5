package io.thole.bench;

import java.util.Iterator;
import java.util.List;

/**
 * How single pieces are measured.
 *
 * @param rounds how many rounds are counted, 1 to 100
 * @param seconds how long a round takes, 0.01 to 60
 * @param warmUp how many rounds come before them, 0 to 100
 * @param forks in how many processes each is measured, one after the other, 1 to 10
 * @param rows what is measured
 * @param json whether a program reads the result
 */
record MicroOptions(
    int rounds, double seconds, int warmUp, int forks, List<String> rows, boolean json) {
  /** All that can be measured. */
  static final List<String> ROWS =
      List.of("events", "link", "linkframe", "peermessage", "record", "topology");

  MicroOptions {
    rows = List.copyOf(rows);
    check("--rounds", rounds, 1, 100);
    if (!(seconds >= 0.01 && seconds <= 60)) {
      throw new IllegalArgumentException("--seconds " + seconds + "; allowed: 0.01..60");
    }
    check("--warm-up", warmUp, 0, 100);
    check("--forks", forks, 1, 10);
    if (!ROWS.containsAll(rows)) {
      throw new IllegalArgumentException(
          "--rows " + String.join(",", rows) + "; allowed: some of " + ROWS);
    }
  }

  /**
   * Reads what a person typed.
   *
   * @throws IllegalArgumentException with the option, its value and what is allowed
   */
  static MicroOptions parse(List<String> words) {
    int rounds = 3;
    double seconds = 1;
    int warmUp = 3;
    int forks = 1;
    List<String> rows = ROWS;
    boolean json = false;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--rounds" -> rounds = EventsOptions.number(option, rest, Integer::parseInt);
        case "--seconds" -> seconds = EventsOptions.number(option, rest, Double::parseDouble);
        case "--warm-up" -> warmUp = EventsOptions.number(option, rest, Integer::parseInt);
        case "--forks" -> forks = EventsOptions.number(option, rest, Integer::parseInt);
        case "--rows" ->
          rows = EventsOptions.number(option, rest, value -> List.of(value.split(",")));
        case "--json" -> json = true;
        default ->
          throw new IllegalArgumentException("unknown option " + option
              + "; allowed: --rounds, --seconds, --warm-up, --forks, --rows, --json");
      }
    }
    return new MicroOptions(rounds, seconds, warmUp, forks, rows, json);
  }

  private static void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + " " + value + "; allowed: " + least + ".." + most);
    }
  }
}
