package io.thole.testkit.swarm;

import java.util.EnumSet;
import java.util.Set;

/** What a plan of faults explains: an outcome that nobody knows, or that there was no room, is none where nothing went wrong. */
final class Excuses {
  /** For how long after its end a fault may still be felt: TCP takes 15 s to give a silent connection up, and 5 s to try again. */
  private static final long FELT_NANOS = 21_000_000_000L;

  /** These are felt by every message. */
  private static final Set<Fault> EVERYWHERE = EnumSet.of(
      Fault.DELAY, Fault.LOSS, Fault.PARTITION, Fault.FLIP_FLOP, Fault.ALL_AT_ONCE, Fault.CORRUPT);

  /** These by what comes from or goes to one of two places. */
  private static final Set<Fault> THERE = EnumSet.of(
      Fault.ONE_WAY,
      Fault.NON_TRANSITIVE,
      Fault.SLOW,
      Fault.PAUSE,
      Fault.CRASH,
      Fault.RESTART,
      Fault.SWAP_ADDRESSES,
      Fault.LEAVE,
      Fault.OVERFLOW,
      Fault.SILENT_DROP,
      Fault.BLOCK,
      Fault.SLOW_HANDLER);

  private final FaultPlan plan;

  Excuses(FaultPlan plan) {
    this.plan = plan;
  }

  /**
   * Tells whether something that went wrong explains an outcome.
   *
   * @param from where it was published
   * @param to where it should have been handled, or a negative number where that is not known
   * @param publishedNanos when it was published
   * @param toldNanos when its outcome was told
   */
  boolean explain(int from, int to, long publishedNanos, long toldNanos) {
    return plan.disturbances().stream()
        .filter(each ->
            each.startNanos() <= toldNanos && publishedNanos <= each.endNanos() + FELT_NANOS)
        .anyMatch(each -> EVERYWHERE.contains(each.fault())
            || (THERE.contains(each.fault())
                && (to < 0 || touches(each, from) || touches(each, to))));
  }

  private static boolean touches(Disturbance each, int place) {
    return each.place() == place || each.other() == place;
  }
}
