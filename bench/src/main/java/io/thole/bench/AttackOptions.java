package io.thole.bench;

import java.util.Iterator;
import java.util.List;

/**
 * How a node is attacked.
 *
 * @param seconds for how long, 1 to 3600
 * @param mebibytes the largest heap of the node, 32 to 4096
 * @param limit how many mebibytes may be resident, 64 to 65536
 * @param json whether a program reads the result
 */
record AttackOptions(double seconds, int mebibytes, int limit, boolean json) {
  AttackOptions {
    if (!(seconds >= 1 && seconds <= 3_600)) {
      throw new IllegalArgumentException("--seconds " + seconds + "; allowed: 1..3600");
    }
    if (mebibytes < 32 || mebibytes > 4_096) {
      throw new IllegalArgumentException("--heap " + mebibytes + "; allowed: 32..4096");
    }
    if (limit < 64 || limit > 65_536) {
      throw new IllegalArgumentException("--limit " + limit + "; allowed: 64..65536");
    }
  }

  /**
   * Reads what a person typed.
   *
   * @throws IllegalArgumentException with the option, its value and what is allowed
   */
  static AttackOptions parse(List<String> words) {
    double seconds = 60;
    int mebibytes = 128;
    int limit = 320;
    boolean json = false;
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--seconds" -> seconds = EventsOptions.number(option, rest, Double::parseDouble);
        case "--heap" -> mebibytes = EventsOptions.number(option, rest, Integer::parseInt);
        case "--limit" -> limit = EventsOptions.number(option, rest, Integer::parseInt);
        case "--json" -> json = true;
        default ->
          throw new IllegalArgumentException(
              "unknown option " + option + "; allowed: --seconds, --heap, --limit, --json");
      }
    }
    return new AttackOptions(seconds, mebibytes, limit, json);
  }
}
