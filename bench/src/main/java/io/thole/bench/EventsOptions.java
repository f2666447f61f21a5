package io.thole.bench;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * How the event stream is measured.
 *
 * @param subscribers how many are told each event, 1 to 1000
 * @param seconds how long a round takes, 0.01 to 600
 * @param json whether a program reads the result
 */
record EventsOptions(int subscribers, double seconds, boolean json) {
  EventsOptions {
    if (subscribers < 1 || subscribers > 1_000) {
      throw new IllegalArgumentException("--subscribers " + subscribers + "; allowed: 1..1000");
    }
    if (!(seconds >= 0.01 && seconds <= 600)) {
      throw new IllegalArgumentException("--seconds " + seconds + "; allowed: 0.01..600");
    }
  }

  /**
   * Reads what a person typed.
   *
   * @throws IllegalArgumentException with the option, its value and what is allowed
   */
  static EventsOptions parse(List<String> words) {
    int subscribers = 8;
    double seconds = 3;
    boolean json = false;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--subscribers" -> subscribers = number(option, rest, Integer::parseInt);
        case "--seconds" -> seconds = number(option, rest, Double::parseDouble);
        case "--json" -> json = true;
        default ->
          throw new IllegalArgumentException(
              "unknown option " + option + "; allowed: --subscribers, --seconds, --json");
      }
    }
    return new EventsOptions(subscribers, seconds, json);
  }

  /** Reads the number after an option. */
  static <T> T number(String option, Iterator<String> rest, Function<String, T> parser) {
    String value = rest.hasNext() ? rest.next() : "";
    try {
      return parser.apply(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " \"" + value + "\"; allowed: a number");
    }
  }
}
