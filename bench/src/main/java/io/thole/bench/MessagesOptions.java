package io.thole.bench;

import java.util.Iterator;
import java.util.List;

/**
 * How messages are measured.
 *
 * @param rounds how often each burst is repeated, 1 to 100
 * @param seconds how long a burst takes, 0.01 to 60
 * @param warmUp the same, of those before the first round
 * @param json whether a program reads the result
 */
record MessagesOptions(int rounds, double seconds, double warmUp, boolean json) {
  MessagesOptions {
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("--rounds " + rounds + "; allowed: 1..100");
    }
    check("--seconds", seconds);
    check("--warm-up", warmUp);
  }

  /**
   * Reads what a person typed.
   *
   * @throws IllegalArgumentException with the option, its value and what is allowed
   */
  static MessagesOptions parse(List<String> words) {
    int rounds = 3;
    double seconds = 1;
    double warmUp = 2;
    boolean json = false;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--rounds" -> rounds = EventsOptions.number(option, rest, Integer::parseInt);
        case "--seconds" -> seconds = EventsOptions.number(option, rest, Double::parseDouble);
        case "--warm-up" -> warmUp = EventsOptions.number(option, rest, Double::parseDouble);
        case "--json" -> json = true;
        default ->
          throw new IllegalArgumentException(
              "unknown option " + option + "; allowed: --rounds, --seconds, --warm-up, --json");
      }
    }
    return new MessagesOptions(rounds, seconds, warmUp, json);
  }

  private static void check(String option, double seconds) {
    if (!(seconds >= 0.01 && seconds <= 60)) {
      throw new IllegalArgumentException(option + " " + seconds + "; allowed: 0.01..60");
    }
  }
}
