package io.thole.api;

import java.util.List;

/**
 * What a hand-over from one provider to another did.
 *
 * @param from the provider that ran before, or {@code none}
 * @param to the provider that runs now
 * @param joined the addresses that only the new view has
 * @param left the addresses that only the old view had
 * @param version the version of the view after the hand-over
 * @param pauseNanos how long no provider's facts were applied, in nanoseconds
 */
public record SwapReport(
    String from,
    String to,
    List<Authority> joined,
    List<Authority> left,
    long version,
    long pauseNanos) {
  /** Copies and sorts the lists. */
  public SwapReport {
    joined = Sorted.copy(joined);
    left = Sorted.copy(left);
  }
}
