package io.thole.tcpprovider;

import io.thole.api.Escaped;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Decides what is written about strangers, who may come as often as they like: {@value #LINES} lines a second, and then a
 * count, by reason. Confined to one thread; holds no clock and no logger.
 */
final class StrangerLog {
  private static final int LINES = 10;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final Map<RefusalKind, Integer> unsaid = new EnumMap<>(RefusalKind.class);
  private long beganNanos;
  private int lines;

  /**
   * Begins.
   *
   * @param nowNanos the time, in nanoseconds
   */
  StrangerLog(long nowNanos) {
    beganNanos = nowNanos;
  }

  /**
   * Takes a line.
   *
   * @param refusal under which to count it
   * @param line what happened
   * @param nowNanos the time, in nanoseconds
   * @return the lines to write now, each printable ASCII of at most {@link Escaped#LONGEST} characters
   */
  List<String> onStranger(RefusalKind refusal, String line, long nowNanos) {
    List<String> due = new ArrayList<>(onTime(nowNanos));
    if (lines < LINES) {
      lines++;
      due.add(shortened(Escaped.plain(line)));
    } else {
      unsaid.merge(refusal, 1, Integer::sum);
    }
    return due;
  }

  /** Tells whether a count will be due. */
  boolean waits() {
    return !unsaid.isEmpty();
  }

  /**
   * Lets time pass.
   *
   * @param nowNanos the time, in nanoseconds
   * @return the count that is due, if there is one
   */
  List<String> onTime(long nowNanos) {
    if (nowNanos - beganNanos < SECOND_NANOS) {
      return List.of();
    }
    beganNanos = nowNanos;
    lines = waits() ? 1 : 0;
    List<String> due = waits() ? List.of(shortened(count())) : List.of();
    unsaid.clear();
    return due;
  }

  private String count() {
    int all = unsaid.values().stream().mapToInt(Integer::intValue).sum();
    return "refused " + all + " more connections: "
        + unsaid.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String shortened(String line) {
    return line.substring(0, Math.min(line.length(), Escaped.LONGEST));
  }
}
