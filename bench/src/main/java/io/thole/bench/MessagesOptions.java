package io.thole.bench;

import io.thole.bench.MessageFigures.What;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * How messages are measured.
 *
 * @param rounds how often each burst is repeated, 1 to 100
 * @param seconds how long a burst takes, 0.01 to 60
 * @param warmUp the same, of those before the first round
 * @param rows what is measured, in this order
 * @param tls whether the messages of Thole are encrypted; those of the floor never are
 * @param json whether a program reads the result
 */
record MessagesOptions(
    int rounds, double seconds, double warmUp, List<What> rows, boolean tls, boolean json) {
  MessagesOptions {
    if (rounds < 1 || rounds > 100) {
      throw new IllegalArgumentException("--rounds " + rounds + "; allowed: 1..100");
    }
    rows = List.copyOf(rows);
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
    List<What> rows = List.of(What.values());
    boolean tls = false;
    boolean json = false;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--rounds" -> rounds = EventsOptions.number(option, rest, Integer::parseInt);
        case "--seconds" -> seconds = EventsOptions.number(option, rest, Double::parseDouble);
        case "--warm-up" -> warmUp = EventsOptions.number(option, rest, Double::parseDouble);
        case "--rows" -> rows = EventsOptions.number(option, rest, MessagesOptions::rows);
        case "--tls" -> tls = true;
        case "--json" -> json = true;
        default ->
          throw new IllegalArgumentException("unknown option " + option
              + "; allowed: --rounds, --seconds, --warm-up, --rows, --tls," + " --json");
      }
    }
    return new MessagesOptions(rounds, seconds, warmUp, rows, tls, json);
  }

  private static List<What> rows(String words) {
    List<String> wanted = List.of(words.split(","));
    List<String> known = Arrays.stream(What.values()).map(What::word).toList();
    if (!known.containsAll(wanted)) {
      throw new IllegalArgumentException("--rows " + words + "; allowed: some of " + known);
    }
    return Arrays.stream(What.values())
        .filter(what -> wanted.contains(what.word()))
        .toList();
  }

  private static void check(String option, double seconds) {
    if (!(seconds >= 0.01 && seconds <= 60)) {
      throw new IllegalArgumentException(option + " " + seconds + "; allowed: 0.01..60");
    }
  }
}
