package io.thole.tcpprovider;

import io.thole.api.Escaped;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what is written about strangers, who may come as often as they like: {@value #LINES} lines a second, and then a
 * count. Confined to one thread; holds no clock and no logger.
 */
final class StrangerLog {
  private static final int LINES = 10;
  private static final long SECOND_NANOS = 1_000_000_000;

  private long beganNanos;
  private int lines;
  private int unsaid;

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
   * @param line what happened
   * @param nowNanos the time, in nanoseconds
   * @return the lines to write now, each printable ASCII of at most {@link Escaped#LONGEST} characters
   */
  List<String> onStranger(String line, long nowNanos) {
    List<String> due = new ArrayList<>(onTime(nowNanos));
    if (lines < LINES) {
      lines++;
      String plain = Escaped.plain(line);
      due.add(plain.substring(0, Math.min(plain.length(), Escaped.LONGEST)));
    } else {
      unsaid++;
    }
    return due;
  }

  /** Tells whether a count will be due. */
  boolean waits() {
    return unsaid > 0;
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
    lines = unsaid > 0 ? 1 : 0;
    List<String> due = unsaid > 0 ? List.of("refused " + unsaid + " more connections") : List.of();
    unsaid = 0;
    return due;
  }
}
